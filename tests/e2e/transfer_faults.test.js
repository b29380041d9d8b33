'use strict';
// What breaks on the bench in the middle of a transfer, seen from outside: the process of the FTP server, the harness
// itself, the disk. The transfers are stalled on purpose, by a copy of the suite that asks for it, so that the middle
// lasts as long as it is needed.

const assert = require('node:assert/strict');
const {once} = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const {setImmediate: turn} = require('node:timers/promises');
const {describe, test} = require('node:test');

const {Bench} = require('./lib/bench.js');
const {DEADLINE, Program, executable, plugproof, project, scratch} = require('./lib/program.js');

// A copy of the suite in which the firmware stalls after 5000 bytes, and nothing is tried twice.
function stallingSuite(t) {
  const suite = path.join(scratch(t), 'testcases');
  fs.cpSync(path.join(project, 'testcases'), suite, {recursive: true});
  const edit = (id, replacements) => {
    const file = path.join(suite, 'firmware-management', `${id}.yaml`);
    let text = fs.readFileSync(file, 'utf8');
    for (const [before, after] of replacements) {
      assert.ok(text.includes(before), `${id} has no ${before} any more`);
      text = text.replace(before, after);
    }
    fs.writeFileSync(file, text);
  };
  edit('TC_044_3_CS', [['{image: invalid}', '{image: invalid, conduct: stalled, after: 5000}'],
                       ['{location: $image.location,', '{location: $image.location, retries: 0,']]);
  edit('TC_045_1_CS', [['{location: $folder.location}', '{location: $folder.location, retries: 0}']]);
  return suite;
}

async function stalledDownload(t, protocol, cases) {
  const bench = await Bench.withImages(t, protocol);
  const harness = bench.run(cases, {more: ['--suite', stallingSuite(t)]});
  await bench.simulate({more: ['--files-insecure']});
  const started = await bench.seen(() => bench.records().find(r => r.kind === 'transfer' && r.event === 'started'));
  assert.ok(started, harness.describe('the program ended before the transfer began'));
  return {bench, harness};
}

const tasks = pid => fs.readdirSync(`/proc/${pid}/task`);
const childrenOf = pid => tasks(pid).flatMap(
  task => fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));

// Not there any more, or waiting to be buried by whoever has inherited it.
function isGone(pid) {
  try {
    return /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

async function allGone(pids) {
  const end = Date.now() + DEADLINE;
  while (!pids.every(isGone)) {
    assert.ok(Date.now() < end, `of ${pids} some are there still after ${DEADLINE} ms`);
    await turn();
  }
}

describe('transfer faults', {concurrency: true}, () => {
  for (const protocol of ['HTTP', 'HTTPS', 'FTP', 'FTPS'])
    test(`Files__HarnessKilledInATransferOver${protocol}__NoProcessAndNoPortIsLeft`, async t => {
      const {bench, harness} = await stalledDownload(t, protocol, ['TC_044_3_CS']);
      const children = childrenOf(harness.child.pid);
      assert.equal(children.length, protocol.startsWith('FTP') ? 1 : 0);
      const url = bench.records().find(r => r.kind === 'offer').url;
      const port = Number(url.match(/:(\d+)\/[^@]*$/)[1]);
      harness.child.kill('SIGKILL');
      assert.equal(await harness.end(), 'SIGKILL');
      await allGone(children);
      const next = net.createServer().listen(port, '127.0.0.1');
      await once(next, 'listening');
      next.close();
      await plugproof(t, ['verify', bench.runFolder]).endsWith(0);
    });

  for (const protocol of ['FTP', 'FTPS'])
    test(`Files__ServerProcessKilledInATransferOver${protocol}__InconclusiveAndTheNextCaseIsServed`, async t => {
      const {bench, harness} = await stalledDownload(t, protocol, ['TC_044_3_CS', 'TC_045_1_CS']);
      for (const child of childrenOf(harness.child.pid)) process.kill(child, 'SIGKILL');
      await harness.endsWith(3);
      const {verdict, reason} = bench.result('TC_044_3_CS');
      assert.equal(verdict, 'inconc', reason);
      assert.match(reason, /the bench's file server broke down in the download: the process of the FTP server was ended by signal 9/);
      assert.equal(bench.result('TC_045_1_CS').verdict, 'pass', bench.result('TC_045_1_CS').reason);
    });

  // A limit on the size of files stands for the full disk, which needs no privileges. In blocks of 1024 bytes; what the
  // journal begins with is larger than the first, and the second is passed in the middle of the run.
  for (const blocks of [1, 24])
    test(`Journal__DiskFullAfter${blocks}KiB__OneMessageAndStatus3`, async t => {
      const bench = new Bench(t);
      const line = 'trap "" XFSZ; ulimit -f "$1"; shift; exec "$@"';
      bench.harness = new Program(t, 'bash', [
        '-c', line, 'bash', String(blocks), executable, ...bench.runArguments(['TC_021_CS', 'TC_017_2_CS', 'TC_019_CS', 'TC_027_CS'])]);
      const simulated = bench.simulate().catch(() => {});  // the first limit strikes before anybody is waited for
      await bench.harness.endsWith(3);
      await simulated;
      assert.match(bench.harness.stderr, /^plugproof: cannot write \S+journal\.jsonl: File too large; make room there, then go on with run --resume\n$/);
    });

  test('Files__DiskFullForAnUpload__InconclusiveWithTheRemedy', async t => {
    const bench = new Bench(t, {pixit: {transfer_protocol: 'HTTP'}});
    const harness = bench.run(['TC_045_1_CS'], {more: ['--suite', stallingSuite(t)]});
    await bench.url();
    // What stands where the uploads should go takes none, whoever runs this.
    fs.writeFileSync(path.join(bench.runFolder, 'uploads'), '');
    await bench.simulate();
    await harness.endsWith(3);
    const {verdict, reason} = bench.result('TC_045_1_CS');
    assert.equal(verdict, 'inconc', reason);
    assert.match(reason, /the bench's file server broke down in the upload: the upload cannot be kept: \S+uploads\S*: Not a directory; make room there, or name another folder with --out/);
  });
});
