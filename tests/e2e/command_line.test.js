'use strict';
// What the command says to files and arguments that it cannot use: exit status 2, one message on standard error that
// names the place and the remedy, and no run folder.

const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const {createHash} = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const {describe, test} = require('node:test');

const {PICS} = require('./lib/bench.js');
const {plugproof, project, scratch} = require('./lib/program.js');

// The text of a project file with one piece replaced.
function changed(file, from, to) {
  const text = fs.readFileSync(path.join(project, file), 'utf8');
  assert.ok(text.includes(from), `${file} no longer holds '${from}'`);
  return text.replace(from, to);
}

// A copy of the suite with one file changed.
function changedSuite(folder, file, from, to) {
  const copy = path.join(folder, 'suite');
  fs.cpSync(path.join(project, 'testcases'), copy, {recursive: true});
  fs.writeFileSync(path.join(copy, file), changed(path.join('testcases', file), from, to));
  return copy;
}

const KEY = '4F43415F4F4354545F61646D696E5F74657374';

// A root certificate in PEM.
function root() {
  return execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null',
    '-subj', '/O=Operator/CN=Root', '-days', '9'], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
}

// Each row: what is wrong, the files it needs (name -> text), the arguments ({} stands for the folder of the files)
// and what the message has to say, all of it.
const simulate = (profile, ...more) => ['simulate', '--pics', PICS, '--security-profile', profile, ...more, 'wss://127.0.0.1:9/CP001'];
const run = (...more) => ['run', '--pics', PICS, '--out', '{}/runs', ...more];
const files = [
  ['PicsMissing', {}, ['run', '--pics', '{}/none.yaml', '--out', '{}/runs'], [/none\.yaml: error: the file cannot be read/, /check the path/]],
  ['PicsEmpty', {'pics.yaml': ''}, ['run', '--pics', '{}/pics.yaml', '--out', '{}/runs'], [/pics\.yaml/]],
  ['PicsNotYaml', {'pics.yaml': 'generation: [2024'}, ['run', '--pics', '{}/pics.yaml', '--out', '{}/runs'], [/pics\.yaml:\d+:\d+: error/]],
  ['PicsBinary', {'pics.yaml': Buffer.from([0, 255, 254, 7, 0, 128])}, ['run', '--pics', '{}/pics.yaml', '--out', '{}/runs'], [/pics\.yaml/]],
  ['PicsUnknownId', {'pics.yaml': () => changed(PICS, 'C-07: yes', 'C-77: yes')}, ['run', '--pics', '{}/pics.yaml', '--out', '{}/runs'],
   [/pics\.yaml:\d+:\d+: error: .*C-77/, /did you mean/]],
  ['PicsUnknownGeneration', {'pics.yaml': () => changed(PICS, "generation: '2024'", "generation: '2030'")},
   ['run', '--pics', '{}/pics.yaml', '--out', '{}/runs'], [/pics\.yaml:2:13: error: .*generation/, /write '2019', '2024' or '2025'/]],
  ['PixitMissing', {}, run('--pixit', '{}/none.yaml'), [/none\.yaml: error: the file cannot be read/, /check the path/]],
  ['PixitUnknownKey', {'pixit.yaml': 'quiet_tme: 10'}, run('--pixit', '{}/pixit.yaml'), [/pixit\.yaml:1:1: error: .*quiet_tme/, /did you mean 'quiet_time'/]],
  ['PixitWrongType', {'pixit.yaml': 'port: many'}, run('--pixit', '{}/pixit.yaml'), [/pixit\.yaml:1:7: error: 'port' must be a number from 0 to 65535/]],
  ['PixitUnknownRig', {'pixit.yaml': 'rig: {adapters: [consol]}'}, run('--pixit', '{}/pixit.yaml'), [/no rig adapter 'consol'/, /did you mean 'console'/]],
  ['PixitCommandWithoutProgram', {'pixit.yaml': 'rig: {adapters: [command]}'}, run('--pixit', '{}/pixit.yaml'), [/needs a program/, /write command: \[/]],
  ['PixitHttpWithoutServer', {'pixit.yaml': 'rig: {adapters: [http]}'}, run('--pixit', '{}/pixit.yaml'), [/needs the laboratory's server/, /write http: \{station/]],
  ['PixitHttpWrongUrl', {'pixit.yaml': 'rig: {adapters: [http], http: {station: "http://lab/api/v1"}}'}, run('--pixit', '{}/pixit.yaml'),
   [/pixit\.yaml:1:41: error: 'station' is no usable URL: leave \/api\/v1 out/, /write it as in station: http:/]],
  ['PixitHttpForbiddenHeader', {'pixit.yaml': 'rig: {http: {station: "http://lab", headers: {Host: x}}}'}, run('--pixit', '{}/pixit.yaml'),
   [/pixit\.yaml:1:47: error: 'Host' cannot be set as a header/]],
  ['PixitSimulatorRigForARealDevice', {'pixit.yaml': 'rig: {adapters: [simulator]}\nport: 0'}, run('--dut', 'listen', '--pixit', '{}/pixit.yaml'),
   [/'simulator' is for --dut simulated/, /'command', 'http' or 'console'/]],
  ['PixitSameTagTwice', {'pixit.yaml': 'valid_id_tag: A\ninvalid_id_tag: A'}, run('--pixit', '{}/pixit.yaml'), [/pixit\.yaml:\d+:\d+: error: .*must differ/]],
  ['SuiteMissing', {}, run('--suite', '{}/none'), [/none: error: the suite's folder cannot be read/, /--suite/]],
  ['SuiteWithoutProgramme', {'suite/notes.txt': 'nothing'}, run('--suite', '{}/suite'), [/suite: error: there is no programme\.yaml/, /--suite/]],
  ['CaseWithUnknownMessage', folder => changedSuite(folder, 'core/TC_010_CS.yaml', 'title:', 'titel:'), run('--suite', '{}/suite'),
   [/core\/TC_010_CS\.yaml:\d+:\d+: error: .*titel/, /did you mean 'title'/]],
  ['CaseWithUnknownAction', folder => changedSuite(folder, 'core/TC_012_CS.yaml', 'send: RemoteStopTransaction', 'send: RemoteStpTransaction'),
   run('--suite', '{}/suite'), [/core\/TC_012_CS\.yaml:\d+:\d+: error: .*RemoteStpTransaction/, /did you mean 'RemoteStopTransaction'/]],
  ['CaseWithUnknownState', folder => changedSuite(folder, 'core/TC_010_CS.yaml', 'state: Charging', 'state: Chargin'), run('--suite', '{}/suite'),
   [/core\/TC_010_CS\.yaml:\d+:\d+: error: .*Chargin/, /did you mean 'Charging'/]],
  ['SimulateWithoutRoots', {}, simulate('2', '--authorization-key', KEY), [/security profile 2: no root certificate/]],
  ['SimulateWithoutKey', {}, simulate('1'), [/security profile 1: it needs an authorization key/]],
  ['SimulateWithoutCertificate', {'root.pem': root}, simulate('3', '--roots', '{}/root.pem'), [/security profile 3: there is no charge point certificate/]],
  ['SimulateRootsMissing', {}, simulate('2', '--roots', '{}/none.pem'), [/none\.pem/, /--roots/]],
  ['SimulateRootsOfAnotherKind', {}, simulate('2', '--roots', PICS), [/--roots: pics\/certified\/CHQ-S-07SR\.yaml: there is no certificate in PEM/]],
  ['SimulateManufacturerRootsMissing', {}, simulate('1', '--manufacturer-roots', '{}/none.pem'), [/none\.pem/, /--manufacturer-roots/]],
  ['SimulateCertificateWithoutKey', {'root.pem': root}, simulate('3', '--client-certificate', '{}/root.pem'),
   [/--client-certificate and --client-key go together/]],
  ['SimulateClientKeyMissing', {'root.pem': root}, simulate('3', '--client-certificate', '{}/root.pem', '--client-key', '{}/none.pem'),
   [/none\.pem/, /--client-key/]],
  ['SimulateClientKeyThatIsNone', {'root.pem': root}, simulate('3', '--client-certificate', '{}/root.pem', '--client-key', '{}/root.pem'),
   [/--client-key: .*root\.pem/, /private key/]],
];

const words = [
  ['NoSubcommand', [], [/subcommand is required/, /--help/]],
  ['UnknownSubcommand', ['rnu'], [/no subcommand 'rnu'/, /did you mean 'run'|--help/]],
  ['UnknownOption', run('--pixti', 'x'), [/--pixti/, /--help/]],
  ['PicsNotNamed', ['run', '--out', '{}/runs'], [/--pics is required/, /--help/]],
  ['UnknownCase', run('--only', 'TC_010_CX'), [/--only: error: there is no test case 'TC_010_CX'/, /did you mean 'TC_010_CS'/]],
  ['UnknownGroup', run('--group', 'cor'), [/--group: error: there is no group 'cor'/, /did you mean 'core'/]],
  ['NothingSelected', run('--only', 'TC_017_1_CS'), [/no test case is selected/, /plugproof plan/]],
  ['UnknownEdition', run('--edition', '2024'), [/--edition: '2024'/, /2024-04 and 2025-11/]],
  ['UnknownDut', run('--dut', 'real'), [/--dut: 'real'/, /'simulated' or 'listen'/]],
  ['OutUnwritable', ['run', '--pics', PICS, '--out', '/proc/runs'], [/cannot create \/proc\/runs\//, /--out/]],
  ['OutIsAFile', ['run', '--pics', PICS, '--out', PICS], [/cannot create .*: Not a directory/, /--out/]],
  ['NameOfTheParentFolder', run('--name', '..'), [/--name: '\.\.'/, /choose another/]],
  ['UnknownDefect', run('--defect', 'unlock-fixd-cable'), [/defect 'unlock-fixd-cable'/, /unlock-fixed-cable/]],
  ['DefectOfNoKind', run('--defect', 'nonsense'), [/defect 'nonsense'/, /--list-defects/]],
  ['DefectForARealDevice', run('--dut', 'listen', '--defect', 'no-reset'), [/--defect/, /--dut simulated/]],
  ['PortOutOfRange', run('--dut', 'listen', '--port', '70000'), [/--port/, /65535/]],
  ['AddressNotDigits', run('--dut', 'listen', '--port', '0', '--address', 'bench.example'), [/'bench\.example': this is no IP address/, /127\.0\.0\.1/]],
  ['NegativeSeed', run('--seed', '-1'), [/--seed/]],
  ['FirmwareImageMissing', run('--firmware-image', '{}/none.bin'), [/--firmware-image: .*none\.bin cannot be read/, /name the file/]],
  ['FirmwareImageAFolder', run('--firmware-image', '{}'), [/--firmware-image: .* cannot be read/]],
  ['PlanOfMissingPics', ['plan', '--pics', '{}/none.yaml'], [/none\.yaml: error: the file cannot be read/]],
  ['PlanAgainstNoEdition', ['plan', '--pics', PICS, '--against', '2024'], [/--against: '2024' is no edition/, /2024-04 and 2025-11/]],
  ['PlanAgainstItself', ['plan', '--pics', PICS, '--edition', '2025-11', '--against', '2025-11'], [/--against: 2025-11 is the edition of the plan itself/, /name the other one/]],
  ['ExplainUnknownCase', ['explain', 'TC_010_CX'], [/no test case 'TC_010_CX'/, /did you mean 'TC_010_CS'/]],
  ['ReportOfNoRun', ['report', '{}/none'], [/none\/journal\.jsonl: the journal cannot be opened/, /name the folder of a run/]],
  ['ReportUnknownFormat', ['report', '--format', 'xlsx', '{}'], [/--format: xlsx/, /junit/]],
  ['VerifyOfNoRun', ['verify', '{}/none'], [/none\/journal\.jsonl: the journal cannot be opened/, /name the folder of a run/]],
  ['ShardOfNoNumber', run('--shard', '2of5'), [/--shard: '2of5' is no shard/, /such as 2\/5/]],
  ['ShardBeyondTheLast', run('--shard', '6/5'), [/--shard: '6\/5' is no shard/]],
  ['PlanOfAWrongShard', ['plan', '--pics', PICS, '--shard', '0/5'], [/--shard: '0\/5' is no shard/]],
  ['CompareWithNoRun', ['compare', '{}/none', '{}/none'], [/none\/journal\.jsonl: the journal cannot be opened/, /name the folder of a run/]],
  ['CompareOneRun', ['compare', '{}/none'], [/after is required/, /--help/]],
  ['MergeOfNoRun', ['merge', '{}/none', '--out', '{}/joint'], [/none\/journal\.jsonl: the journal cannot be opened/, /name the folder of a run/]],
  ['MergeWithoutOut', ['merge', '{}/none'], [/--out is required/, /--help/]],
  ['ActWithoutSimulator', ['act', '--control', '{}/none.sock', 'plug_in', 'connector=1'], [/none\.sock/, /start 'plugproof simulate --control/]],
  ['SimulateWithoutUrl', ['simulate', '--pics', PICS], [/URL, e\.g\. ws:\/\//]],
  ['SimulateWrongScheme', ['simulate', '--pics', PICS, 'http://127.0.0.1:9000/CP001'], [/'http:\/\/127\.0\.0\.1:9000\/CP001'/, /ws:\/\//]],
  ['SimulateWithoutIdentity', ['simulate', '--pics', PICS, 'ws://127.0.0.1:9000/'], [/identity at the end/]],
  ['SimulateUnknownDefect', ['simulate', '--pics', PICS, '--defect', 'nonsense', 'ws://127.0.0.1:9000/CP001'], [/defect 'nonsense'/, /--list-defects/]],
  ['SimulateControlNotCreatable', ['simulate', '--pics', PICS, '--control', '/proc/cp.sock', 'ws://127.0.0.1:9000/CP001'], [/\/proc\/cp\.sock/, /--control/]],
];

function lay(folder, wanted) {
  if (typeof wanted === 'function') {
    wanted(folder);
    return;
  }
  for (const [name, text] of Object.entries(wanted)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.writeFileSync(path.join(folder, name), typeof text === 'function' ? text() : text);
  }
}

async function refused(t, folder, args, says) {
  const program = plugproof(t, args.map(word => word.replace('{}', folder)));
  await program.endsWith(2);
  for (const pattern of says) assert.match(program.stderr, pattern);
  assert.doesNotMatch(program.stderr, /internal error|terminate called|what\(\)|std::/);
  assert.ok(program.stderr.split('\n').length < 12, program.stderr);
  const runs = path.join(folder, 'runs');
  assert.deepEqual(fs.existsSync(runs) ? fs.readdirSync(runs) : [], [], 'a run folder was left behind');
}

describe('command line', {concurrency: 2}, () => {
  for (const [what, wanted, args, says] of files)
    test(`CommandLine__${what}__StatusTwoWithPlaceAndRemedy`, async t => {
      const folder = scratch(t);
      lay(folder, wanted);
      await refused(t, folder, args, says);
    });

  for (const [what, args, says] of words)
    test(`CommandLine__${what}__StatusTwoWithPlaceAndRemedy`, t => refused(t, scratch(t), args, says));

  test('CommandLine__NameOfARunThatExists__RefusedAndThatRunUntouched', async t => {
    const folder = scratch(t);
    const args = ['run', '--pics', PICS, '--out', folder, '--name', 'twice', '--only', 'TC_021_CS'];
    await plugproof(t, args).endsWith(0);
    const journal = path.join(folder, 'twice', 'journal.jsonl');
    const before = fs.readFileSync(journal);
    const again = plugproof(t, args);
    await again.endsWith(2);
    assert.match(again.stderr, /twice holds a run already; choose another --name/);
    assert.deepEqual(fs.readFileSync(journal), before);
  });

  test('CommandLine__OptionsThatRepeatBeforeAPositional__TakeOneValueEach', async t => {
    const folder = scratch(t);
    await plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', 'run', '--only', 'TC_021_CS']).endsWith(0);
    await plugproof(t, ['report', '--format', 'junit', path.join(folder, 'run')]).endsWith(0);
  });

  test('Plan__AgainstAnotherEdition__SaysWhatDiffers', async t => {
    const plan = async (...more) => {
      const program = plugproof(t, ['plan', '--pics', PICS, ...more]);
      await program.endsWith(0);
      return program.stdout;
    };
    const text = await plan('--edition', '2025-11', '--against', '2024-04');
    assert.match(text, /\nAgainst edition 2024-04\n/);
    assert.match(text, /^2025-11 only +TC_053_1_CS /m);
    assert.match(text, /^2024-04 only +TC_053_CS /m);
    assert.match(text, /^differs +TC_036_CS /m);
    assert.doesNotMatch(text, /^differs +TC_003_CS /m);
    const {against} = JSON.parse(await plan('--edition', '2024-04', '--against', '2025-11', '--format', 'json'));
    assert.equal(against.edition, '2025-11');
    assert.ok(against.here.includes('TC_053_CS') && against.there.includes('TC_053_2_CS') && against.differing.includes('TC_036_CS'));
  });

  test('Report__FormatGithub__SummaryAppendedToTheFileOfTheJob', async t => {
    const folder = scratch(t);
    await plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', 'run', '--only', 'TC_021_CS']).endsWith(0);
    const job = path.join(folder, 'job.md');
    fs.writeFileSync(job, 'of an earlier step\n');
    const report = (env, ...more) => plugproof(t, ['report', ...more, path.join(folder, 'run')], {env});
    await report({GITHUB_STEP_SUMMARY: job}, '--format', 'github').endsWith(0);
    const summary = fs.readFileSync(path.join(folder, 'run', 'summary.md'), 'utf8');
    assert.match(summary, /^## plugproof: .*\n\n1 passed, 0 failed/);
    assert.equal(fs.readFileSync(job, 'utf8'), `of an earlier step\n${summary}`);
    // Other formats leave the file of the job alone.
    await report({GITHUB_STEP_SUMMARY: job}).endsWith(0);
    assert.equal(fs.readFileSync(job, 'utf8'), `of an earlier step\n${summary}`);
    const refused = report({GITHUB_STEP_SUMMARY: path.join(folder, 'none', 'job.md')}, '--format', 'github');
    await refused.endsWith(2);
    assert.match(refused.stderr, /GITHUB_STEP_SUMMARY: .*job\.md cannot be written; unset the variable/);
  });

  test('CommandLine__FirmwareImage__ItsDigestInRecordAndAbstract', async t => {
    const folder = scratch(t);
    const image = path.join(folder, 'fw.bin');
    fs.writeFileSync(image, 'firmware');
    const args = ['run', '--pics', PICS, '--out', folder, '--only', 'TC_021_CS', '--firmware-image', image, '--name'];
    await plugproof(t, [...args, 'one']).endsWith(0);
    await plugproof(t, [...args, 'two']).endsWith(0);
    const read = (run, file) => fs.readFileSync(path.join(folder, run, file), 'utf8');
    const digest = createHash('sha256').update('firmware').digest('hex');
    assert.match(read('one', 'abstract.md'), new RegExp(`Firmware image hash \\| ${digest} `));
    assert.doesNotMatch(read('one', 'journal.jsonl').split('\n')[0], /"instance"/, 'virtual time has no instance');
    assert.equal(read('one', 'journal.jsonl'), read('two', 'journal.jsonl'));
  });

  test('Report__PdfWithoutAProgram__StatusTwoSaysWhatToInstall', async t => {
    const folder = scratch(t);
    await plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', 'run', '--only', 'TC_021_CS']).endsWith(0);
    const report = plugproof(t, ['report', '--format', 'pdf', path.join(folder, 'run')], {env: {PATH: folder}});
    await report.endsWith(2);
    assert.match(report.stderr, /install weasyprint .* or chromium/);
  });

  test('Shards__RunMergedAndVerified__OneRunOfAllCases', async t => {
    const folder = scratch(t);
    const cases = 'TC_010_CS,TC_012_CS,TC_021_CS';
    const shard = (index, of) => plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', `s${index}`, '--only', cases, '--shard', `${index}/${of}`]);
    await shard(1, 2).endsWith(0);
    await shard(2, 2).endsWith(0);
    const runs = [path.join(folder, 's2'), path.join(folder, 's1')];
    const joint = path.join(folder, 'joint');
    await plugproof(t, ['merge', ...runs, '--out', joint]).endsWith(0);
    const results = JSON.parse(fs.readFileSync(path.join(joint, 'results.json'), 'utf8'));
    assert.equal(results.counts.pass, 3);
    assert.deepEqual(results.run.merged.map(source => source.shard.index), [1, 2]);
    await plugproof(t, ['verify', joint]).endsWith(0);
    fs.appendFileSync(path.join(joint, 'shards', '1', 'journal.jsonl'), ' ');
    const changed = plugproof(t, ['verify', joint]);
    await changed.endsWith(1);
    assert.match(changed.stdout, /changed since it was merged: shards\/1\/journal\.jsonl/);
    // One is missing: joined all the same, and not whole.
    const half = plugproof(t, ['merge', runs[0], '--out', path.join(folder, 'half')]);
    await half.endsWith(3);
    assert.match(half.stderr, /shard 1 of 2 is missing/);
    // The same cases twice.
    const twice = plugproof(t, ['merge', runs[0], runs[0], '--out', path.join(folder, 'twice')]);
    await twice.endsWith(2);
    assert.match(twice.stderr, /shard 2 of 2, which is there already/);
    assert.ok(!fs.existsSync(path.join(folder, 'twice')));
    // More machines than cases.
    const empty = shard(9, 9);
    await empty.endsWith(0);
    assert.match(empty.stderr, /shard 9\/9 has nothing to run/);
    assert.ok(!fs.existsSync(path.join(folder, 's9')));
  });

  test('Compare__WorseAndSame__StatusAndSummaryOfTheJob', async t => {
    const folder = scratch(t);
    const play = (name, ...more) => plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', name, '--only', 'TC_012_CS', ...more]);
    await play('old').endsWith(0);
    await play('new', '--defect', 'alter:StopTransaction.reason="Local"').endsWith(1);
    await play('slow', '--defect', 'delay:StopTransaction=9').endsWith(0);
    const compare = (after, ...more) => plugproof(t, ['compare', path.join(folder, 'old'), path.join(folder, after), ...more], {env: {GITHUB_STEP_SUMMARY: path.join(folder, 'job.md')}});
    const same = compare('old');
    await same.endsWith(0);
    assert.match(same.stdout, /Nothing differs; 1 case judged in both runs/);
    await compare('new', '--format', 'github').endsWith(1);
    assert.match(fs.readFileSync(path.join(folder, 'job.md'), 'utf8'), /Verdicts: 1 worse/);
    const json = compare('new', '--format', 'json');
    await json.endsWith(1);
    assert.equal(JSON.parse(json.stdout).cases[0].change, 'worse');
    await compare('slow').endsWith(0);
    await compare('slow', '--slower-is-worse').endsWith(1);
  });

  test('Verify__OneByteOfTheJournalChanged__StatusOne', async t => {
    const folder = scratch(t);
    await plugproof(t, ['run', '--pics', PICS, '--out', folder, '--name', 'run', '--only', 'TC_021_CS']).endsWith(0);
    const journal = path.join(folder, 'run', 'journal.jsonl');
    fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('"verdict":"pass"', '"verdict":"fail"'));
    const verify = plugproof(t, ['verify', path.join(folder, 'run')]);
    await verify.endsWith(1);
    assert.match(verify.stdout, /changed since the run/);
  });
});
