'use strict';
// Evidence bundles as their users make and check them: the bench key, openssl as time-stamp service and as the third
// party, and no secret in what is handed out.

const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const {describe, test} = require('node:test');

const {PICS} = require('./lib/bench.js');
const {plugproof, project, scratch} = require('./lib/program.js');

// A run on virtual time, and a state folder of its own.
async function bench(t, pixit, more = []) {
  const folder = scratch(t);
  const options = {env: {PLUGPROOF_STATE: path.join(folder, 'state')}};
  const file = path.join(folder, 'pixit.yaml');
  fs.writeFileSync(file, JSON.stringify(pixit ?? {}));
  const call = async (status, ...args) => {
    const program = plugproof(t, args, options);
    await program.endsWith(status);
    return program;
  };
  const made = plugproof(t, ['run', '--pics', PICS, '--pixit', file, '--out', folder, '--name', 'run', '--quiet', '--only', 'TC_021_CS', ...more], options);
  await made.end();
  return {folder, run: path.join(folder, 'run'), call, at: name => path.join(folder, name)};
}

// `openssl ts` behind HTTP, with certificates made for the test.
async function authority(t) {
  const folder = scratch(t);
  const openssl = (...args) => execFileSync('openssl', args, {cwd: folder, stdio: 'pipe'});
  fs.writeFileSync(path.join(folder, 'serial'), '01\n');
  fs.writeFileSync(path.join(folder, 'ext.cnf'), 'extendedKeyUsage=critical,timeStamping\n');
  fs.writeFileSync(path.join(folder, 'tsa.cnf'), `[tsa]\ndefault_tsa=one\n[one]\nserial=${folder}/serial\nsigner_digest=sha256
default_policy=1.2.3.4\ndigests=sha256\ness_cert_id_alg=sha256\n`);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=Test root');
  openssl('req', ...ec, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Test stamps');
  openssl('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'ext.cnf', '-out', 'tsa.pem');
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', piece => pieces.push(piece));
    request.on('end', () => {
      fs.writeFileSync(path.join(folder, 'request'), Buffer.concat(pieces));
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-out', 'reply');
      response.writeHead(200, {'Content-Type': 'application/timestamp-reply'});
      response.end(fs.readFileSync(path.join(folder, 'reply')));
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return {url: `http://127.0.0.1:${server.address().port}/tsr`, root: path.join(folder, 'ca.pem')};
}

function everyFile(folder) {
  return fs.readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? everyFile(file) : [file];
  });
}

describe('evidence', {concurrency: 2}, () => {
  test('Pki__BenchKey__PrivateMadeOnceAndNeverPrinted', async t => {
    const {call, at} = await bench(t);
    const none = await call(2, 'pki', 'show');
    assert.match(none.stderr, /there is no bench key at .*bench-key\.pem; 'plugproof pki bench-key/);
    const made = await call(0, 'pki', 'bench-key', '--name', 'Example Laboratory');
    const file = at('state/bench-key.pem');
    const key = fs.readFileSync(file, 'utf8');
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const again = await call(2, 'pki', 'bench-key');
    assert.match(again.stderr, /bench-key\.pem exists/);
    assert.equal(fs.readFileSync(file, 'utf8'), key);
    const shown = await call(0, 'pki', 'show');
    const [, fingerprint] = shown.stdout.match(/Fingerprint +([0-9a-f]{64})/);
    const certificate = await call(0, 'pki', 'show', '--certificate');
    fs.writeFileSync(at('lab.pem'), certificate.stdout);
    assert.equal(execFileSync('openssl', ['x509', '-in', at('lab.pem'), '-noout', '-fingerprint', '-sha256'], {encoding: 'utf8'})
      .split('=')[1].trim().replaceAll(':', '').toLowerCase(), fingerprint);
    const secret = key.split('\n')[1];
    for (const program of [made, again, shown, certificate]) {
      assert.ok(!(program.stdout + program.stderr).includes(secret));
      assert.doesNotMatch(program.stdout, /PRIVATE/);
    }
    assert.deepEqual(fs.readdirSync(at('state')), ['bench-key.pem']);
    fs.chmodSync(file, 0o644);
    assert.match((await call(2, 'pki', 'show')).stderr, /others can read the bench key/);
    const bad = await call(2, 'pki', 'bench-key', '--name', 'x'.repeat(65));
    assert.match(bad.stderr, /--name: .*longer than 64 characters/);
  });

  test('Bundle__Signed__SameBytesAgainAndOthersCanCheck', async t => {
    const {run, call, at} = await bench(t);
    const unsigned = await call(0, 'bundle', run, '--out', at('unsigned.tar'));
    assert.match(unsigned.stdout, /NOT SIGNED: there is no bench key.*'plugproof pki bench-key/);
    await call(0, 'pki', 'bench-key', '--name', 'Example Laboratory');
    assert.match((await call(0, 'bundle', `${run}/`)).stdout, /Signed by 'Example Laboratory'/);
    await call(0, 'bundle', run, '--out', at('again.tar'));
    assert.deepEqual(fs.readFileSync(at('again.tar')), fs.readFileSync(at('run.tar')));
    await call(0, 'bundle', run);  // the same bytes may be written once more
    assert.match((await call(2, 'bundle', run, '--no-sign')).stderr, /run\.tar exists and is not the same/);

    const text = await call(0, 'verify', at('run.tar'));
    assert.match(text.stdout.split('\n')[0], /run\.tar: intact, signed by 'Example Laboratory'$/);
    const json = JSON.parse((await call(0, 'verify', '--format', 'json', at('run.tar'))).stdout);
    assert.equal(json.outcome, 'intact');
    assert.equal(json.signer.name, 'Example Laboratory');
    await call(0, 'verify', at('run.tar'), '--fingerprint', json.signer.fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:'));
    await call(1, 'verify', at('run.tar'), '--fingerprint', '0'.repeat(64));
    await call(1, 'verify', at('unsigned.tar'), '--fingerprint', json.signer.fingerprint);
    fs.writeFileSync(at('lab.pem'), (await call(0, 'pki', 'show', '--certificate')).stdout);
    await call(0, 'verify', at('run.tar'), '--trust', at('lab.pem'));

    await call(0, 'bundle', '--extract', at('run.tar'), '--out', at('unpacked'));
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], {cwd: at('unpacked')});
    const before = fs.readFileSync(at('unpacked/report.html'));
    await call(0, 'report', at('unpacked'));
    assert.deepEqual(fs.readFileSync(at('unpacked/report.html')), before);
    assert.match((await call(0, 'verify', at('unpacked'))).stdout, /unpacked bundle/);
    await call(2, 'bundle', '--extract', at('run.tar'), '--out', at('unpacked'));
  });

  test('Verify__ChangedBundle__StatusOneSaysWhat', async t => {
    const {run, call, at} = await bench(t);
    await call(0, 'bundle', run);
    const bytes = fs.readFileSync(at('run.tar'));
    const place = bytes.indexOf('"verdict":"pass"');
    bytes.write('fail', place + '"verdict":"'.length);
    fs.writeFileSync(at('changed.tar'), bytes);
    const verify = await call(1, 'verify', at('changed.tar'));
    assert.match(verify.stdout.split('\n')[0], /changed\.tar: CHANGED$/);
    assert.match(verify.stdout, /CHANGED +files +journal\.jsonl was changed/);
    assert.match(verify.stdout, /the chain of digests breaks at line \d+/);
    await call(1, 'bundle', '--extract', at('changed.tar'), '--out', at('unpacked'));
    assert.ok(!fs.existsSync(at('unpacked')));
  });

  test('Verify__NoBundle__StatusTwo', async t => {
    const {folder, call, at} = await bench(t);
    fs.writeFileSync(at('x.tar'), 'rubbish');
    assert.match((await call(2, 'verify', at('x.tar'))).stderr, /x\.tar: this is no evidence bundle/);
    execFileSync('tar', ['-cf', at('y.tar'), '-C', folder, 'pixit.yaml']);
    assert.match((await call(2, 'verify', at('y.tar'))).stderr, /it holds no manifest\.json/);
    assert.match((await call(2, 'verify', at('run'), '--fingerprint', '0'.repeat(64))).stderr, /are for bundles/);
    assert.match((await call(2, 'verify', at('x.tar'), '--fingerprint', '12')).stderr, /64 hex digits/);
    assert.match((await call(2, 'bundle', folder)).stderr, /journal cannot be opened/);
    assert.match((await call(2, 'bundle')).stderr, /name the folder of a run/);
  });

  test('Bundle__RunThatWasChanged__StatusOneAndNoBundle', async t => {
    const {run, call, at} = await bench(t);
    const journal = path.join(run, 'journal.jsonl');
    fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('"verdict":"pass"', '"verdict":"fail"'));
    assert.match((await call(1, 'bundle', run)).stderr, /changed since the run.*no bundle was written/);
    assert.ok(!fs.existsSync(at('run.tar')));
  });

  test('Bundle__PicsOrSuiteElsewhere__SaysHowToNameIt', async t => {
    const {run, call, at, folder} = await bench(t);
    fs.writeFileSync(at('other.yaml'), 'generation: 2024\n');
    assert.match((await call(2, 'bundle', run, '--pics', at('other.yaml'))).stderr, /name that file with --pics, or leave it out with --no-pics/);
    fs.mkdirSync(at('suite'));
    fs.writeFileSync(at('suite/programme.yaml'), 'cases: []\n');
    assert.match((await call(2, 'bundle', run, '--suite', at('suite'))).stderr, /name that folder with --suite, or leave them out with --no-suite/);
    await call(0, 'bundle', run, '--no-pics', '--no-suite');
    assert.match((await call(0, 'verify', at('run.tar'))).stdout, /the test cases are not included/);
    assert.ok(!fs.readdirSync(folder).some(name => name.endsWith('.part')));
  });

  test('Bundle__TimestampServiceOfThePixit__StampedAndOpensslAgrees', async t => {
    const {url, root} = await authority(t);
    const {run, call, at} = await bench(t, {timestamp_url: url});
    await call(0, 'pki', 'bench-key');
    assert.match((await call(0, 'bundle', run)).stdout, /Time stamp of \d{4}-.*Z by 'Test stamps'/);
    assert.match((await call(0, 'verify', at('run.tar'))).stdout, /note +authority +its certificate was not checked/);
    assert.match((await call(0, 'verify', at('run.tar'), '--tsa-ca', root)).stdout, /ok +authority/);
    await call(0, 'bundle', '--extract', at('run.tar'), '--out', at('unpacked'));
    execFileSync('openssl', ['ts', '-verify', '-data', 'manifest.sig', '-in', 'manifest.tsr', '-CAfile', root], {cwd: at('unpacked'), stdio: 'pipe'});
    await call(0, 'bundle', run, '--no-timestamp', '--out', at('plain.tar'));
    await call(1, 'verify', at('plain.tar'), '--tsa-ca', root);
  });

  test('Bundle__TimestampServiceThatTalksRubbish__StatusThreeAndNoBundle', async t => {
    const server = http.createServer((request, response) => response.end('<html>'));
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const {run, call, at} = await bench(t);
    const bundle = await call(3, 'bundle', run, '--timestamp', `http://127.0.0.1:${server.address().port}/`);
    assert.match(bundle.stderr, /no bundle was written.*--no-timestamp/);
    assert.ok(!fs.existsSync(at('run.tar')));
    assert.match((await call(2, 'bundle', run, '--timestamp', 'tsa.example')).stderr, /--timestamp: 'tsa\.example'/);
  });

  test('Bundle__SecretsOnTheBench__NoneInItNorInTheRunFolder', async t => {
    const secrets = {location: 'pw-of-the-location', header: 'token-of-the-rig', key: 'AuthKeyOfThisCharger1'};
    const suite = path.join(scratch(t), 'suite');
    fs.cpSync(path.join(project, 'testcases'), suite, {recursive: true});
    const file = path.join(suite, 'core/TC_021_CS.yaml');
    const before = fs.readFileSync(file, 'utf8');
    const changed = before.replace(/key: \w+, value: [^}]+\}/, `key: AuthorizationKey, value: ${secrets.key}}`);
    assert.notEqual(changed, before);
    fs.writeFileSync(file, changed);
    const {run, call, at} = await bench(t, {
      files: {failing_firmware_location: `ftp://user:${secrets.location}@bench.example/x`},
      rig: {http: {station: 'http://lab.example', headers: {Authorization: `Bearer ${secrets.header}`}}},
    }, ['--suite', suite]);
    await call(0, 'pki', 'bench-key');
    secrets.bench = fs.readFileSync(at('state/bench-key.pem'), 'utf8').split('\n')[1];
    await call(0, 'bundle', run, '--no-suite');
    const bundle = fs.readFileSync(at('run.tar'));
    const journal = fs.readFileSync(path.join(run, 'journal.jsonl'), 'utf8');
    assert.match(journal, /AuthorizationKey\\",\\"value\\":\\"hmac:/, 'the key never went over the wire: the test shows nothing');
    assert.match(journal, /user:hmac:/);
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(!bundle.includes(secret), `${name} is in the bundle`);
      for (const one of everyFile(run)) assert.ok(!fs.readFileSync(one).includes(secret), `${name} is in ${one}`);
    }
  });
});
