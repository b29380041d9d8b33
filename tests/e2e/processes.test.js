'use strict';
// The program as its users meet it: a run that waits for a charge point on a real socket, the reference charge point as
// another process, and everything that can go wrong between the two.

const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const {once} = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const {describe, test} = require('node:test');

const {Bench, PICS} = require('./lib/bench.js');
const {Program, executable, plugproof} = require('./lib/program.js');

const REPORTS = ['abstract.html', 'abstract.md', 'junit.xml', 'report.html', 'report.md', 'results.json', 'results.tap'];

async function verified(t, bench) {
  const verify = plugproof(t, ['verify', bench.runFolder]);
  await verify.endsWith(0);
  assert.match(verify.stdout, /the chain of digests holds/);
  // On real time too: every record comes out the same.
  const rejudge = plugproof(t, ['rejudge', bench.runFolder]);
  await rejudge.endsWith(0);
  assert.match(rejudge.stdout, /all as recorded/);
  await plugproof(t, ['rejudge', '--diff', bench.runFolder]).endsWith(0);
}

async function rebuiltTheSame(t, bench) {
  const before = bench.files();
  await plugproof(t, ['report', bench.runFolder]).endsWith(0);
  assert.deepEqual(bench.files(), before);
}

// The status of an upgrade request that asks for these subprotocols.
function upgrade(url, subprotocols) {
  return new Promise((resolve, reject) => {
    const request = http.request(url.replace(/^ws/, 'http'), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
        ...(subprotocols && {'Sec-WebSocket-Protocol': subprotocols}),
      },
    });
    request.on('response', response => {
      response.resume();
      resolve({status: response.statusCode, headers: response.headers});
    });
    request.on('upgrade', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({status: response.statusCode, headers: response.headers, socket});
    });
    request.on('error', reject);
    request.end();
  });
}

describe('processes', {concurrency: true}, () => {
  test('Run__SimulatorInAnotherProcess__EveryCasePassesAndTheEvidenceHolds', async t => {
    // In running order: those that share a preparation come one after the other.
    const cases = ['TC_003_CS', 'TC_010_CS', 'TC_028_CS', 'TC_012_CS', 'TC_011_1_CS', 'TC_013_CS', 'TC_017_2_CS', 'TC_019_CS', 'TC_021_CS',
                   'TC_027_CS', 'TC_031_CS'];
    const bench = new Bench(t);
    const harness = bench.run(cases);
    await bench.simulate();
    await harness.endsWith(0, 120_000);

    const run = bench.results().cases.filter(c => c.verdict !== 'not_run' && c.verdict !== 'not_applicable');
    assert.deepEqual(run.map(c => [c.id, c.verdict]), cases.map(id => [id, 'pass']));
    for (const id of cases) assert.match(harness.stdout, new RegExp(`^PASS +${id} `, 'm'));
    assert.equal(harness.stderr, '');
    assert.deepEqual([...bench.files().keys()], ['abstract.html', 'abstract.md', 'journal.jsonl', ...REPORTS.slice(2)]);
    assert.match(bench.records()[0].instance, /^[0-9a-f]{32}$/);
    execFileSync('xmllint', ['--noout', path.join(bench.runFolder, 'junit.xml')]);
    await verified(t, bench);
    await rebuiltTheSame(t, bench);
  });

  test('Run__DefectInTheOtherProcess__ThatCaseFailsAndOnlyThat', async t => {
    const bench = new Bench(t);
    const harness = bench.run(['TC_017_2_CS', 'TC_021_CS']);
    await bench.simulate({more: ['--defect', 'unlock-fixed-cable']});
    await harness.endsWith(1);
    assert.equal(bench.result('TC_017_2_CS').verdict, 'fail');
    assert.equal(bench.result('TC_021_CS').verdict, 'pass');
    assert.match(harness.stdout, /^FAIL +TC_017_2_CS .*\n +UnlockConnector: .*expected "NotSupported", got "Unlocked"$/m);
    assert.match(harness.stdout, /^ +Expected +"NotSupported"\n +Actual +"Unlocked"$/m);
    await verified(t, bench);
  });

  test('Run__NothingConnects__InconclusiveAndNeverPass', async t => {
    const bench = new Bench(t, {pixit: {connect_timeout: 2, reboot_timeout: 1}});
    const harness = bench.run(['TC_017_2_CS', 'TC_021_CS']);
    await harness.endsWith(3);
    for (const id of ['TC_017_2_CS', 'TC_021_CS']) {
      assert.equal(bench.result(id).verdict, 'inconc');
      assert.match(bench.result(id).reason, /no charge point connected/);
    }
    const {outcome, counts} = bench.records().at(-1);
    assert.deepEqual([outcome, counts.pass, counts.inconc], ['aborted', 0, 2]);
    await rebuiltTheSame(t, bench);
  });

  test('Run__PortTaken__StatusTwoWithPortAndRemedy', async t => {
    const other = net.createServer();
    await new Promise(resolve => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const bench = new Bench(t);
    const {port} = other.address();
    const harness = bench.run(['TC_021_CS'], {more: ['--port', String(port)]});
    await harness.endsWith(2);
    assert.match(harness.stderr, new RegExp(`127\\.0\\.0\\.1 port ${port}: Address already in use; .*choose another port`));
    assert.throws(() => bench.files(), {code: 'ENOENT'});
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`Run__${signal}InTheMiddleOfACase__JournalEndsAndReportsStand`, async t => {
      const bench = new Bench(t, {pixit: {quiet_time: 60}});
      const harness = bench.run(['TC_021_CS', 'TC_027_CS']);
      await bench.simulate();
      await harness.output(/PASS +TC_021_CS/);
      harness.child.kill(signal);
      await harness.endsWith(130);
      const end = bench.records().at(-1);
      assert.deepEqual([end.kind, end.outcome, end.exit_status], ['end', 'interrupted', 130]);
      assert.match(end.reason, new RegExp(signal));
      assert.equal(bench.result('TC_021_CS').verdict, 'pass');
      assert.notEqual(bench.result('TC_027_CS').verdict, 'pass');
      await verified(t, bench);
      await rebuiltTheSame(t, bench);
    });
  }

  test('Run__InterruptedBeforeAnythingConnects__StatusOfAnInterruption', async t => {
    const bench = new Bench(t);
    const harness = bench.run(['TC_021_CS']);
    await bench.url();
    harness.child.kill('SIGINT');
    await harness.endsWith(130);
    assert.notEqual(bench.result('TC_021_CS').verdict, 'pass');
    await verified(t, bench);
  });

  test('Run__InterruptedDuringARigProgram__TheProgramEndsToo', async t => {
    const bench = new Bench(t);
    // Says its process id, then waits for a writer that never comes.
    const started = path.join(bench.folder, 'started');
    execFileSync('mkfifo', [started, path.join(bench.folder, 'never')]);
    const script = `echo $$ > '${started}'; exec cat '${bench.folder}/never'`;
    bench.setRig(['sh', '-c', script]);
    const harness = bench.run(['TC_003_CS']);
    await bench.simulate();
    const pid = Number(await fs.promises.readFile(started, 'utf8'));
    assert.ok(process.kill(pid, 0));
    harness.child.kill('SIGINT');
    await harness.endsWith(130);
    assert.throws(() => process.kill(pid, 0), {code: 'ESRCH'});
    await verified(t, bench);
  });

  test('Run__KilledOutright__WhatWasRecordedStillReports', async t => {
    const bench = new Bench(t, {pixit: {quiet_time: 60}});
    const harness = bench.run(['TC_021_CS', 'TC_027_CS']);
    await bench.simulate();
    await harness.output(/PASS +TC_021_CS/);
    harness.child.kill('SIGKILL');
    assert.equal(await harness.end(), 'SIGKILL');
    await verified(t, bench);
    await plugproof(t, ['report', bench.runFolder]).endsWith(0);
    assert.equal(bench.result('TC_021_CS').verdict, 'pass');
    assert.notEqual(bench.result('TC_027_CS').verdict, 'pass');
    assert.notEqual(bench.results().outcome, 'complete');
  });

  test('Run__ChargePointKilledInTheMiddle__InconclusiveWithTheReason', async t => {
    const bench = new Bench(t, {pixit: {reboot_timeout: 2, quiet_time: 10}});
    const harness = bench.run(['TC_021_CS', 'TC_027_CS', 'TC_031_CS']);
    const simulator = await bench.simulate();
    await harness.output(/PASS +TC_021_CS/);
    simulator.child.kill('SIGKILL');
    await harness.endsWith(3);
    assert.equal(bench.result('TC_021_CS').verdict, 'pass');
    for (const id of ['TC_027_CS', 'TC_031_CS']) {
      assert.equal(bench.result(id).verdict, 'inconc', bench.result(id).reason);
      assert.match(bench.result(id).reason, /connection/);
    }
    // A reset when something that it never read was waiting for it.
    assert.ok(bench.records().some(r => r.kind === 'closed' && ['dropped', 'reset'].includes(r.how)));
  });

  test('Run__WrongIdentity__RefusedWith404AndTheRightOneIsServed', async t => {
    const bench = new Bench(t);
    const harness = bench.run(['TC_021_CS']);
    const {status} = await upgrade((await bench.url()) + 'CP002', 'ocpp1.6');
    assert.equal(status, 404);
    await bench.simulate();
    await harness.endsWith(0);
    const refused = bench.records().find(r => r.kind === 'refused');
    assert.equal(refused.status, 404);
    assert.match(refused.reason, /'CP001', not 'CP002'/);
  });

  for (const [offered, what] of [['ocpp2.0.1', 'Another'], ['', 'No']]) {
    test(`Run__${what}Subprotocol__ClosedAndHeldAgainstTheChargePoint`, async t => {
      const bench = new Bench(t, {pixit: {connect_timeout: 10, reboot_timeout: 1}});
      const harness = bench.run(['TC_021_CS']);
      const answer = await upgrade((await bench.url()) + 'CP001', offered);
      assert.equal(answer.status, 101);
      assert.equal(answer.headers['sec-websocket-protocol'], undefined);
      const [frame] = await once(answer.socket, 'data');
      assert.deepEqual([frame[0], frame.readUInt16BE(2)], [0x88, 1002]);
      answer.socket.destroy();
      await harness.endsWith(1);
      const finding = bench.records().find(r => r.kind === 'finding' && r.monitor === 'subprotocol');
      assert.equal(finding.severity, 'fail');
      assert.notEqual(bench.result('TC_021_CS').verdict, 'pass');
    });
  }

  test('ConsoleRig__NoTerminal__InconclusiveWithTheReason', async t => {
    const bench = new Bench(t, {pixit: {rig: {adapters: ['console']}}});
    const harness = bench.run(['TC_003_CS']);
    await bench.simulate();
    await harness.endsWith(3);
    assert.equal(bench.result('TC_003_CS').verdict, 'inconc');
    assert.match(bench.result('TC_003_CS').reason, /no terminal to ask a person at/);
  });

  test('ConsoleRig__PersonAtATerminal__PromptedAndBelieved', async t => {
    const bench = new Bench(t, {pixit: {rig: {adapters: ['console']}}});
    const words = [executable, ...bench.runArguments(['TC_003_CS'])];
    const quoted = words.map(word => `'${word}'`).join(' ');
    const terminal = new Program(t, 'script', ['--quiet', '--return', '--command', quoted, '/dev/null'], {stdin: 'pipe'});
    bench.harness = terminal;
    await bench.simulate();
    // What the person is asked, does, and confirms with Enter.
    const tasks = [
      [/>> Connect the vehicle and connector 1 with the cable/, ['plug_in', 'connector=1']],
      [/>> Present the identification PLUGPROOF01 for connector 1/, ['present_id', 'connector=1', 'id_tag=PLUGPROOF01']],
      [/>> Take the cable of connector 1 away/, ['plug_out', 'connector=1']],
    ];
    let read = 0;
    for (const [prompt, action] of tasks) {
      await terminal.output(prompt, {from: read});
      await terminal.output(/Press Enter when it is done/, {from: read});
      read = terminal.stdout.length;
      await plugproof(t, ['act', '--control', bench.control, ...action]).endsWith(0);
      terminal.child.stdin.write('\r');
    }
    await terminal.endsWith(0);
    assert.equal(bench.result('TC_003_CS').verdict, 'pass');
    assert.match(terminal.stdout, /\[1\/1\] TC_003_CS {2}Session with the cable plugged in first/);
  });

  test('ConsoleRig__PersonCannotDoIt__Inconclusive', async t => {
    const bench = new Bench(t, {pixit: {rig: {adapters: ['console']}}});
    const quoted = [executable, ...bench.runArguments(['TC_003_CS'])].map(word => `'${word}'`).join(' ');
    const terminal = new Program(t, 'script', ['--quiet', '--return', '--command', quoted, '/dev/null'], {stdin: 'pipe'});
    bench.harness = terminal;
    await bench.simulate();
    await terminal.output(/type s and Enter/);
    terminal.child.stdin.write('s\r');
    await terminal.endsWith(3);
    assert.equal(bench.result('TC_003_CS').verdict, 'inconc');
    assert.match(bench.result('TC_003_CS').reason, /the operator could not perform it/);
  });

  for (const [what, command, reason] of [
    ['ProgramMissing', ['/nowhere/rig'], /'\/nowhere\/rig' cannot be started: No such file or directory/],
    ['ProgramFails', ['sh', '-c', 'echo relay 3 does not answer; exit 7'], /status 7: relay 3 does not answer/],
    ['ProgramDoesNotKnowTheAction', ['sh', '-c', 'exit 64'], /does not know this action/],
    ['ProgramHangs', ['sh', '-c', 'exec tail -f /dev/null'], /2 s/],
  ]) {
    test(`CommandRig__${what}__InconclusiveWithTheReason`, async t => {
      const bench = new Bench(t, {pixit: {rig: {adapters: ['command'], command, timeout: 2}}});
      const harness = bench.run(['TC_003_CS']);
      await bench.simulate();
      await harness.endsWith(3);
      assert.equal(bench.result('TC_003_CS').verdict, 'inconc');
      assert.match(bench.result('TC_003_CS').reason, reason);
    });
  }

  test('Simulate__NoServer__KeepsTryingAndEndsOnSigterm', async t => {
    const simulator = plugproof(t, ['simulate', '--pics', PICS, 'ws://127.0.0.1:1/CP001']);
    await simulator.output(/booting/);
    simulator.child.kill('SIGTERM');
    await simulator.endsWith(0);
  });
});
