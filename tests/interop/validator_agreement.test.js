'use strict';
// plugproof's validator against ajv on the official schemas: the same verdict and the same list of violations on
// PLUGPROOF_AGREEMENT_PAYLOADS (default 10000) random payloads for each of the 78 messages. The differences that
// are allowed stand in lib/disagreements.js, each with its reason; each must occur, and no other may.

const assert = require('node:assert/strict');
const test = require('node:test');

const {explain, milder, stricter} = require('./lib/disagreements.js');
const {messages, violationsOf} = require('./lib/official_validator.js');
const {OurValidator} = require('./lib/our_validator.js');
const {PayloadSource} = require('./lib/payloads.js');
const {Random} = require('./lib/random.js');

const PAYLOADS = Number(process.env.PLUGPROOF_AGREEMENT_PAYLOADS ?? 10000);
const SEED = Number(process.env.PLUGPROOF_AGREEMENT_SEED ?? 16);

// "meterValue[0].timestamp", as plugproof writes places.
function placeOf(payload, keys) {
  let place = '';
  let value = payload;
  for (const key of keys) {
    place += Array.isArray(value) ? `[${key}]` : (place === '' ? '' : '.') + key;
    value = value?.[key];
  }
  return place;
}

function keysOf(place) {
  return place === '' ? [] : place.replace(/\[(\d+)\]/g, '.$1').split('.');
}

const valueAt = (payload, keys) => keys.reduce((value, key) => value?.[key], payload);

// The differences between the two lists of violations, each with the class that explains it or none.
function compare(message, payload, ours, official) {
  const ourKeys = new Set(ours.map(v => v.rule + ' ' + v.place));
  const officialKeys = new Set(official.map(v => v.rule + ' ' + placeOf(payload, v.keys)));
  const differences = [];
  const add = (side, classes, keys, rule) => {
    const difference = {message: message.name, keys, rule, value: valueAt(payload, keys)};
    differences.push({side, rule, place: placeOf(payload, keys), value: difference.value, because: explain(classes, difference)});
  };
  for (const {place, rule} of ours)
    if (!officialKeys.has(rule + ' ' + place)) add('only plugproof', stricter, keysOf(place), rule);
  for (const {keys, rule} of official)
    if (!ourKeys.has(rule + ' ' + placeOf(payload, keys))) add('only ajv', milder, keys, rule);
  return differences;
}

test('a difference without a reason is found', () => {
  const message = {name: 'Authorize.req'};
  const [difference] = compare(message, {idTag: 5}, [], [{keys: ['idTag'], rule: 'type'}]);
  assert.equal(difference.side, 'only ajv');
  assert.equal(difference.because, undefined);
  const [other] = compare(message, {idTag: 'x'}, [{place: 'idTag', rule: 'maxLength'}], []);
  assert.equal(other.side, 'only plugproof');
  assert.equal(other.because, undefined);
});

test('validator agreement', async t => {
  const program = process.env.PLUGPROOF_VALIDATE_LINES;
  assert.ok(program, 'PLUGPROOF_VALIDATE_LINES must name the program plugproof_validate_lines');
  assert.equal(messages.length, 78);
  const validator = new OurValidator(program);
  const explained = new Map();
  const rules = new Map();
  let compared = 0;
  let accepted = 0;
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);

  for (const [index, message] of messages.entries()) {
    await t.test(message.name, async () => {
      const source = new PayloadSource(message.schema, new Random(SEED * 1000 + index));
      const payloads = Array.from({length: PAYLOADS}, () => source.any());
      const answers = await validator.ask(payloads.map(
        payload => JSON.stringify({action: message.action, direction: message.direction, payload})));
      let valid = 0;
      const unexplained = [];
      payloads.forEach((payload, i) => {
        const official = violationsOf(message, payload);
        if (official.length === 0) ++valid;
        for (const {rule} of official) count(rules, rule);
        assert.equal(answers[i].valid, answers[i].violations.length === 0);
        for (const difference of compare(message, payload, answers[i].violations, official)) {
          if (difference.because) count(explained, difference.because);
          else unexplained.push({...difference, payload: JSON.stringify(payload).slice(0, 600)});
        }
      });
      compared += payloads.length;
      accepted += valid;
      assert.deepEqual(unexplained.slice(0, 5), [], `${unexplained.length} differences without a reason`);
      assert.ok(valid > PAYLOADS / 10 && valid < PAYLOADS * 0.95, `${valid} of ${PAYLOADS} payloads were valid`);
    });
  }
  assert.equal(await validator.end(), 0);

  t.diagnostic(`${compared} payloads compared, ${accepted} of them valid to ajv`);
  for (const [rule, times] of rules) t.diagnostic(`ajv found ${times} times: ${rule}`);
  for (const [name, times] of explained) t.diagnostic(`allowed difference ${times} times: ${name}`);
  for (const rule of ['required', 'unknown field', 'type', 'enum', 'maxLength', 'format', 'multipleOf', 'minItems'])
    assert.ok(rules.has(rule), `the payloads never broke the rule ${rule}`);
  for (const name of [...Object.keys(stricter), ...Object.keys(milder)])
    assert.ok(explained.has(name), `the allowed difference '${name}' never occurred: strike it out`);
});
