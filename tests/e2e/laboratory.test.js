'use strict';
// A run whose physical actions go to a laboratory's HTTP server, over real sockets throughout.

const assert = require('node:assert/strict');
const {describe, test} = require('node:test');

const {Bench} = require('./lib/bench.js');
const {LabStub} = require('./lib/lab_stub.js');
const {executable} = require('./lib/program.js');

// Where no clock, but the simulator's own reactions decide how long things take.
const TIMES = {quiet_time: 2, connection_timeout: 5, boot_interval: 3, heartbeat_interval: 10};

async function laboratory(t, options, adapters = ['http']) {
  const bench = new Bench(t, {pixit: {...TIMES, rig: {adapters: ['console']}}});
  const lab = new LabStub(t, bench.control, options);
  bench.values.rig = {adapters, http: await lab.listen(), command: [executable, 'act', '--control', bench.control], timeout: 20};
  bench.writePixit();
  return {bench, lab};
}

const doneBy = bench => bench.records().filter(r => r.kind === 'rig_done').map(r => [r.action, r.adapter, r.outcome].join(' '));

describe('laboratory', {concurrency: true}, () => {
  test('HttpRig__ServerOfALaboratory__PerformsEveryActionOfTheCases', async t => {
    const cases = ['TC_003_CS', 'TC_005_2_CS', 'TC_023_CS'];
    const {bench, lab} = await laboratory(t);
    const harness = bench.run(cases);
    await bench.simulate();
    await harness.endsWith(0, 150_000);
    for (const id of cases) assert.equal(bench.result(id).verdict, 'pass', `${id}: ${bench.result(id).reason}`);
    for (const call of ['/station/plugin halfway=false&evse_id=1&connector_id=1', '/vehicle/plugin', '/vehicle/plugout',
                        '/station/plugout evse_id=1&connector_id=1',
                        '/station/authorize id=PLUGPROOF01&type=Central&evse_id=1&connector_id=1'])
      assert.ok(lab.calls.includes(call), `${call} is not among\n${lab.calls.join('\n')}`);
    assert.deepEqual([...new Set(doneBy(bench).map(text => text.split(' ').slice(1).join(' ')))], ['http done']);
  });

  test('HttpRig__OperationThatTheServerLacks__AskedOfTheNextAdapter', async t => {
    const {bench, lab} = await laboratory(t, {lacks: ['authorize']}, ['http', 'command']);
    const harness = bench.run(['TC_003_CS']);
    await bench.simulate();
    await harness.endsWith(0);
    assert.deepEqual(doneBy(bench), ['plug_in http done', 'present_id command done', 'plug_out http done']);
    assert.ok(lab.calls.some(call => call.startsWith('/station/authorize')));
  });

  test('HttpRig__ServerThatRefuses__InconclusiveWithItsWords', async t => {
    const {bench} = await laboratory(t);
    bench.values.rig.http.headers = {};
    bench.writePixit();
    const harness = bench.run(['TC_003_CS']);
    await bench.simulate();
    await harness.endsWith(3);
    assert.equal(bench.result('TC_003_CS').verdict, 'inconc');
    assert.match(bench.result('TC_003_CS').reason, /answered 401 to plugin: the key is missing/);
  });

  test('HttpRig__InterruptedWhileTheServerHangs__EndsAtOnce', async t => {
    const {bench, lab} = await laboratory(t, {hang: true});
    const harness = bench.run(['TC_003_CS']);
    const called = lab.nextCall();
    await bench.simulate();
    await called;
    harness.child.kill('SIGINT');
    await harness.endsWith(130, 10_000);
    assert.equal(bench.records().at(-1).outcome, 'interrupted');
  });
});
