'use strict';
// A run judged again from outside: the same verdicts from anywhere, a forger found out, and what a corrected suite
// would change. Runs on real time are judged again where they are made (processes, transfers).

const assert = require('node:assert/strict');
const {createHash} = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {describe, test} = require('node:test');

const {PICS} = require('./lib/bench.js');
const {plugproof, project, scratch} = require('./lib/program.js');

const CASES = ['TC_003_CS', 'TC_017_2_CS', 'TC_021_CS'];

// A recorded run; its folder.
async function record(t, {more = [], status = 0} = {}) {
  const folder = scratch(t);
  await plugproof(t, ['run', '--pics', PICS, '--only', CASES.join(','), '--out', folder, '--name', 'run', '--quiet', ...more]).endsWith(status);
  return path.join(folder, 'run');
}

const journalOf = run => path.join(run, 'journal.jsonl');
const linesOf = run => fs.readFileSync(journalOf(run), 'utf8').trimEnd().split('\n');

// Writes the lines with a chain of digests that holds, as whoever knows the format can.
function forge(run, lines) {
  let previous = '0'.repeat(64);
  const chained = lines.map(line => {
    const whole = line.replace(/"prev":"[0-9a-f]{64}"\}$/, `"prev":"${previous}"}`);
    previous = createHash('sha256').update(whole).digest('hex');
    return whole;
  });
  fs.writeFileSync(journalOf(run), chained.join('\n') + '\n');
}

function contents(folder) {
  return fs.readdirSync(folder).sort().map(name => [name, fs.readFileSync(path.join(folder, name), 'hex')]);
}

function changedSuite(t, file, from, to) {
  const copy = path.join(scratch(t), 'suite');
  fs.cpSync(path.join(project, 'testcases'), copy, {recursive: true});
  const text = fs.readFileSync(path.join(copy, file), 'utf8');
  assert.ok(text.includes(from), `${file} no longer holds '${from}'`);
  fs.writeFileSync(path.join(copy, file), text.replace(from, to));
  return copy;
}

async function rejudged(t, run, status, more = [], options = {}) {
  const program = plugproof(t, ['rejudge', run, ...more], options);
  await program.endsWith(status);
  return program;
}

describe('rejudge', {concurrency: true}, () => {
  test('Rejudge__SameSuite__EveryRecordTheSameAndTheFolderUntouched', async t => {
    const run = await record(t);
    const before = contents(run);
    const program = await rejudged(t, run, 0);
    assert.match(program.stdout, /^3 verdicts, all as recorded: \d+ records come out the same, byte for byte\.\n$/);
    assert.equal(program.stderr, '');
    assert.deepEqual(contents(run), before);
  });

  test('Rejudge__FromAnotherFolder__SameBytes', async t => {
    const run = await record(t, {more: ['--defect', 'unlock-fixed-cable'], status: 1});
    await rejudged(t, run, 0, ['--suite', path.join(project, 'testcases')], {cwd: os.tmpdir()});
    await rejudged(t, run, 0, ['--diff']);
  });

  test('Rejudge__ByteChanged__RefusedWithTheLine', async t => {
    const run = await record(t);
    const lines = linesOf(run);
    lines[20] = lines[20].replace('"t":', '"t": ');
    fs.writeFileSync(journalOf(run), lines.join('\n') + '\n');
    const program = await rejudged(t, run, 1);
    assert.match(program.stderr, /journal\.jsonl:22: the journal was changed since the run/);
    assert.equal(program.stdout, '');
  });

  test('Rejudge__ForgedVerdict__FoundOutWithTheCase', async t => {
    const run = await record(t, {more: ['--defect', 'unlock-fixed-cable'], status: 1});
    const lines = linesOf(run);
    const at = lines.findIndex(line => line.includes('"kind":"verdict"') && line.includes('"verdict":"fail"'));
    lines[at] = lines[at].replace('"verdict":"fail"', '"verdict":"pass"').replace(/"failures":\[.*?\}\]/, '"failures":[]');
    forge(run, lines);
    await plugproof(t, ['report', run]).endsWith(0);  // a forger makes the reports anew too
    await plugproof(t, ['verify', run]).endsWith(0);  // the chain alone does not show it
    const program = await rejudged(t, run, 1);
    assert.match(program.stdout, new RegExp(`journal\\.jsonl:${at + 1}: the record does not come out as it stands there`));
    assert.match(program.stdout, /recorded: +.*"verdict":"pass"/);
    assert.match(program.stdout, /judged again: .*"verdict":"fail"/);
    assert.match(program.stdout, /^TC_017_2_CS +pass -> fail +.*NotSupported/m);
    assert.match(program.stdout, /^2 verdicts as recorded, 1 changed, 0 to be run anew\.$/m);
  });

  test('Rejudge__ForgedAnswerOfTheChargePoint__FoundOutByTheVerdict', async t => {
    const run = await record(t, {more: ['--defect', 'unlock-fixed-cable'], status: 1});
    const lines = linesOf(run).map(line => line.replaceAll('\\"Unlocked\\"', '\\"NotSupported\\"'));
    forge(run, lines);
    const program = await rejudged(t, run, 1);
    assert.match(program.stdout, /^TC_017_2_CS +fail -> pass /m);
  });

  test('Rejudge__RecordTakenOut__FoundOut', async t => {
    const run = await record(t);
    let lines = linesOf(run);
    const at = lines.findIndex(line => line.includes('"kind":"check"'));
    lines.splice(at, 1);
    lines = lines.map((line, i) => line.replace(/^\{"seq":\d+/, `{"seq":${i + 1}`));
    forge(run, lines);
    const program = await rejudged(t, run, 1);
    assert.match(program.stdout, new RegExp(`journal\\.jsonl:${at + 1}: the record does not come out`));
  });

  test('Rejudge__CorrectedSuite__SaysWhatWouldChange', async t => {
    const run = await record(t, {more: ['--defect', 'unlock-fixed-cable'], status: 1});
    const suite = changedSuite(t, 'core/TC_017_2_CS.yaml', 'result: {status: NotSupported}', 'result: {status: Unlocked}');
    const program = await rejudged(t, run, 1, ['--suite', suite]);
    assert.match(program.stdout, /^The suite .* is not the one that the run was made with .*: what follows is a comparison\.$/m);
    assert.match(program.stdout, /^TC_017_2_CS +fail -> pass +all \d+ checks hold$/m);
    assert.match(program.stdout, /^2 verdicts as recorded, 1 changed, 0 to be run anew\.$/m);

    const json = JSON.parse((await rejudged(t, run, 1, ['--suite', suite, '--format', 'json'])).stdout);
    assert.equal(json.identical, false);
    assert.deepEqual(json.cases.map(c => [c.id, c.recorded, c.again, c.outcome]),
                     [['TC_003_CS', 'pass', 'pass', 'same'], ['TC_017_2_CS', 'fail', 'pass', 'changed'], ['TC_021_CS', 'pass', 'pass', 'same']]);
  });

  test('Rejudge__OneMoreStep__NeedsANewRun', async t => {
    const run = await record(t);
    const suite = changedSuite(t, 'core/TC_017_2_CS.yaml', '  - send: UnlockConnector', '  - send: ClearCache\n  - send: UnlockConnector');
    const program = await rejudged(t, run, 3, ['--suite', suite]);
    assert.match(program.stdout, /^TC_017_2_CS +pass -> needs a new run +.*journal\.jsonl:\d+: recorded: UnlockConnector\.req .*; now: ClearCache\.req \{\}$/m);
    assert.match(program.stdout, /^2 verdicts as recorded, 0 changed, 1 to be run anew\.$/m);
  });

  test('Rejudge__OtherEdition__ComparisonAndNothingGuessed', async t => {
    const run = await record(t);
    const program = await rejudged(t, run, 0, ['--edition', '2025-11']);
    assert.match(program.stdout, /^The run was made for the edition 2024-04, and is judged for 2025-11/m);
    assert.match(program.stdout, /^3 verdicts as recorded, 0 changed, 0 to be run anew\.$/m);
  });

  test('Rejudge__MergedShardsOneOfThemResumed__SourcesJudgedBundledAndJudgedAgain', async t => {
    const out = scratch(t);
    const within = name => path.join(out, name);
    for (const shard of [1, 2])
      await plugproof(t, ['run', '--pics', PICS, '--shard', `${shard}/2`, '--out', out, '--name', `shard-${shard}`, '--quiet']).endsWith(0);
    const uploads = run => fs.existsSync(path.join(run, 'uploads')) ? fs.readdirSync(path.join(run, 'uploads')) : [];
    assert.ok([1, 2].some(n => uploads(within(`shard-${n}`)).length > 0), 'a run on virtual time keeps what was uploaded');
    const cut = journalOf(within('shard-1'));
    fs.truncateSync(cut, Math.floor(fs.statSync(cut).size / 2));
    await plugproof(t, ['run', '--resume', within('shard-1'), '--quiet']).endsWith(0);
    await plugproof(t, ['merge', within('shard-1'), within('shard-2'), '--out', within('whole')]).endsWith(0);

    const text = await rejudged(t, within('whole'), 0);
    assert.match(text.stdout, /shards\/1\/journal\.jsonl:\n\d+ verdicts, all as recorded.*\nThe run was made in 2 attempts/);
    assert.match(text.stdout, /shards\/2\/journal\.jsonl:\n\d+ verdicts, all as recorded/);
    const json = JSON.parse((await rejudged(t, within('whole'), 0, ['--format', 'json'])).stdout);
    assert.deepEqual(json.map(source => [source.identical, source.attempts]), [[true, 2], [true, 1]]);

    for (const run of ['shard-1', 'shard-2', 'whole']) {
      const bundle = within(`${run}.tar`);
      await plugproof(t, ['bundle', within(run), '--no-sign', '--out', bundle]).endsWith(0);
      await plugproof(t, ['verify', bundle]).endsWith(0);
      await plugproof(t, ['bundle', '--extract', bundle, '--out', within(`${run}-elsewhere`)]).endsWith(0);
      await rejudged(t, within(`${run}-elsewhere`), 0);
    }

    // The forger makes the chain anew; the merged journal, which is derived, is not what is judged.
    const source = path.join(within('whole'), 'shards', '2');
    forge(source, linesOf(source).map(line => line.includes('"kind":"verdict"') ? line.replace('"verdict":"pass"', '"verdict":"fail"') : line));
    await rejudged(t, within('whole'), 1);
  });

  test('Rejudge__MergedShardsAllOfThemResumed__SourcesJudged', async t => {
    const out = scratch(t);
    const shards = ['shard-1', 'shard-2'].map(name => path.join(out, name));
    for (const [i, shard] of shards.entries()) {
      await plugproof(t, ['run', '--pics', PICS, '--group', 'core', '--shard', `${i + 1}/2`, '--out', out, '--name', path.basename(shard), '--quiet']).endsWith(0);
      fs.truncateSync(journalOf(shard), Math.floor(fs.statSync(journalOf(shard)).size / 2));
      await plugproof(t, ['run', '--resume', shard, '--quiet']).endsWith(0);
    }
    const whole = path.join(out, 'whole');
    await plugproof(t, ['merge', ...shards, '--out', whole]).endsWith(0);
    const json = JSON.parse((await rejudged(t, whole, 0, ['--format', 'json'])).stdout);
    assert.deepEqual(json.map(source => [source.identical, source.attempts]), [[true, 2], [true, 2]]);
  });

  test('Rejudge__JournalCutOff__TheRestIsJudged', async t => {
    const run = await record(t);
    const lines = linesOf(run);
    const at = lines.findIndex(line => line.includes('"kind":"case"') && line.includes('"id":"TC_021_CS"'));
    fs.writeFileSync(journalOf(run), lines.slice(0, at + 4).join('\n') + '\n{"seq":');
    const program = await rejudged(t, run, 0);
    assert.match(program.stdout, /verdicts?, all as recorded/);
    assert.match(program.stdout, /^TC_021_CS was under way when the record ended; it has no verdict\.$/m);
  });

  // What is wrong, how it is made, and what the one message has to say.
  const edit = (index, from, to) => lines => lines.map((line, i) => i === index ? line.replace(from, to) : line);
  const hostile = [
    ['Empty', () => [], /journal\.jsonl: the journal is empty/],
    ['NoRunRecord', edit(0, '"kind":"run"', '"kind":"note"'), /journal\.jsonl:1: the first record is not of the kind 'run'/],
    ['OtherFormat', edit(0, '"format":1', '"format":9'), /journal\.jsonl:1: the format 9 is not known here/],
    ['NoPics', edit(0, '"pics":', '"picz":'), /journal\.jsonl:1: the record has no 'pics'/],
    ['PicsUnusable', edit(0, '"generation":"2024","form"', '"generation":"1999","form"'), /journal\.jsonl:1: the PICS in the 'run' record cannot be used/],
    ['PixitUnusable', edit(0, /"quiet_time":[^,]*/, '"quiet_time":"long"'), /journal\.jsonl:1: the PIXIT in the 'run' record cannot be used: pixit\.quiet_time/],
    ['SelectionOfNumbers', edit(0, /"selection":\[/, '"selection":[7,'), /journal\.jsonl:1: the record has no 'id'/],
    ['TimeIsText', edit(1, /"t":(\d+)/, '"t":"$1"'), /journal\.jsonl:2: 't' is no number that can stand there/],
    ['TimeBeyondAllTimes', edit(1, /"t":\d+/, '"t":9223372036854775807'), /journal\.jsonl:2: 't' is no number that can stand there/],
    ['NoPath', edit(1, '"path":', '"way":'), /journal\.jsonl:2: the record has no 'path'/],
    ['NotJson', edit(4, /^/, '!'), /journal\.jsonl:5: the record cannot be read/],
  ];
  for (const [name, change, message] of hostile)
    test(`Rejudge__Journal${name}__StatusTwoAndOneMessage`, async t => {
      const run = await record(t);
      forge(run, change(linesOf(run)));
      if (name === 'Empty') fs.writeFileSync(journalOf(run), '');
      const program = await rejudged(t, run, 2);
      assert.match(program.stderr, message);
      assert.equal(program.stderr.split('plugproof: ').length, 2);
      assert.equal(program.stdout, '');
    });

  test('Rejudge__NoRunFolder__StatusTwo', async t => {
    const program = await rejudged(t, path.join(scratch(t), 'none'), 2);
    assert.match(program.stderr, /the journal cannot be opened; name the folder of a run/);
  });
});
