'use strict';
// plugproof against a charge point on ocpp-rpc in strict mode, over a real socket: that library finds nothing wrong with
// any message of ours, and the cases pass.

const assert = require('node:assert/strict');
const net = require('node:net');
const path = require('node:path');
const test = require('node:test');

const {NodeChargePoint} = require('./lib/node_charge_point.js');
const {Bench} = require('../e2e/lib/bench.js');

// What needs no more than this charge point has.
const CASES = [
  'TC_003_CS', 'TC_004_1_CS', 'TC_004_2_CS', 'TC_010_CS', 'TC_011_1_CS', 'TC_011_2_CS', 'TC_012_CS', 'TC_013_CS', 'TC_014_CS',
  'TC_015_CS', 'TC_016_CS', 'TC_017_2_CS', 'TC_018_2_CS', 'TC_019_CS', 'TC_021_CS', 'TC_023_CS', 'TC_026_CS', 'TC_027_CS',
  'TC_028_CS', 'TC_031_CS', 'TC_040_1_CS', 'TC_040_2_CS', 'TC_068_CS', 'TC_069_CS',
  // Local Authorization List Management
  'TC_008_CS', 'TC_042_2_CS', 'TC_043_CS', 'TC_043_2_CS', 'TC_043_3_CS',
  // Remote Trigger
  'TC_054_CS', 'TC_055_CS',
  // Reservation
  'TC_046_1_CS', 'TC_046_2_CS', 'TC_048_1_CS', 'TC_048_2_CS', 'TC_048_3_CS', 'TC_049_CS', 'TC_050_2_CS', 'TC_050_3_CS', 'TC_051_CS', 'TC_052_CS',
  'TC_053_CS',
];
// What the edition 2025-11 has in their place.
const CASES_OF_2025_11 = ['TC_008_1_CS', 'TC_008_2_CS', 'TC_053_1_CS', 'TC_053_2_CS'];

// Intervals and waits of the suite, as short as they go.
const TIMES = {connection_timeout: 5, interval_tolerance: 2, reboot_timeout: 20, transaction_duration: 1};

// Takes the actions of rig_client.js for `chargePoint`.
function serveActions(t, socketPath, chargePoint) {
  const server = net.createServer({allowHalfOpen: true}, socket => {
    let line = '';
    socket.setEncoding('utf8').on('data', text => {
      line += text;
    });
    socket.on('end', async () => {
      const [action, ...words] = line.trim().split(' ');
      const values = Object.fromEntries(words.map(word => word.split('=')));
      try {
        await chargePoint.act(action, values);
        socket.end('done\n');
      } catch (error) {
        socket.end(`${error.message}\n`);
      }
    });
  });
  t.after(() => server.close());
  return new Promise(resolve => server.listen(socketPath, resolve));
}

async function passesEvery(t, cases, edition) {
  const bench = new Bench(t, {pixit: TIMES});
  bench.setRig([process.execPath, path.join(__dirname, 'lib', 'rig_client.js'), bench.control]);
  const harness = bench.run(cases, {more: ['--edition', edition]});
  const chargePoint = new NodeChargePoint((await bench.url()).replace(/\/$/, ''), 'CP001');
  t.after(() => chargePoint.close());
  await serveActions(t, bench.control, chargePoint);
  await chargePoint.start();
  await harness.endsWith(0, 150_000);

  assert.deepEqual(chargePoint.violations, []);
  assert.deepEqual(chargePoint.errors, []);
  const results = bench.results().cases.filter(c => cases.includes(c.id));
  assert.deepEqual(results.map(c => c.id).sort(), [...cases].sort());
  for (const {id, verdict, reason, decision} of results) assert.equal(verdict, 'pass', `${id}: ${decision}, ${reason}`);
  assert.ok(chargePoint.calls > cases.length, `only ${chargePoint.calls} calls came`);
  t.diagnostic(`${chargePoint.calls} calls of ours and all of our answers were valid to ocpp-rpc, in ${results.length} cases`);
}

test('Harness__StrictChargePointOfAnotherLibrary__NoViolationAndEveryCasePasses', t => passesEvery(t, CASES, '2024-04'));
test('Harness__ItsCasesOfTheNewerEdition__NoViolationAndEveryCasePasses', t => passesEvery(t, CASES_OF_2025_11, '2025-11'));

test('NodeChargePoint__InvalidCallOfACentralSystem__IsAViolation', async t => {
  const {RPCServer} = require('ocpp-rpc');
  const server = new RPCServer({protocols: ['ocpp1.6']});
  const called = new Promise(resolve => {
    server.on('client', client => {
      client.handle('BootNotification', () => ({status: 'Accepted', currentTime: new Date().toISOString(), interval: 300}));
      client.handle('StatusNotification', () => ({}));
      client.call('Reset', {type: 'Lukewarm'}).catch(resolve);
    });
  });
  const listening = await server.listen(0, '127.0.0.1');
  t.after(() => server.close({force: true}));
  const chargePoint = new NodeChargePoint(`ws://127.0.0.1:${listening.address().port}`, 'CP001');
  t.after(() => chargePoint.close());
  await chargePoint.start();
  await called;
  assert.deepEqual(chargePoint.violations.map(v => [v.method, v.outbound]), [['Reset', false]]);
});
