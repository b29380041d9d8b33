'use strict';
// A run that is killed, interrupted or torn goes on with `run --resume`: with a charge point on a real socket that lives
// on and keeps what it was left in, and with processes that are killed while they write.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const {describe, test} = require('node:test');

const {Bench, PICS} = require('./lib/bench.js');
const {plugproof, project, scratch} = require('./lib/program.js');

// Numbers as if drawn, the same each time: mulberry32.
function drawing(seed) {
  return (low, high) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + ((t ^ (t >>> 14)) >>> 0) % (high - low + 1);
  };
}

// A port that the charge point finds again after the harness was restarted.
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Resolves once `holds` says so of the journal, or the program has ended.
async function journal(bench, harness, holds) {
  const file = path.join(bench.runFolder, 'journal.jsonl');
  // What it says first it says when the journal is there.
  if (!fs.existsSync(file)) await harness.output(/Waiting for|is connected/);
  // A charge point that tells its statuses to nobody any more is waited for once in every attempt.
  await bench.seen(() => holds(file), {harness, deadline: 300_000});
}

// What a resumed run may take: it waits for a registration and for statuses that may have come while nobody recorded them.
const RESUMED = 180_000;

const grownTo = bytes => file => fs.statSync(file).size >= bytes;
const holding = text => file => fs.readFileSync(file, 'utf8').includes(text);

async function killed(program) {
  program.child.kill('SIGKILL');
  return program.end();
}

const resume = (bench, more = []) => {
  bench.harness = plugproof(bench.t, ['run', '--resume', bench.runFolder, ...more]);
  return bench.harness;
};

const plain = failure => ({...failure, frame: undefined});
// Transaction ids and the number of periodic messages in a window are not the same twice.
const steady = value => JSON.parse(JSON.stringify(value).replace(/\b\d{5,6}\b|all \d+ checks/g, '#'));
function verdicts(bench) {
  return new Map(bench.records().filter(r => r.kind === 'verdict').map(
    r => [r.id, steady([r.verdict, r.reason, r.failures.map(plain)])]));
}

async function sound(bench) {
  const records = bench.records();
  let previous = '0'.repeat(64);
  for (const line of bench.text().split('\n').slice(0, -1)) {
    assert.equal(JSON.parse(line).prev, previous);
    previous = crypto.createHash('sha256').update(line).digest('hex');
  }
  let latest = 0, least = 0;
  for (const record of records) {
    if (record.kind === 'resume') least = latest;
    assert.ok(record.t >= least, `record ${record.seq} lies before the interruption`);
    latest = Math.max(latest, record.t);
  }
  const calls = records.filter(r => r.kind === 'out' && r.type === 'call').map(r => r.id);
  assert.equal(new Set(calls).size, calls.length, 'a message id was used twice');
  const given = records.filter(r => r.kind === 'out' && r.type === 'result' && r.action === 'StartTransaction')
                    .map(r => JSON.parse(r.text)[2].transactionId);
  assert.equal(new Set(given).size, given.length, 'a transaction id was given twice');
  for (const more of [[], ['--diff']]) await plugproof(bench.t, ['rejudge', ...more, bench.runFolder]).endsWith(0);
}

async function realBench(t, options = {}) {
  const port = await freePort();
  return new Bench(t, {...options, pixit: {port, reboot_timeout: 20, ...options.pixit}});
}

const SHORT = ['TC_003_CS', 'TC_004_1_CS', 'TC_010_CS', 'TC_011_1_CS', 'TC_012_CS', 'TC_017_2_CS', 'TC_019_CS', 'TC_021_CS',
               'TC_042_1_CS', 'TC_046_2_CS', 'TC_057_CS', 'TC_067_CS'];

describe('resume', {concurrency: true}, () => {
  for (const seed of [1, 2]) {
    test(`RealTime__KilledAtTenPoints${seed}__VerdictsOfTheUninterruptedRun`, async t => {
      const draw = drawing(seed);
      const bench = await realBench(t, {name: 'whole'});
      const whole = bench.run(SHORT);
      // A new charge point for each run: who is connected since long sends no BootNotification, and is waited for.
      const chargePoint = () => bench.simulate({more: ['--defect', 'unlock-fixed-cable']});
      let simulator = await chargePoint();
      await whole.endsWith(1, 120_000);
      const wanted = verdicts(bench);
      assert.equal(wanted.get('TC_017_2_CS')[0], 'fail');

      let kills = 0;
      for (let run = 1; kills < 10; ++run) {
        bench.name = `killed-${run}`;
        await killed(simulator);
        fs.rmSync(bench.control, {force: true});
        let harness = bench.run(SHORT);
        simulator = await chargePoint();
        await journal(bench, harness, grownTo(draw(35_000, 80_000)));
        await killed(harness);
        for (++kills; kills < 10; ++kills) {
          const file = path.join(bench.runFolder, 'journal.jsonl');
          harness = resume(bench);
          await journal(bench, harness, grownTo(fs.statSync(file).size + draw(2_000, 50_000)));
          if (harness.ended) break;
          await killed(harness);
        }
        if (!harness.ended || harness.ended.signal) await resume(bench).endsWith(1, 120_000);
        assert.deepEqual(verdicts(bench), wanted);
        await sound(bench);
        const {resumed} = bench.results().run;
        assert.ok(resumed.length >= 1);
        assert.match(fs.readFileSync(path.join(bench.runFolder, 'report.html'), 'utf8'), /Attempt 2 began at/);
      }
    });
  }

  test('VirtualTime__KilledWhileWriting__VerdictsOfTheUninterruptedRun', async t => {
    const draw = drawing(3);
    const bench = new Bench(t, {name: 'whole'});
    const begin = () => plugproof(t, ['run', '--pics', PICS, '--group', 'core', '--defect', 'unlock-fixed-cable', '--out', bench.out, '--name', bench.name]);
    await begin().endsWith(1);
    const wanted = verdicts(bench);
    const size = fs.statSync(path.join(bench.runFolder, 'journal.jsonl')).size;
    let kills = 0;
    for (let i = 0; i < 20; ++i) {
      bench.name = `killed-${i}`;
      const harness = begin();
      await journal(bench, harness, grownTo(draw(40_000, size)));
      if (await killed(harness) === 'SIGKILL' && !bench.text().includes('"kind":"end"')) {
        ++kills;
        await resume(bench).endsWith(1, RESUMED);
      }
      assert.deepEqual(verdicts(bench), wanted);
      await sound(bench);
    }
    t.diagnostic(`${kills} of 20 runs were killed before their end`);
    assert.ok(kills >= 5);
  });

  test('Resume__KilledWhileAKeyIsChanged__TheKeyHasItsValueAgain', async t => {
    const bench = await realBench(t);
    const harness = bench.run(['TC_004_1_CS', 'TC_019_CS']);
    await bench.simulate();
    // The value is on its way, and the charge point has said that it took it.
    const asked = '\\"key\\":\\"MeterValueSampleInterval\\",\\"value\\":\\"15\\"';
    await journal(bench, harness, file => {
      const [, ...after] = fs.readFileSync(file, 'utf8').split(asked);
      return after.length > 0 && after.join(asked).split('\n').slice(1).some(line => line.includes('"kind":"in"') && line.includes('"action":"ChangeConfiguration"'));
    });
    await killed(harness);
    await resume(bench).endsWith(0, RESUMED);
    const records = bench.records();
    // As the charge point told it: first of all, and last in the case that reads everything.
    const told = records.filter(r => r.kind === 'in' && r.type === 'result' && r.action === 'GetConfiguration')
                     .flatMap(r => JSON.parse(r.text)[2].configurationKey ?? [])
                     .filter(k => k.key === 'MeterValueSampleInterval').map(k => k.value);
    const value = told[0];
    assert.notEqual(value, '15');
    assert.ok(told.includes('15'), 'the kill came before the charge point had taken the value');
    assert.equal(told.at(-1), value);
    const resumed = records.findIndex(r => r.kind === 'resume');
    const again = records.findIndex((r, i) => i > resumed && r.kind === 'case');
    const restored = records.slice(resumed, again).filter(r => r.kind === 'out' && r.action === 'ChangeConfiguration')
                         .map(r => JSON.parse(r.text)[3]);
    assert.deepEqual(restored, [{key: 'MeterValueSampleInterval', value}]);
  });

  test('Resume__KilledWhileTheProfileIsRaised__WhoStayedBehindIsLetIn', async t => {
    const folder = scratch(t);
    const pki = path.join(folder, 'pki');
    await plugproof(t, ['pki', 'init', pki, '--host', '127.0.0.1', '--families', 'ec']).endsWith(0);
    const key = Buffer.from('0123456789 secret').toString('hex');
    const bench = await realBench(t, {pixit: {connect_timeout: 10, security: {profile: 1, authorization_key: key, pki}}});
    const harness = bench.run(['TC_083_CS']);
    const root = path.join(pki, 'ec', 'central-system-root', 'certificate.pem');
    // One that says yes to the new profile, and keeps the old one.
    await bench.simulate({more: ['--security-profile', '1', '--authorization-key', key, '--roots', root,
                                 '--defect', 'ignore-profile-change']});
    await journal(bench, harness, holding('"kind":"serve","dut":"CP001","case":"TC_083_CS","profile":2'));
    await killed(harness);
    await resume(bench).endsWith(1, RESUMED);
    const records = bench.records();
    const resumed = records.findIndex(r => r.kind === 'resume');
    const [first] = records.slice(resumed).filter(r => r.kind === 'serve');
    assert.equal(first.profile, 1);
    assert.equal(bench.result('TC_083_CS').verdict, 'fail');
    assert.equal(records.at(-1).outcome, 'complete');
    await plugproof(t, ['rejudge', bench.runFolder]).endsWith(0);
  });

  test('Resume__TransactionRunningAtTheKill__EndedBeforeTheCaseBeginsAgain', async t => {
    const bench = await realBench(t);
    const harness = bench.run(['TC_012_CS']);
    await bench.simulate();
    await journal(bench, harness, holding('{\\"transactionId\\":'));
    await killed(harness);
    await resume(bench).endsWith(0, RESUMED);
    const records = bench.records();
    const resumed = records.findIndex(r => r.kind === 'resume');
    const again = records.findIndex((r, i) => i > resumed && r.kind === 'case');
    const between = records.slice(resumed, again);
    assert.ok(between.some(r => r.kind === 'in' && r.action === 'StopTransaction'));
    assert.ok(between.some(r => r.kind === 'rig' && r.action === 'plug_out'));
    assert.equal(bench.result('TC_012_CS').attempts, 2);
    assert.deepEqual(records.filter(r => r.kind === 'finding'), []);
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`Resume__After${signal}__NamedByTheRunAndGoesOn`, async t => {
      const bench = await realBench(t);
      const harness = bench.run(['TC_010_CS', 'TC_012_CS', 'TC_021_CS']);
      await bench.simulate();
      await harness.output(/PASS +TC_0/);
      harness.child.kill(signal);
      await harness.endsWith(130);
      const [, command] = harness.stdout.match(/^To go on with this run: plugproof (run --resume .*)$/m);
      const second = plugproof(t, command.split(' '));
      await second.endsWith(0, RESUMED);
      assert.match(second.stdout, /resumed once/);
      const record = bench.records().find(r => r.kind === 'resume');
      assert.deepEqual([record.attempt, record.after.outcome], [2, 'interrupted']);
      assert.match(record.after.reason, new RegExp(signal));
      assert.match(record.command_line, /run --resume/);
      for (const id of ['TC_021_CS', 'TC_010_CS', 'TC_012_CS']) assert.equal(bench.result(id).verdict, 'pass');
      await sound(bench);
    });
  }

  test('Resume__NothingConnects__AbortedAndCanBeResumedAgain', async t => {
    const bench = await realBench(t, {pixit: {connect_timeout: 8}});
    const harness = bench.run(['TC_010_CS', 'TC_012_CS', 'TC_021_CS']);
    const simulator = await bench.simulate();
    await harness.output(/PASS +TC_0/);
    await killed(harness);
    await killed(simulator);
    await resume(bench).endsWith(3, RESUMED);
    assert.equal(bench.results().outcome.outcome, 'aborted');
    assert.equal(bench.result('TC_021_CS').verdict, 'not_run');
    fs.rmSync(bench.control, {force: true});
    const again = resume(bench);
    await bench.simulate();
    await again.endsWith(0);
    assert.equal(bench.results().run.resumed.length, 2);
    await sound(bench);
  });

  test('TwoProcesses__SameRun__TheSecondIsRefused', async t => {
    const bench = await realBench(t);
    const harness = bench.run(['TC_021_CS']);
    await bench.url();
    const before = fs.readFileSync(path.join(bench.runFolder, 'journal.jsonl'));
    const second = resume(bench);
    await second.endsWith(2);
    assert.match(second.stderr, /cannot resume: another process writes .*journal\.jsonl; wait until it ends, or end it/);
    assert.deepEqual(fs.readFileSync(path.join(bench.runFolder, 'journal.jsonl')), before);
    await killed(harness);
    // A dead process leaves no lock.
    const third = resume(bench);
    await third.output(/Waiting for the charge point/);
    third.child.kill('SIGINT');
    await third.endsWith(130);
  });
});

describe('refusals', {concurrency: true}, () => {
  // A run on virtual time that was cut in the middle, made from files of its own.
  async function cutRun(t) {
    const folder = scratch(t);
    const pics = path.join(folder, 'pics.yaml'), pixit = path.join(folder, 'pixit.yaml'), suite = path.join(folder, 'suite');
    fs.copyFileSync(path.join(project, PICS), pics);
    fs.writeFileSync(pixit, 'quiet_time: 12\nidentity: CP007\nport: 9100\n');
    fs.cpSync(path.join(project, 'testcases'), suite, {recursive: true});
    const bench = new Bench(t);
    const arguments_ = ['--pics', pics, '--pixit', pixit, '--suite', suite, '--only', 'TC_010_CS,TC_012_CS,TC_021_CS'];
    await plugproof(t, ['run', ...arguments_, '--out', bench.out, '--name', bench.name]).endsWith(0);
    const file = path.join(bench.runFolder, 'journal.jsonl');
    const whole = fs.readFileSync(file);
    fs.truncateSync(file, Math.floor(whole.length * 0.8));
    const refused = async (pattern, more = []) => {
      const before = fs.readFileSync(file);
      const program = resume(bench, more);
      await program.endsWith(2);
      assert.match(program.stderr, pattern);
      assert.deepEqual(fs.readFileSync(file), before);
    };
    return {bench, pics, pixit, suite, file, whole, refused};
  }

  test('Resume__AllFromTheRecord__GoesOn', async t => {
    const {bench} = await cutRun(t);
    await resume(bench).endsWith(0, RESUMED);
    assert.equal(bench.results().outcome.outcome, 'complete');
  });

  test('Resume__SameFilesNamedAgain__GoesOn', async t => {
    const {bench, pics, pixit, suite} = await cutRun(t);
    await resume(bench, ['--pics', pics, '--pixit', pixit, '--suite', suite, '--identity', 'CP007', '--port', '9100',
                         '--edition', '2024-04']).endsWith(0);
  });

  test('Resume__PicsChangedOrGone__Refused', async t => {
    const {pics, refused} = await cutRun(t);
    fs.appendFileSync(pics, '# a remark\n');
    await refused(/the PICS file .*pics\.yaml is not that of the run: its SHA-256 is [0-9a-f]{64}, recorded is [0-9a-f]{64}; restore it.*journal\.jsonl:1/);
    await refused(/the PICS file pics\/certified\/CSC-07A7-1\.yaml is not that of the run/, ['--pics', 'pics/certified/CSC-07A7-1.yaml']);
    fs.rmSync(pics);
    await refused(/the PICS file .*pics\.yaml is not there; .*--pics/);
  });

  test('Resume__PixitChanged__RefusedWithTheFirstKey', async t => {
    const {pixit, refused} = await cutRun(t);
    const text = fs.readFileSync(pixit, 'utf8');
    fs.writeFileSync(pixit, text.replace('quiet_time: 12', 'quiet_time: 13'));
    await refused(/the PIXIT file .*pixit\.yaml is not that of the run: 'quiet_time' is 13, recorded is 12/);
    fs.writeFileSync(pixit, text + 'connect_timeout: 5\n');
    await refused(/'connect_timeout' is 5\.0, recorded is 600\.0/);
    fs.writeFileSync(pixit, text + '# what no value of the record shows\n');
    await refused(/no value differs, but its SHA-256 is .*rig or files were changed/);
    fs.rmSync(pixit);
    await refused(/the PIXIT file .*pixit\.yaml is not there; .*--pixit/);
  });

  test('Resume__SuiteChanged__Refused', async t => {
    const {suite, refused} = await cutRun(t);
    fs.appendFileSync(path.join(suite, 'core', 'TC_010_CS.yaml'), '# a remark\n');
    await refused(/the suite is not that of the run: its SHA-256 is [0-9a-f]{64}, recorded is/);
    await refused(/the suite is not that of the run/, ['--suite', suite]);
  });

  test('Resume__OtherValuesOnTheCommandLine__EachRefusedByName', async t => {
    const {bench, refused} = await cutRun(t);
    await refused(/--edition: '2025-11', but the run was begun with '2024-04'/, ['--edition', '2025-11']);
    await refused(/--port: '9001', but the run was begun with '9100'/, ['--port', '9001']);
    await refused(/--address: '0\.0\.0\.0', but the run was begun with '127\.0\.0\.1'/, ['--address', '0.0.0.0']);
    await refused(/--identity: 'CP008', but the run was begun with 'CP007'/, ['--identity', 'CP008']);
    for (const more of [['--only', 'TC_010_CS'], ['--skip', 'TC_010_CS'], ['--group', 'core'], ['--isolate'], ['--dut', 'listen'],
                        ['--seed', '2'], ['--defect', 'refuse-remote-stop'], ['--variations', '3'], ['--name', 'other']])
      await refused(new RegExp(`${more[0]} cannot be given with --resume`), more);
    await resume(bench).endsWith(0, RESUMED);
  });

  test('Resume__ChainBrokenOrDamaged__RefusedWithTheLine', async t => {
    const {file, whole, refused} = await cutRun(t);
    const lines = whole.toString().split('\n').slice(0, 100);
    const write = changed => fs.writeFileSync(file, changed.join('\n') + '\n');
    write(lines.toSpliced(49, 1));
    await refused(/journal\.jsonl:50: the record does not carry the SHA-256 of the record before it/);
    write(lines.with(49, lines[49].slice(0, 20)));
    await refused(/journal\.jsonl:50: the record cannot be read/);
  });

  test('Resume__NothingToResume__Refused', async t => {
    const {bench, file, whole, refused} = await cutRun(t);
    fs.writeFileSync(file, whole);
    await refused(/nothing to resume: the run is complete/);
    fs.writeFileSync(file, whole.subarray(0, 100));
    await refused(/the journal has no whole record/);
    const missing = plugproof(t, ['run', '--resume', path.join(bench.folder, 'nowhere')]);
    await missing.endsWith(2);
    assert.match(missing.stderr, /cannot open .*nowhere\/journal\.jsonl.*name the folder of a run/);
  });

  test('Run__SameNameAgain__RefusedAndTheWayOnIsNamed', async t => {
    const {bench} = await cutRun(t);
    const again = plugproof(t, ['run', '--pics', PICS, '--out', bench.out, '--name', bench.name]);
    await again.endsWith(2);
    assert.match(again.stderr, /holds a run already; choose another --name, or go on with that run: plugproof run --resume /);
  });

  test('Run__WithoutPics__StillAsksForIt', async t => {
    const program = plugproof(t, ['run']);
    await program.endsWith(2);
    assert.match(program.stderr, /--pics is required/);
  });
});
