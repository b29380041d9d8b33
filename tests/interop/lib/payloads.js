'use strict';
// Payloads for a JSON Schema: valid ones by construction, then made wrong at random places.

const DATES = [
  '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2024-02-29T23:59:59.123456Z', '2026-06-30T12:00:00+02:00',
  '2026-06-30T12:00:00-09:30', '2026-01-01t00:00:00z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z', '2016-12-31T23:59:60Z', '2016-12-31T15:59:60-08:00',
];
const BAD_DATES = [
  '', 'yesterday', '2026-01-01', '2026-01-01T00:00:00', '2026-01-01 00:00:00Z', '2026-01-01T00:00Z',
  '2026-01-01T00:00:00.Z', '2026-01-01T00:00:00+0100', '2026-01-01T00:00:00+01', '2026-01-01T00:00:00+24:00',
  '2026-01-01T24:00:00Z', '2026-01-01T00:00:61Z', '2026-13-01T00:00:00Z', '2025-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z', '1900-02-29T00:00:00Z', '2026-1-1T00:00:00Z', '1767225600', '2026-01-01T12:30:60Z',
  '2026-01-01T00:00:00Z ', '2026-01-01T00:00:00.123', '2026-06-30T23:59:60+01:00',
];
const URIS = [
  'ftp://user:pw@192.168.1.10:2121/diag/', 'http://example.org', 'https://example.org/a/b.bin?x=1&y=%20#part',
  'http://[::1]:8080/x', 'http://[2001:db8::8:800:200c:417a]/', 'urn:isbn:0451450523', 'file:///srv/firmware.bin',
];
const BAD_URIS = [
  '', 'firmware.bin', '/srv/firmware.bin', '//host/path', 'http://exa mple.org/', 'http://example.org/%zz',
  'http://example.org:80a/', 'http://[::1/', 'http://[1:2:3]/', '1http://example.org', 'http://example.org/<x>',
  'http://example.org/"x"', 'http://\u00e9.org/', ':', 'a:',
];
const INTEGERS = [0, 1, -1, 2, 7, 3600, 2147483647, -2147483648, 2147483648, 9007199254740991, -9007199254740991];
const STRANGE_NUMBERS = [
  1.5, -0.1, 0.05, 0.15, 21.45, 0.10000001, 1e20, 9223372036854775807, -1e19, 1e21, 1e300, -1e300, 1e-7, 5e-324,
];
const CHARACTERS = ['a', 'Z', '0', ' ', '-', '"', '\\', '/', '\u0000', '\n', '\u00e9', '\u20ac', '\ud83d\udd0c'];

const clone = value => JSON.parse(JSON.stringify(value));

function textOf(random, characters) {
  if (random.chance(80)) return 'x'.repeat(characters);
  let text = '';
  for (let i = 0; i < characters; ++i) text += random.pick(CHARACTERS);
  return text;
}

function numberOf(random) {
  switch (random.below(3)) {
    case 0: return random.below(1001) / 10;
    case 1: return random.below(40);
    default: return Number((random.below(500000) / 10 - 10000).toFixed(1));
  }
}

class PayloadSource {
  // `root` is the schema of one message, with its definitions in it.
  constructor(root, random) {
    this.root = root;
    this.random = random;
  }

  resolve(schema) {
    if (!schema.$ref) return schema;
    return this.root.definitions[schema.$ref.split('/').pop()];
  }

  valid(unresolved = this.root) {
    const schema = this.resolve(unresolved);
    const random = this.random;
    switch (schema.type) {
      case 'object': {
        const value = {};
        for (const [name, property] of Object.entries(schema.properties ?? {}))
          if (schema.required?.includes(name) || random.chance(50)) value[name] = this.valid(property);
        return value;
      }
      case 'array': {
        const value = [];
        for (let count = random.chance(5) ? schema.minItems ?? 0 : 1 + random.below(2); count > 0; --count)
          value.push(this.valid(schema.items));
        return value;
      }
      case 'string':
        if (schema.enum) return random.pick(schema.enum);
        if (schema.format === 'date-time') return random.pick(DATES);
        if (schema.format === 'uri') return random.pick(URIS);
        return textOf(random, random.pick([0, 1, 5, Math.min(schema.maxLength ?? 600, 600), schema.maxLength ?? 20]));
      case 'integer': return random.pick(INTEGERS);
      case 'number': return numberOf(random);
      case 'boolean': return random.chance(50);
      default: throw new Error(`no payloads for type ${schema.type}`);
    }
  }

  // A payload with none, one or two places made wrong, or at least different.
  any() {
    const payload = this.valid();
    const kind = this.random.below(10);
    for (let edits = kind < 3 ? 0 : kind < 8 ? 1 : 2; edits > 0; --edits) this.spoil(payload);
    return payload;
  }

  spoil(payload) {
    const random = this.random;
    const places = [];  // everything that can be replaced or removed
    const objects = [];
    const walk = (value, unresolved) => {
      const schema = unresolved && this.resolve(unresolved);
      if (Array.isArray(value)) {
        value.forEach((item, i) => {
          places.push({holder: value, key: i, schema: schema?.items && this.resolve(schema.items)});
          walk(item, schema?.items);
        });
      } else if (value !== null && typeof value === 'object') {
        objects.push({value, schema});
        for (const name of Object.keys(value)) {
          const property = schema?.properties?.[name];
          places.push({holder: value, key: name, schema: property && this.resolve(property)});
          walk(value[name], property);
        }
      }
    };
    walk(payload, this.root);

    const {value: object, schema} = random.pick(objects);
    const names = Object.keys(object);
    const choice = places.length === 0 ? 0 : random.below(100);
    if (choice < 12) {
      object[random.pick(['extra', 'customData', 'idtag', 'Status', 'constructor', '\u00e9'])] = random.pick([1, 'x', null, {}]);
    } else if (choice < 20 && names.length > 0) {
      const name = random.pick(names);
      object[random.pick([name.toLowerCase(), name + 's', name.toUpperCase(), ' ' + name])] = object[name];
      delete object[name];
    } else if (choice < 35 && names.length > 0) {
      delete object[random.pick(names)];
    } else if (choice < 45) {
      for (const [name, property] of Object.entries(schema?.properties ?? {}))
        if (!(name in object)) object[name] = this.wrong(this.resolve(property));
    } else if (places.length > 0) {
      const place = random.pick(places);
      place.holder[place.key] = this.wrong(place.schema);
    }
  }

  // Something that may well be wrong for the schema; anything at all where there is none.
  wrong(schema) {
    const random = this.random;
    if (!schema || random.chance(35))
      return random.pick([null, true, false, 0, 1, -5, 1.5, '', 'x', '7', [], {}, [1], ['x'], {a: 1}, [[]], 'x'.repeat(20000)]);
    switch (schema.type) {
      case 'string': {
        if (schema.enum) {
          const word = random.pick(schema.enum);
          return random.pick([word.toLowerCase(), word.toUpperCase(), word + ' ', word.slice(1), '', 'Other', 'Idle', word]);
        }
        if (schema.format === 'date-time') return random.pick(BAD_DATES);
        if (schema.format === 'uri') return random.pick(BAD_URIS);
        const limit = schema.maxLength ?? 500;
        return textOf(random, random.pick([limit, limit + 1, limit + 1, limit + 37]));
      }
      case 'integer': return random.pick([...INTEGERS, ...STRANGE_NUMBERS, '1', '']);
      case 'number': return random.pick([...STRANGE_NUMBERS, numberOf(random), random.next() * 100, '16']);
      case 'boolean': return random.pick(['true', 'false', 0, 1, null]);
      case 'array': return random.pick([[], [null], [[]], {}, '', [{}, {}]]);
      default: return random.pick([{}, [], null, {a: 1}, 'x']);
    }
  }
}

module.exports = {PayloadSource, clone};
