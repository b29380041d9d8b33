'use strict';
// `plugproof pki` as a laboratory uses it: made, looked at, issued from and signed with, and everything that comes out
// checked by openssl alone. No key is ever printed, no file overwritten.

const assert = require('node:assert/strict');
const {execFileSync, spawnSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {describe, test} = require('node:test');

const {atEnd, plugproof, scratch} = require('./lib/program.js');

// Eight RSA keys take a second or two on an idle machine; on a busy one they are given their time.
const RSA_DEADLINE = 600_000;  // ms

const HOSTS = ['cs.example', '192.0.2.7', '2001:db8::7'];

function everyFile(folder) {
  return fs.readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? everyFile(file) : [file];
  });
}

const mode = file => fs.statSync(file).mode & 0o7777;
const isKey = file => fs.readFileSync(file, 'utf8').includes('PRIVATE KEY');

// A folder to work in, where `call` runs the program and ends with a status. At the end nothing that was printed may
// hold a line of any key that lies there.
function desk(t) {
  const folder = scratch(t);
  const printed = [];
  atEnd(t, () => {
    const text = printed.map(program => program.stdout + program.stderr).join('\n');
    assert.doesNotMatch(text, /PRIVATE/);
    for (const file of everyFile(folder).filter(isKey))
      for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(one => one.length > 20 && !one.startsWith('-----')))
        assert.ok(!text.includes(line), `a line of ${file} was printed`);
  });
  const call = async (status, ...args) => {
    const program = plugproof(t, ['pki', ...args], {cwd: folder});
    printed.push(program);
    await program.endsWith(status);
    return program;
  };
  const openssl = (...args) => execFileSync('openssl', args, {cwd: folder, encoding: 'utf8', stdio: 'pipe'});
  const fails = (...args) => spawnSync('openssl', args, {cwd: folder, encoding: 'utf8'}).status !== 0;
  const at = name => path.join(folder, name);
  // The same as a shell's: request, key and subject.
  const request = (name, subject, ...key) => {
    openssl('req', '-new', '-newkey', ...key, '-nodes', '-keyout', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
    fs.chmodSync(at(`${name}.key`), 0o600);
    return `${name}.csr`;
  };
  // Of EC keys alone: they are cheap.
  const init = (name, ...more) => call(0, 'init', name, '--families', 'ec', '--host', ...HOSTS, ...more);
  const initBoth = async () => {
    const program = await makeBoth(t);
    fs.cpSync(path.join(both, 'bench'), at('bench'), {recursive: true});
    printed.push(program);
    return program;
  };
  return {folder, call, openssl, fails, at, request, init, initBoth};
}

// A PKI of both families, made once and copied to where a test works.
const both = fs.mkdtempSync(path.join(os.tmpdir(), 'plugproof-e2e-pki-'));
process.on('exit', () => fs.rmSync(both, {recursive: true, force: true}));
let making;
function makeBoth(t) {
  making ??= (async () => {
    const program = plugproof(t, ['pki', 'init', 'bench', '--host', ...HOSTS, '--organization', 'Zürich Labor'], {cwd: both});
    await program.endsWith(0, RSA_DEADLINE);
    return program;
  })();
  return making;
}

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

// What hangs under which root.
const BELOW = {server: 'central-system-root', 'central-system-servers': 'central-system-root', 'charge-points': 'central-system-root',
  'firmware-signer': 'manufacturer-root'};
const ROOTS = ['central-system-root', 'manufacturer-root', 'spare-central-system-root', 'spare-manufacturer-root'];

describe('pki', {concurrency: 2}, () => {
  test('Init__BothFamilies__EveryChainVerifiesAndOnlyKeysAreSecret', async t => {
    const {initBoth, openssl, at} = desk(t);
    const made = await initBoth();
    assert.match(made.stdout, /^bench: keys and certificates of the bench for cs\.example, 192\.0\.2\.7, 2001:db8::7, valid until 20\d\d-/);
    for (const family of ['rsa', 'ec']) {
      const file = name => `bench/${family}/${name}/certificate.pem`;
      for (const root of ROOTS) openssl('verify', '-x509_strict', '-CAfile', file(root), file(root));
      for (const [name, root] of Object.entries(BELOW)) {
        const purpose = name === 'server' ? ['-purpose', 'sslserver'] : [];
        openssl('verify', '-x509_strict', '-auth_level', '2', ...purpose, '-CAfile', file(root), '-untrusted', file(name), file(name));
        const key = openssl('pkey', '-in', `bench/${family}/${name}/key.pem`, '-pubout');
        assert.equal(openssl('x509', '-in', file(name), '-noout', '-pubkey'), key);
      }
      assert.match(openssl('x509', '-in', file('server'), '-noout', '-text'), family === 'rsa' ? /Public-Key: \(2048 bit\)/ : /ASN1 OID: prime256v1/);
      for (const host of ['cs.example'])
        assert.match(openssl('x509', '-in', file('server'), '-noout', '-checkhost', host), /does match/);
      for (const address of ['192.0.2.7', '2001:db8::7'])
        assert.match(openssl('x509', '-in', file('server'), '-noout', '-checkip', address), /does match/);
      assert.match(openssl('x509', '-in', file('server'), '-noout', '-checkhost', 'other.example'), /does NOT match/);
      assert.match(openssl('x509', '-in', file('server'), '-noout', '-subject', '-nameopt', 'utf8'), /O=Zürich Labor, CN=cs\.example/);
    }
    assert.equal(mode(at('bench')), 0o700);
    const keys = everyFile(at('bench')).filter(isKey);
    assert.equal(keys.length, 12);
    for (const key of keys) {
      assert.equal(mode(key), 0o600, key);
      assert.equal(mode(path.dirname(key)), 0o700);
      assert.equal(path.basename(key), 'key.pem');
    }
    assert.deepEqual(fs.readdirSync(at('.')), ['bench']);
  });

  test('Init__SomethingThere__LeftAsItIs', async t => {
    const {call, at, init} = desk(t);
    await init('bench');
    const before = everyFile(at('bench')).map(file => fs.readFileSync(file, 'utf8'));
    assert.match((await call(2, 'init', 'bench', '--host', 'cs.example')).stderr, /bench: there is a PKI in this folder already .*move it away first/);
    assert.deepEqual(everyFile(at('bench')).map(file => fs.readFileSync(file, 'utf8')), before);
    fs.mkdirSync(at('full'));
    fs.writeFileSync(at('full/mine'), 'mine');
    assert.match((await call(2, 'init', 'full', '--host', 'cs.example')).stderr, /full: there are other things in this folder/);
    fs.writeFileSync(at('file'), 'mine');
    assert.match((await call(2, 'init', 'file', '--host', 'cs.example')).stderr, /file: the PKI cannot be written/);
    assert.match((await call(2, 'init', '.', '--host', 'cs.example')).stderr, /a folder of its own/);
    fs.mkdirSync(at('empty'), {mode: 0o755});
    await init('empty');
    assert.equal(mode(at('empty')), 0o700);
    assert.deepEqual(fs.readdirSync(at('.')).sort(), ['bench', 'empty', 'file', 'full']);
  });

  test('Init__ValuesThatCannotBe__StatusTwoAndNothingMade', async t => {
    const {call, folder} = desk(t);
    const rows = [
      [['--host', 'https://cs.example'], /--host: 'https:\/\/cs\.example' cannot be the host .*between wss:\/\/ and the port/],
      [['--host', 'cs.example:9000'], /--host: 'cs\.example:9000'/],
      [['--host', 'cs.example.'], /--host: 'cs\.example\.'/],
      [['--host', '\u001b[31m'], /--host: '\\x1b\[31m'/],
      [['--host', 'cs.example', '--organization', 'x'.repeat(65)], /--organization: .*longer than 64 characters/],
      [['--host', 'cs.example', '--organization', ''], /--organization: .*it is empty/],
      [['--host', 'cs.example', '--families', 'dsa'], /--families/],
      [['--host', 'cs.example', '--days', '0'], /--days/],
      [['--host', 'cs.example', '--days', '36501'], /--days/],
      [[], /--host is required/],
    ];
    for (const [args, words] of rows) assert.match((await call(2, 'init', 'bench', ...args)).stderr, words);
    assert.match((await call(2, 'init', '--host', 'cs.example')).stderr, /folder is required/);
    assert.match((await call(2, 'shwo')).stderr, /there is no subcommand 'shwo'; did you mean 'show'\?/);
    assert.match((await call(2, 'zzzzzz')).stderr, /'plugproof pki --help' lists them/);
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  test('Show__Folder__WhatOpensslSays', async t => {
    const {call, openssl, init} = desk(t);
    await init('bench');
    const text = (await call(0, 'show', 'bench')).stdout;
    const json = JSON.parse((await call(0, 'show', 'bench', '--format', 'json')).stdout);
    assert.equal(json.format, 1);
    assert.equal(json.folder, 'bench');
    assert.equal(json.usable, true);
    assert.deepEqual(json.certificates.map(one => one.name).sort(), [...ROOTS, ...Object.keys(BELOW)].map(name => `ec/${name}`).sort());
    for (const {name, file, certificate, problem} of json.certificates) {
      assert.equal(file, `bench/${name}/certificate.pem`);
      assert.equal(problem, null);
      const facts = openssl('x509', '-in', file, '-noout', '-serial', '-fingerprint', '-sha256', '-enddate', '-dateopt', 'iso_8601');
      const [, serial, fingerprint, end] = facts.match(/serial=0*([0-9A-F]+)\nsha256 Fingerprint=([0-9A-F:]+)\nnotAfter=(.*)Z/);
      assert.equal(certificate.serial_number, serial.toLowerCase());
      assert.equal(certificate.fingerprint, fingerprint.replaceAll(':', '').toLowerCase());
      assert.equal(certificate.not_after, `${end.replace(' ', 'T')}Z`);
      assert.deepEqual([certificate.key_kind, certificate.key_bits], ['EC', 256]);
      assert.deepEqual(certificate.hosts, name === 'ec/server' ? HOSTS : []);
      for (const fact of [name, certificate.common_name, certificate.serial_number, certificate.fingerprint, certificate.not_after])
        assert.ok(text.includes(fact), `${fact} of ${name} is not in the text`);
    }
    assert.match(text, /ec\/server: .*\n(  .*\n)*  Hosts +cs\.example, 192\.0\.2\.7, 2001:db8::7\n/);
    assert.match((await call(2, 'show', 'bench', '--certificate')).stderr, /'plugproof pki root FOLDER'/);
    assert.match((await call(2, 'show', 'nowhere')).stderr, /nowhere: there is no PKI in this folder.*'plugproof pki init FOLDER/);
  });

  test('Show__SomethingCannotBeUsed__StatusOneAndSaysWhat', async t => {
    const {call, at, init, openssl, request} = desk(t);
    await init('bench');
    request('old', '/CN=Old maker', ...EC);
    fs.writeFileSync(at('ca.cnf'), `[ca]\ndefault_ca=one\n[one]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any
x509_extensions=root\n[any]\ncommonName=supplied\n[root]\nbasicConstraints=critical,CA:TRUE\n`);
    fs.writeFileSync(at('index'), '');
    fs.writeFileSync(at('serial'), '01\n');
    openssl('ca', '-batch', '-config', 'ca.cnf', '-selfsign', '-keyfile', 'old.key', '-in', 'old.csr', '-notext',
      '-startdate', '20200101000000Z', '-enddate', '20210101000000Z', '-out', 'bench/charge-point-roots/old.pem');
    assert.match((await call(1, 'show', 'bench')).stdout, /charge-point-roots\/old\.pem: .*\n(  .*\n)*  CANNOT BE USED: it expired at 2021-01-01T00:00:00Z; move it out/);
    const json = JSON.parse((await call(1, 'show', 'bench', '--format', 'json')).stdout);
    assert.equal(json.usable, false);
    assert.match(json.certificates.find(one => one.problem).problem, /^it expired at /);
    assert.match((await call(2, 'root', 'bench')).stderr, /charge-point-roots\/old\.pem: this certificate cannot be used: it expired/);
  });

  test('AnyCommand__DamagedFolder__StatusTwoNamesFileAndRemedy', async t => {
    const {call, at, init, openssl} = desk(t);
    await init('bench');
    fs.writeFileSync(at('image'), 'firmware');
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'foreign.key');
    fs.chmodSync(at('foreign.key'), 0o600);
    const key = at('bench/ec/server/key.pem');
    const certificate = at('bench/ec/server/certificate.pem');
    const good = {key: fs.readFileSync(key), certificate: fs.readFileSync(certificate)};
    const damages = [
      [() => fs.chmodSync(key, 0o640), /server\/key\.pem: others than its owner can read this key.*chmod 600/],
      [() => fs.rmSync(key), /server\/key\.pem: the key is missing/],
      [() => fs.copyFileSync(at('foreign.key'), key), /server\/key\.pem: this key is not that of the certificate beside it; put back/],
      [() => fs.writeFileSync(key, good.key.subarray(0, 100)), /server\/key\.pem: there is no private key in PEM/],
      [() => fs.rmSync(certificate), /server\/certificate\.pem: this file is missing/],
      [() => fs.writeFileSync(certificate, good.certificate.subarray(0, 100)), /server\/certificate\.pem: .*in PEM/],
      [() => fs.copyFileSync(at('bench/ec/manufacturer-root/certificate.pem'), certificate), /server\/certificate\.pem: this does not lead to the root/],
      [() => fs.writeFileSync(at('bench/charge-point-roots/x.pem'), 'x'), /charge-point-roots\/x\.pem: there is no certificate in PEM/],
    ];
    const commands = [['show', 'bench'], ['root', 'bench'], ['sign-firmware', 'bench', 'image'],
      ['issue', 'bench', '--charge-point', 'SN-1', '--out', 'cp.pem', '--key-out', 'cp.key']];
    for (const [damage, words] of damages) {
      damage();
      for (const command of commands) {
        const program = await call(2, ...command);
        assert.match(program.stderr, words);
        assert.equal(program.stdout, '');
      }
      fs.rmSync(at('bench/charge-point-roots/x.pem'), {force: true});
      for (const [file, bytes] of [[key, good.key], [certificate, good.certificate]]) fs.writeFileSync(file, bytes, {mode: 0o600});
      fs.chmodSync(key, 0o600);
    }
    assert.ok(!fs.existsSync(at('cp.pem')) && !fs.existsSync(at('cp.key')));
    await call(0, 'show', 'bench');
  });

  test('Root__EachKind__AsInTheFolder', async t => {
    const {call, at, initBoth} = desk(t);
    await initBoth();
    const pem = (family, name) => fs.readFileSync(at(`bench/${family}/${name}/certificate.pem`), 'utf8');
    const both = name => pem('rsa', name) + pem('ec', name);
    assert.equal((await call(0, 'root', 'bench')).stdout, both('central-system-root'));
    for (const of of ['central-system', 'manufacturer', 'spare-central-system', 'spare-manufacturer']) {
      assert.equal((await call(0, 'root', 'bench', '--of', of)).stdout, both(`${of}-root`));
      assert.equal((await call(0, 'root', 'bench', '--of', of, '--family', 'ec')).stdout, pem('ec', `${of}-root`));
    }
    assert.match((await call(2, 'root', 'bench', '--of', 'nobody')).stderr, /--of/);
  });

  test('IssueChargePoint__Good__VerifiesAsClientForProfile3', async t => {
    const {call, at, initBoth, openssl, fails} = desk(t);
    await initBoth();
    for (const family of ['ec', 'rsa']) {
      const out = [`${family}.pem`, `${family}.key`];
      const issued = await call(0, 'issue', 'bench', '--charge-point', 'SN-0815', '--family', family, '--organization', 'Example CPO',
        '--days', '30', '--out', out[0], '--key-out', out[1]);
      assert.match(issued.stdout, /Subject +CN=SN-0815, O=Example CPO\n/);
      const root = `bench/${family}/central-system-root/certificate.pem`;
      openssl('verify', '-x509_strict', '-auth_level', '2', '-purpose', 'sslclient', '-CAfile', root, '-untrusted', out[0], out[0]);
      assert.ok(fails('verify', '-purpose', 'sslserver', '-CAfile', root, '-untrusted', out[0], out[0]));
      assert.equal(openssl('x509', '-in', out[0], '-noout', '-pubkey'), openssl('pkey', '-in', out[1], '-pubout'));
      assert.match(openssl('x509', '-in', out[0], '-noout', '-subject'), /O = Example CPO, CN = SN-0815/);
      openssl('x509', '-in', out[0], '-noout', '-checkend', String(29 * 86400));
      assert.ok(fails('x509', '-in', out[0], '-noout', '-checkend', String(31 * 86400)));
      assert.equal(mode(at(out[1])), 0o600);
      assert.equal(fs.readFileSync(at(out[0]), 'utf8').match(/BEGIN CERTIFICATE/g).length, 2);
    }
    const rsa = fs.readFileSync(at('rsa.key'));
    const again = ['issue', 'bench', '--charge-point', 'SN-1'];
    assert.match((await call(2, ...again, '--out', 'new.pem', '--key-out', 'rsa.key')).stderr, /--key-out: rsa\.key exists, and nothing is overwritten/);
    assert.match((await call(2, ...again, '--out', 'rsa.pem', '--key-out', 'new.key')).stderr, /--out: rsa\.pem exists/);
    assert.match((await call(2, ...again, '--out', 'no/new.pem', '--key-out', 'new.key')).stderr, /--out: no\/new\.pem cannot be written: No such file/);
    assert.deepEqual(fs.readFileSync(at('rsa.key')), rsa);
    assert.deepEqual(fs.readdirSync(at('.')).sort(), ['bench', 'ec.key', 'ec.pem', 'rsa.key', 'rsa.pem']);
  });

  test('IssueServer__OtherHosts__ReplacesTheOldOneAndNothingElse', async t => {
    const {call, at, initBoth, openssl} = desk(t);
    await initBoth();
    const contents = () => Object.fromEntries(everyFile(at('bench')).map(file => [path.relative(at('bench'), file), fs.readFileSync(file, 'utf8')]));
    const before = contents();
    await call(0, 'issue', 'bench', '--server', '--host', 'new.example,*.lab.example', '--host', '192.0.2.9');
    const after = contents();
    const changed = Object.keys(after).filter(file => after[file] !== before[file]);
    assert.deepEqual(changed.sort(), ['ec/server/certificate.pem', 'ec/server/key.pem', 'rsa/server/certificate.pem', 'rsa/server/key.pem']);
    assert.deepEqual(Object.keys(after).sort(), Object.keys(before).sort());
    const file = 'bench/rsa/server/certificate.pem';
    openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'bench/rsa/central-system-root/certificate.pem', '-untrusted', file, file);
    for (const host of ['new.example', 'one.lab.example']) assert.match(openssl('x509', '-in', file, '-noout', '-checkhost', host), /does match/);
    assert.match(openssl('x509', '-in', file, '-noout', '-checkhost', 'cs.example'), /does NOT match/);
    await call(0, 'show', 'bench');
    await call(0, 'issue', 'bench', '--server', '--family', 'ec', '--host', 'third.example', '--days', '50');
    assert.equal(contents()['rsa/server/certificate.pem'], after['rsa/server/certificate.pem']);
    assert.match((await call(2, 'issue', 'bench', '--server', '--host', 'x.example', '--days', '3651')).stderr, /--days: the root ends at .*; give fewer days/);
    for (const key of everyFile(at('bench')).filter(isKey)) assert.equal(mode(key), 0o600, key);
  });

  test('Issue__BadOnPurpose__OpensslRefusesEachAndTheFolderStaysGood', async t => {
    const {call, at, init, openssl, fails} = desk(t);
    await init('bench');
    const before = everyFile(at('bench')).map(file => fs.readFileSync(file, 'utf8'));
    const root = 'bench/ec/central-system-root/certificate.pem';
    const kinds = ['expired', 'not-yet-valid', 'wrong-host', 'wrong-ca', 'weak-key', 'wrong-order', 'no-intermediate', 'wrong-key', 'garbage'];
    for (const [who, purpose, ...more] of [['server', 'sslserver', '--server'], ['client', 'sslclient', '--charge-point', 'SN-1']]) {
      for (const kind of kinds) {
        const [certificate, key] = [`${who}-${kind}.pem`, `${who}-${kind}.key`];
        const made = await call(0, 'issue', 'bench', ...more, '--bad', kind, '--out', certificate, '--key-out', key);
        assert.match(made.stdout, new RegExp(`BAD ON PURPOSE: ${kind}\\. A (charge point|Central System) (has to|may) refuse it`));
        assert.equal(mode(at(key)), 0o600);
        const name = who === 'server' ? ['-verify_hostname', 'cs.example'] : [];
        const refused = fails('verify', '-auth_level', '2', '-purpose', purpose, ...name, '-CAfile', root, '-untrusted', certificate, certificate);
        const pem = fs.readFileSync(at(certificate), 'utf8');
        const own = kind !== 'garbage' && openssl('x509', '-in', certificate, '-noout', '-pubkey') === openssl('pkey', '-in', key, '-pubout');
        // Order, key and a client's name are not what `openssl verify` looks at.
        const other = kind === 'wrong-order' ? pem.match(/BEGIN CERTIFICATE/g).length === 3
          : kind === 'wrong-key' ? !own
            : kind === 'wrong-host' && who === 'client' ? !/CN = SN-1/.test(openssl('x509', '-in', certificate, '-noout', '-subject')) : refused;
        assert.ok(other, `${who} ${kind} is not bad`);
        assert.equal(own, kind !== 'wrong-key' && kind !== 'garbage', `${who} ${kind}`);
      }
    }
    assert.deepEqual(everyFile(at('bench')).map(file => fs.readFileSync(file, 'utf8')), before);
    const program = await call(2, 'issue', 'bench', '--server', '--bad', 'expird', '--out', 'x', '--key-out', 'y');
    assert.match(program.stderr, /--bad: 'expird' is no kind of bad certificate; did you mean 'expired'\?/);
    assert.match((await call(2, 'issue', 'bench', '--server', '--bad', 'quux', '--out', 'x', '--key-out', 'y')).stderr, /there are expired, not-yet-valid, .*garbage/);
  });

  test('Issue__OptionsThatDoNotGoTogether__StatusTwo', async t => {
    const {call, init, folder} = desk(t);
    await init('bench');
    const out = ['--out', 'x.pem', '--key-out', 'x.key'];
    const rows = [
      [[], /--charge-point SERIAL or --server/],
      [['--server', '--charge-point', 'SN-1', ...out], /--charge-point SERIAL or --server/],
      [['--charge-point', 'SN-1'], /--out and --key-out are needed/],
      [['--charge-point', 'SN-1', '--out', 'x.pem'], /--out and --key-out are needed/],
      [['--charge-point', 'SN-1', '--out', 'x', '--key-out', 'x'], /name the same file/],
      [['--charge-point', 'x'.repeat(65), ...out], /--charge-point: .*longer than 64/],
      [['--charge-point', 'SN-1', '--host', 'cs.example', ...out], /--host is for --server/],
      [['--charge-point', 'SN-1', '--family', 'rsa', ...out], /--family: there are no RSA keys in bench/],
      [['--charge-point', 'SN-1', '--days', 'ten', ...out], /--days/],
      [['--server'], /--host is needed/],
      [['--server', '--host', 'a b'], /--host: 'a b'/],
      [['--server', '--host', 'cs.example', ...out], /goes into the folder/],
      [['--server', '--bad', 'expired'], /--out and --key-out are needed/],
    ];
    for (const [args, words] of rows) assert.match((await call(2, 'issue', 'bench', ...args)).stderr, words);
    assert.deepEqual(fs.readdirSync(folder), ['bench']);
  });

  test('SignCsr__RequestByOpenssl__CertificateForItsKeyAndSubject', async t => {
    const {call, initBoth, openssl, request, at} = desk(t);
    await initBoth();
    for (const [name, family, ...key] of [['e', 'ec', ...EC], ['r', 'rsa', 'rsa:2048']]) {
      request(name, '/O=Example CPO/CN=SN-0815', ...key);
      const signed = await call(0, 'sign-csr', 'bench', `${name}.csr`, '--days', '365', '--out', `${name}.pem`);
      assert.match(signed.stdout, /Common name +SN-0815\n +Organization Example CPO\n +Key +(EC, 256|RSA, 2048) bits\nSigned: certificate and chain in/);
      openssl('verify', '-x509_strict', '-auth_level', '2', '-purpose', 'sslclient', '-CAfile', `bench/${family}/central-system-root/certificate.pem`,
        '-untrusted', `${name}.pem`, `${name}.pem`);
      assert.equal(openssl('x509', '-in', `${name}.pem`, '-noout', '-pubkey'), openssl('pkey', '-in', `${name}.key`, '-pubout'));
      assert.match(openssl('x509', '-in', `${name}.pem`, '-noout', '-subject'), /O = Example CPO, CN = SN-0815/);
      assert.equal(signed.stderr, '');
    }
    assert.match((await call(2, 'sign-csr', 'bench', 'e.csr', '--out', 'r.pem')).stderr, /--out: r\.pem exists/);
    assert.match((await call(2, 'sign-csr', 'bench', 'e.csr')).stderr, /--out is required/);
    assert.match((await call(2, 'sign-csr', 'bench', 'none.csr', '--out', 'x.pem')).stderr, /none\.csr: this file is missing/);
    assert.match((await call(2, 'sign-csr', 'bench', 'e.pem', '--out', 'x.pem')).stderr, /e\.pem: there is no certificate signing request in PEM/);
    assert.ok(!fs.existsSync(at('x.pem')));
  });

  test('SignCsr__RuleBroken__StatusOneWithEveryReasonAndForceOnlyForWhatIsWeak', async t => {
    const {call, init, openssl, request, at} = desk(t);
    await init('bench');
    const strong = request('strong', '/O=Example CPO/CN=SN-1', ...EC);
    const der = Buffer.from(fs.readFileSync(at(strong), 'utf8').replace(/-----.*-----|\s/g, ''), 'base64');
    der[der.indexOf('SN-1')] ^= 1;  // RN-1
    fs.writeFileSync(at('forged.csr'), `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`);
    const rows = [
      [request('weak', '/O=Example CPO/CN=SN-1', 'rsa:1024'), [/the RSA key has 1024 bits; at least 2048/], true],
      [request('p192', '/O=Example CPO/CN=SN-1', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-192'), [/the EC key has 192 bits; at least 224/], true],
      [request('edwards', '/O=Example CPO/CN=SN-1', 'ed25519'), [/the kind Ed25519/], true],
      [request('sha1', '/O=Example CPO/CN=SN-1', ...EC, '-sha1'), [/digest of 160 bits/], true],
      [request('nobody', '/O=Example CPO', ...EC), [/no common name \(CN\): it has to be the serial number/], false],
      [request('free', '/CN=SN-1', ...EC), [/no organization \(O\): .*CpoName/], false],
      [request('both', '/C=NL', 'rsa:1024'), [/1024 bits/, /no common name/, /no organization/], false],
      ['forged.csr', [/the signature does not hold/], false],
    ];
    for (const [file, words, forced] of rows) {
      const refused = await call(1, 'sign-csr', 'bench', file, '--out', 'out.pem');
      for (const word of words) assert.match(refused.stderr, word);
      assert.equal((refused.stderr.match(/^ {2}- /gm) ?? []).length, words.length);
      assert.equal(/--force/.test(refused.stderr), file !== 'forged.csr' && /bits|Ed25519/.test(refused.stderr), refused.stderr);
      assert.ok(!fs.existsSync(at('out.pem')));
      const again = await call(forced ? 0 : 1, 'sign-csr', 'bench', file, '--force', '--out', 'out.pem');
      assert.match(again.stderr, forced ? /^plugproof: warning: signed all the same:/ : /nothing was signed/);
      assert.equal(fs.existsSync(at('out.pem')), forced);
      if (forced) assert.match(openssl('x509', '-in', 'out.pem', '-noout', '-subject'), /CN = SN-1/);
      fs.rmSync(at('out.pem'), {force: true});
    }
  });

  test('SignFirmware__EachFamilyAndPadding__OpensslVerifies', async t => {
    const {call, initBoth, openssl, fails, at} = desk(t);
    await initBoth();
    fs.writeFileSync(at('image'), Buffer.from(Array.from({length: 70000}, (_, i) => i % 251)));
    fs.writeFileSync(at('other'), 'another image');
    const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];
    for (const [family, args, options] of [['ec', [], []], ['ec', ['--family', 'ec'], []], ['rsa', ['--family', 'rsa'], []],
      ['rsa', ['--padding', 'pkcs1'], []], ['rsa', ['--padding', 'pss', '--family', 'rsa'], pss]]) {
      const signed = await call(0, 'sign-firmware', 'bench', 'image', ...args);
      assert.match(signed.stdout, /^[A-Za-z0-9+/]+=*\n$/);
      const certificate = `bench/${family}/firmware-signer/certificate.pem`;
      assert.ok(signed.stderr.includes(`the signing certificate is ${certificate}`), signed.stderr);
      fs.writeFileSync(at('signature'), Buffer.from(signed.stdout, 'base64'));
      fs.writeFileSync(at('public.pem'), openssl('x509', '-in', certificate, '-noout', '-pubkey'));
      const verify = image => ['dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', ...options, image];
      assert.match(openssl(...verify('image')), /Verified OK/);
      assert.ok(fails(...verify('other')));
      openssl('verify', '-x509_strict', '-CAfile', `bench/${family}/manufacturer-root/certificate.pem`, '-untrusted', certificate, certificate);
    }
    const kept = await call(0, 'sign-firmware', 'bench', 'image', '--out', 'image.sig');
    assert.match(kept.stdout, /the signing certificate is/);
    assert.equal(kept.stderr, '');
    assert.match(fs.readFileSync(at('image.sig'), 'utf8'), /^[A-Za-z0-9+/]+=*\n$/);
    assert.match((await call(2, 'sign-firmware', 'bench', 'image', '--out', 'image.sig')).stderr, /--out: image\.sig exists/);
  });

  test('SignFirmware__WhatCannotBeSigned__StatusTwo', async t => {
    const {call, init, at} = desk(t);
    await init('bench');
    fs.writeFileSync(at('image'), 'firmware');
    fs.writeFileSync(at('empty'), '');
    const rows = [
      [['none'], /none: the firmware image cannot be read/],
      [['bench'], /bench: the firmware image cannot be read/],
      [['empty'], /empty: the firmware image is empty/],
      [['image', '--padding', 'oaep'], /--padding/],
      [['image', '--padding', 'pss'], /--family: there are no RSA keys in bench/],
      [['image', '--padding', 'pss', '--family', 'ec'], /--padding: an ECDSA signature has none/],
      [['image', '--out', 'no/x'], /--out: no\/x cannot be written/],
    ];
    for (const [args, words] of rows) {
      const program = await call(2, 'sign-firmware', 'bench', ...args);
      assert.match(program.stderr, words);
      assert.equal(program.stdout, '');
    }
  });

  test('Show__NoFolderAsJson__TheBenchKey', async t => {
    const folder = scratch(t);
    const call = async (...args) => {
      const program = plugproof(t, ['pki', ...args], {env: {PLUGPROOF_STATE: folder}});
      await program.endsWith(0);
      return program.stdout;
    };
    await call('bench-key', '--name', 'Example Laboratory');
    const shown = JSON.parse(await call('show', '--format', 'json'));
    assert.deepEqual(Object.keys(shown), ['format', 'bench_key']);
    assert.equal(shown.bench_key.name, 'Example Laboratory');
    assert.match(await call('show'), new RegExp(`Fingerprint +${shown.bench_key.fingerprint}`));
    assert.equal(shown.bench_key.file, path.join(folder, 'bench-key.pem'));
  });
});
