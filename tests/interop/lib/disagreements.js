'use strict';
// Where plugproof's validator and ajv with the official schemas may differ, and why. Everything else is an error of ours.
//
// `stricter`: only plugproof sees the violation. `milder`: only ajv does. `applies` gets the place as a list of
// keys, the rule and the value there.

const SPECIFIED_MINIMUM = {
  'StartTransaction.req': 1, 'MeterValues.req': 0, 'StatusNotification.req': 0,
};
const NEVER_EMPTY = ['meterValue', 'sampledValue', 'chargingSchedulePeriod', 'transactionData'];

const stricter = {
  'empty list': {
    reason: 'the specification gives these lists the cardinality 1..*; the official schemas have no minItems',
    applies: ({rule, keys}) => rule === 'minItems' && NEVER_EMPTY.includes(keys.at(-1)),
  },
  'connector out of range': {
    reason: 'the specification says connectorId > 0 or >= 0; the official schemas have no minimum',
    applies: ({rule, keys, message, value}) =>
      rule === 'minimum' && keys.join() === 'connectorId' && value < SPECIFIED_MINIMUM[message],
  },
  'integer beyond 64 bits': {
    reason: 'to ajv every double without a fraction is an integer, up to 1e300',
    applies: ({rule, value}) => rule === 'type' && Number.isInteger(value) && Math.abs(value) >= 2 ** 63,
  },
  'date-time without offset': {
    reason: 'RFC 3339 requires the offset; ajv-formats means to, but compares undefined with an empty text',
    applies: ({rule, value}) => rule === 'format' && /T\d\d:\d\d:\d\d(\.\d+)?$/i.test(value),
  },
  'date-time with a space': {
    reason: 'RFC 3339 section 5.6 has T; the space of its note is for other applications',
    applies: ({rule, value}) => rule === 'format' && /^\d{4}-\d\d-\d\d \d\d:/.test(value),
  },
  'date-time with a short offset': {
    reason: 'RFC 3339 offsets are hh:mm; +01 and +0100 are ISO 8601',
    applies: ({rule, value}) => rule === 'format' && /T.*[+-]\d\d(\d\d)?$/i.test(value),
  },
  'date-time with an impossible offset': {
    reason: 'RFC 3339 limits the hours of an offset to 23; ajv-formats takes any two digits',
    applies: ({rule, value}) => rule === 'format' && /[+-](2[4-9]|[3-9]\d):\d\d$/.test(value),
  },
  'leap second with an offset, not at midnight in UTC': {
    reason: 'RFC 3339 section 5.7: a leap second is 23:59:60 in UTC; ajv-formats looks at the local time',
    applies: ({rule, value}) => rule === 'format' && /T23:59:60[+-]/.test(value),
  },
  'URI with a port that is no number': {
    reason: 'the expression of ajv-formats takes the second slash for the beginning of a path and reads on',
    applies: ({rule, value}) => rule === 'format' && /^[a-z]+:\/\/[^/]*:\d*[a-z]/.test(value),
  },
};

const milder = {
  'one decimal as a double': {
    reason: 'ajv divides doubles, so that 0.3 is no multiple of 0.1 to it',
    applies: ({rule, value}) => rule === 'multipleOf' && Number(value.toFixed(1)) === value,
  },
  'leap second at midnight in UTC': {
    reason: 'RFC 3339 section 5.7: with an offset, 23:59:60 in UTC is another local time',
    applies: ({rule, value}) => rule === 'format' && /T(?!23:59)\d\d:\d\d:60(\.\d+)?[+-]/.test(value),
  },
  'URI with an empty path': {
    reason: 'RFC 3986 section 3 allows an empty hier-part; the expression of ajv-formats does not',
    applies: ({rule, value}) => rule === 'format' && /^[a-z]+:$/.test(value),
  },
};

// The name of the class that explains the difference, or nothing.
function explain(classes, difference) {
  for (const [name, {applies}] of Object.entries(classes)) if (applies(difference)) return name;
  return undefined;
}

module.exports = {stricter, milder, explain};
