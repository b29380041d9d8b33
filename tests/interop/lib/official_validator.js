'use strict';
// ajv on the official OCPP 1.6 schemas, which ocpp-rpc carries: every violation as {keys, rule}.

const Ajv = require('ajv');
const addFormats = require('ajv-formats');
const schemas = require('ocpp-rpc/lib/schemas/ocpp1_6.json');

const ajv = new Ajv({strict: false, allErrors: true});
addFormats(ajv);
ajv.addSchema(schemas);

// {name: 'Heartbeat.req', action, direction, schema} of all 78.
const messages = schemas.map(schema => {
  const name = schema.$id.replace('urn:', '');
  const [action, kind] = name.split('.');
  return {name, action, direction: kind === 'req' ? 'request' : 'response', schema};
});

const unescapePointer = key => key.replace(/~1/g, '/').replace(/~0/g, '~');

function violationsOf(message, payload) {
  const validate = ajv.getSchema(message.schema.$id);
  if (validate(payload)) return [];
  const violations = validate.errors.map(error => {
    const keys = error.instancePath.split('/').slice(1).map(unescapePointer);
    switch (error.keyword) {
      case 'required': return {keys: [...keys, error.params.missingProperty], rule: 'required'};
      case 'additionalProperties': return {keys: [...keys, error.params.additionalProperty], rule: 'unknown field'};
      default: return {keys, rule: error.keyword};
    }
  });
  // A value of the wrong type is also in no enumeration; that is one mistake, not two.
  const wrongType = new Set(violations.filter(v => v.rule === 'type').map(v => v.keys.join('/')));
  return violations.filter(v => v.rule !== 'enum' || !wrongType.has(v.keys.join('/')));
}

module.exports = {messages, violationsOf};
