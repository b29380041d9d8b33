'use strict';
// Firmware and diagnostics over the bench's own file servers on real sockets, with the reference charge point as
// another process. REPEAT=50 plays everything fifty times.

const assert = require('node:assert/strict');
const {createHash} = require('node:crypto');
const {once} = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const {describe, test} = require('node:test');

const {Bench} = require('./lib/bench.js');
const {plugproof} = require('./lib/program.js');

const REPEAT = Number(process.env.REPEAT ?? 1);

async function play(t, protocol, cases) {
  const bench = await Bench.withImages(t, protocol);
  const run = bench.run(cases);
  const simulator = await bench.simulate({more: ['--files-insecure']});
  await run.endsWith(0);
  // It would look for a Central System until the last repetition is over.
  simulator.child.kill();
  await simulator.end();
  return bench;
}

describe('transfers', {concurrency: true}, () => {
  for (const protocol of ['HTTP', 'HTTPS', 'FTP', 'FTPS'])
    test(`Files__Over${protocol}__FirmwareRefusedDiagnosticsKeptWhole`, async t => {
      for (let i = 0; i < REPEAT; ++i) {
        const bench = await play(t, protocol, ['TC_044_3_CS', 'TC_045_1_CS']);
        assert.equal(bench.result('TC_044_3_CS').verdict, 'pass');
        assert.equal(bench.result('TC_045_1_CS').verdict, 'pass');
        const rejudge = plugproof(t, ['rejudge', bench.runFolder]);
        await rejudge.endsWith(0);
        assert.match(rejudge.stdout, /^2 verdicts, all as recorded/);
        await plugproof(t, ['rejudge', '--diff', bench.runFolder]).endsWith(0);
        const upload = bench.records().find(r => r.kind === 'transfer' && r.way === 'upload' && r.event === 'done');
        const kept = fs.readFileSync(path.join(bench.runFolder, upload.kept));
        assert.equal(kept.length, upload.bytes);
        assert.equal(createHash('sha256').update(kept).digest('hex'), upload.sha256);
        assert.ok(!fs.existsSync(path.join(bench.runFolder, 'files')), 'what the servers needed is gone');
      }
    });
});

describe('file servers', {concurrency: true}, () => {
  for (const [protocol, port] of [['HTTP', 'http_port'], ['FTP', 'ftp_port']])
    test(`Files__PortOf${protocol}Taken__InconclusiveWithTheRemedy`, async t => {
      const other = net.createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      t.after(() => other.close());
      const taken = other.address().port;
      const bench = new Bench(t, {pixit: {transfer_protocol: protocol, files: {[port]: taken}}});
      const run = bench.run(['TC_045_1_CS']);
      await bench.simulate();
      await run.endsWith(3);
      assert.equal(bench.result('TC_045_1_CS').verdict, 'inconc');
      assert.match(bench.result('TC_045_1_CS').reason, new RegExp(String(taken)));
    });
});
