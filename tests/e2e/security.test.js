'use strict';
// Security profiles over real sockets: `plugproof pki` makes what bench and charge point need, the reference charge point
// is another process, openssl and curl look at the listener, and no secret stays in the folder of a run.

const assert = require('node:assert/strict');
const {execFile} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const {describe, test} = require('node:test');
const {promisify} = require('node:util');

const {Bench} = require('./lib/bench.js');
const {plugproof, project, scratch} = require('./lib/program.js');

const KEY = Buffer.from('0123456789 secret').toString('hex');
const execute = promisify(execFile);

// A bench with a PKI of its own, for a charge point that is set to a profile.
async function secured(t, profile, {security = {}, pics, ...pixit} = {}) {
  const folder = scratch(t);
  const pki = path.join(folder, 'pki');
  await plugproof(t, ['pki', 'init', pki, '--host', '127.0.0.1', '--families', 'ec']).endsWith(0);
  const images = path.join(folder, 'images');
  await plugproof(t, ['simulate', '--pics', 'pics/certified/CHQ-S-07SR.yaml', '--write-images', images]).endsWith(0);
  const bench = new Bench(t, {
    pics,
    pixit: {
      security: {profile, authorization_key: KEY, pki, ...security},
      files: {firmware: path.join(images, 'firmware.bin')},
      transfer_protocol: 'HTTP',
      ...pixit,
    },
  });
  bench.pki = pki;
  const of = name => path.join(pki, 'ec', name, 'certificate.pem');
  const own = {certificate: path.join(folder, 'cp.pem'), key: path.join(folder, 'cp.key.pem')};
  await plugproof(t, ['pki', 'issue', pki, '--charge-point', 'CP001', '--out', own.certificate, '--key-out', own.key])
    .endsWith(0);
  bench.chargePoint = ['--security-profile', String(profile), '--authorization-key', KEY];
  bench.chargePoint.push('--roots', of('central-system-root'));
  if (profile > 2) bench.chargePoint.push('--client-certificate', own.certificate, '--client-key', own.key);
  bench.chargePoint.push('--manufacturer-roots', of('manufacturer-root'));
  return bench;
}

async function passes(t, bench, cases, deadline) {
  const run = bench.run(cases);
  await bench.simulate({more: bench.chargePoint});
  await run.endsWith(0, deadline);
  const results = JSON.parse(fs.readFileSync(path.join(bench.runFolder, 'results.json'), 'utf8'));
  assert.deepEqual(results.cases.filter(c => c.verdict === 'pass').map(c => c.id).sort(), [...cases].sort());
  const rejudge = plugproof(t, ['rejudge', bench.runFolder]);
  await rejudge.endsWith(0);
  assert.match(rejudge.stdout, /all as recorded/);
}

function* filesIn(folder) {
  for (const entry of fs.readdirSync(folder, {withFileTypes: true})) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory())
      yield* filesIn(file);
    else
      yield file;
  }
}

// Neither the password in any of its forms nor any private key of bench or charge point.
function holdsNoSecret(bench) {
  const password = Buffer.from(KEY, 'hex');
  const forms = [KEY, KEY.toUpperCase(), password.toString('latin1'),
                 Buffer.concat([Buffer.from('CP001:'), password]).toString('base64')];
  const keys = [...filesIn(bench.pki)].map(file => fs.readFileSync(file, 'utf8')).filter(text => text.includes('PRIVATE KEY'));
  assert.ok(keys.length > 3);
  for (const key of keys) forms.push(key.split('\n')[1]);
  for (const file of filesIn(bench.runFolder)) {
    const text = fs.readFileSync(file, 'latin1');
    for (const form of forms) assert.ok(!text.includes(form), `${file} holds a secret`);
    assert.ok(!text.includes('PRIVATE KEY') || file.includes('files-'), file);
  }
}

describe('security', {concurrency: true}, () => {
  test('Profile1__PasswordChangedAndUsed__PassesWithoutASecretInTheFolder', async t => {
    const bench = await secured(t, 1);
    await passes(t, bench, ['TC_073_CS', 'TC_075_2_CS', 'TC_076_CS', 'TC_085_CS']);
    holdsNoSecret(bench);
  });

  test('Profile1__RaisedTo2And3__PassesOverTls', async t => {
    const bench = await secured(t, 1);
    await passes(t, bench, ['TC_083_CS', 'TC_086_CS', 'TC_074_CS', 'TC_087_CS']);
    holdsNoSecret(bench);
  });

  test('Profile2__CertificatesAndSignedFirmware__Passes', async t => {
    const bench = await secured(t, 2);
    await passes(t, bench, ['TC_075_1_CS', 'TC_078_CS', 'TC_080_CS', 'TC_081_CS', 'TC_084_CS', 'TC_085_CS', 'TC_086_CS']);
    holdsNoSecret(bench);
  });

  test('Profile3__ClientCertificate__Passes', async t => {
    const bench = await secured(t, 3);
    await passes(t, bench, ['TC_074_CS', 'TC_077_CS', 'TC_087_CS']);
    holdsNoSecret(bench);
  });

  test('WrongWorlds__EachIsMetWithTheRightAlert', async t => {
    // One that tells in two seconds what it has seen, so that nobody is waited for longer.
    const pics = path.join(scratch(t), 'pics.yaml');
    const certified = fs.readFileSync(path.join(project, 'pics/certified/CHQ-S-07SR.yaml'), 'utf8');
    fs.writeFileSync(pics, certified.replace(/triggered_function_timeout: 30/, 'triggered_function_timeout: 5'));
    const bench = await secured(t, 2, {pics});
    const worlds = {
      PP_101: 'certificate_expired', PP_103: 'bad_certificate', PP_104: 'unknown_ca', PP_111: 'protocol_version',
      PP_112: 'handshake_failure',
    };
    await passes(t, bench, Object.keys(worlds), 180_000);
    holdsNoSecret(bench);
    const seen = {};
    for (const record of bench.records())
      if (record.kind === 'failed') (seen[record.case] ??= new Set()).add(record.tls.alert.name);
    for (const id of Object.keys(worlds)) assert.deepEqual([id, ...(seen[id] ?? [])], [id, worlds[id]]);
  });

  test('Profile1__WrongPassword__IsTurnedAwayAndTheRunSaysWhy', async t => {
    const bench = await secured(t, 1, {connect_timeout: 600});
    const run = bench.run(['TC_085_CS']);
    const wrong = [...bench.chargePoint];
    wrong[wrong.indexOf(KEY)] = Buffer.from('another password').toString('hex');
    await bench.simulate({more: wrong});
    await run.output(/No connection: the password of Basic authentication is not the AuthorizationKey \(HTTP 401 to /);
    run.child.kill('SIGINT');
    await run.endsWith(130);
    const refused = bench.records().filter(record => record.kind === 'refused');
    assert.ok(refused.length > 0);
    for (const record of refused) {
      assert.equal(record.status, 401);
      assert.deepEqual([record.credentials.scheme, record.credentials.key, record.credentials.valid], ['Basic', 'other', false]);
    }
  });

  test('BenchWithoutRsa__ChargePointThatNeedsIt__TheRunSaysSo', async t => {
    const bench = await secured(t, 2, {connect_timeout: 600, pics: 'pics/certified/CSC-07A7-1.yaml'});
    const run = bench.run(['TC_086_CS']);
    await bench.simulate({more: bench.chargePoint});
    await run.output(/No connection: the TLS handshake failed: no shared cipher, since this end has no RSA certificate/);
    run.child.kill('SIGINT');
    await run.endsWith(130);
    assert.equal(bench.records().find(record => record.kind === 'failed').tls.lacks_certificate, 'RSA');
  });

  test('Profile2__ForeignClients__OpensslSeesTheSuitesOfTheProfileAlone', async t => {
    const bench = await secured(t, 2, {connect_timeout: 60});
    bench.run(['TC_085_CS']);
    const url = new URL(await bench.url());
    const root = path.join(bench.pki, 'ec', 'central-system-root', 'certificate.pem');
    const shake = async more => {
      const child = execute('openssl', ['s_client', '-connect', url.host, '-CAfile', root, '-verify_return_error', ...more]);
      child.child.stdin.end();
      return child.then(({stdout}) => stdout, error => `failed: ${error.stderr}`);
    };
    assert.match(await shake(['-tls1_2']), /Cipher is ECDHE-ECDSA-AES(256-GCM-SHA384|128-GCM-SHA256)/);
    assert.match(await shake(['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256']), /Cipher is ECDHE-ECDSA-AES128-GCM-SHA256/);
    assert.match(await shake(['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305']), /^failed: .*handshake failure/s);
    assert.match(await shake(['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0']), /^failed: .*alert protocol version/s);
    assert.match(await shake(['-tls1_3']), /^failed: .*alert protocol version/s);
    const upgrade = ['-sS', '--http1.1', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '10', '--cacert', root,
                     '-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', '-H', 'Sec-WebSocket-Version: 13',
                     '-H', 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==', '-H', 'Sec-WebSocket-Protocol: ocpp1.6'];
    const address = `https://${url.host}/CP001`;
    assert.equal((await execute('curl', [...upgrade, address])).stdout, '401');
    assert.equal((await execute('curl', [...upgrade, '-u', 'CP001:wrong password 1', address])).stdout, '401');
    assert.equal((await execute('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', `http://${url.host}/CP001`])).stdout, '400');
    const reasons = bench.records().filter(record => record.kind === 'failed').map(record => record.reason);
    assert.ok(reasons.some(reason => /TLS handshake failed/.test(reason)), reasons.join('\n'));
    assert.ok(reasons.some(reason => /plain HTTP .* came where TLS is wanted/.test(reason)), reasons.join('\n'));
  });

  test('WrongInput__NamesThePlaceAndTheRemedy', async t => {
    for (const [security, message] of [
      [{profile: 4}, /'profile' must be a security profile, from 0 to 3/],
      [{profile: 2, authorization_key: KEY}, /security profile 2 needs 'pki'/],
      [{profile: 1}, /security profile 1 needs the charge point's 'authorization_key'/],
      [{profile: 1, authorization_key: 'rubbish, no digits'}, /'authorization_key' is not hexadecimal/],
      [{profile: 1, authorization_key: '00112233'}, /has 4 bytes, but it must have 16 to 20/],
      [{pki: '/no/such/folder'}, /there is no folder '\/no\/such\/folder'/],
      [{invalid_certificate: 'exspired'}, /no kind of bad certificate.*\n(.*\n)*.*expired/],
    ]) {
      const bench = new Bench(t, {pixit: {security}});
      const run = bench.run(['TC_085_CS']);
      await run.endsWith(2);
      assert.match(run.stderr, message);
      assert.ok(!run.stderr.includes(security.authorization_key ?? 'nothing'), 'the key is shown');
    }
  });
});
