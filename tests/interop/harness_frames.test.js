'use strict';
// Every frame that plugproof sends in the whole suite, for each of the five certified chargers, against the official
// schemas with ajv.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {messages, violationsOf} = require('./lib/official_validator.js');
const {plugproof, project, scratch} = require('../e2e/lib/program.js');

const CERTIFIED = path.join(project, 'pics', 'certified');
// OCPP-J 1.6 section 4.2.3
const ERROR_CODES = ['NotImplemented', 'NotSupported', 'InternalError', 'ProtocolError', 'SecurityError', 'FormationViolation',
                     'PropertyConstraintViolation', 'OccurenceConstraintViolation', 'TypeConstraintViolation', 'GenericError'];
const byName = new Map(messages.map(message => [message.name, message]));

// What is wrong with one `out` record; nothing: an empty list.
function problemsOf(record) {
  const frame = JSON.parse(record.text);
  const [type, id] = frame;
  const problems = [];
  if (typeof id !== 'string' || id.length < 1 || id.length > 36) problems.push(`the message id ${JSON.stringify(id)}`);
  if (type === 4) {
    if (frame.length !== 5) problems.push('a CALLERROR has five elements');
    if (!ERROR_CODES.includes(frame[2])) problems.push(`the error code ${frame[2]}`);
    if (typeof frame[3] !== 'string' || typeof frame[4] !== 'object') problems.push('description or details of the wrong type');
    return problems;
  }
  const name = type === 2 ? `${frame[2]}.req` : `${record.action}.conf`;
  const message = byName.get(name);
  if (frame.length !== (type === 2 ? 4 : 3)) problems.push(`${frame.length} elements`);
  if (!message) return [...problems, `there is no message ${name}`];
  for (const {keys, rule} of violationsOf(message, frame[type === 2 ? 3 : 2])) problems.push(`${name}: ${rule} at ${keys.join('.')}`);
  return problems;
}

test('FrameCheck__FramesWithMistakes__EachIsFound', () => {
  const problems = (frame, action) => problemsOf({text: JSON.stringify(frame), action});
  assert.deepEqual(problems([2, 'a', 'Reset', {type: 'Soft'}]), []);
  assert.deepEqual(problems([2, 'a', 'Reset', {type: 'Mild'}]), ['Reset.req: enum at type']);
  assert.deepEqual(problems([2, 'a', 'Resett', {}]), ['there is no message Resett.req']);
  assert.deepEqual(problems([3, 'a', {}], 'Heartbeat'), ['Heartbeat.conf: required at currentTime']);
  assert.deepEqual(problems([4, 'a', 'Wrong', '', {}]), ['the error code Wrong']);
  assert.equal(problems([3, 7, {}], 'StatusNotification').length, 1);
});

const files = fs.readdirSync(CERTIFIED).filter(name => name.endsWith('.yaml'));
test('the five certified chargers are there', () => assert.equal(files.length, 5));

for (const name of files)
  test(`Harness__WholeSuiteFor${path.basename(name, '.yaml')}__EveryFrameOfOursIsValid`, async t => {
    const folder = scratch(t);
    const program = plugproof(t, ['run', '--pics', path.join(CERTIFIED, name), '--out', folder, '--name', 'run', '--quiet']);
    // The verdicts are for other tests.
    const status = await program.end(120_000);
    assert.ok([0, 1, 3].includes(status), program.describe(`exit status ${status}`));
    const records = fs.readFileSync(path.join(folder, 'run', 'journal.jsonl'), 'utf8').trimEnd().split('\n').map(line => JSON.parse(line));
    const sent = records.filter(record => record.kind === 'out');
    const wrong = sent.map(record => ({seq: record.seq, text: record.text, problems: problemsOf(record)})).filter(x => x.problems.length > 0);
    assert.deepEqual(wrong, []);
    assert.equal(records.at(-1).outcome, 'complete');
    assert.ok(sent.length > 200, `only ${sent.length} frames were sent`);
    t.diagnostic(`${sent.length} frames of ours are valid`);
  });
