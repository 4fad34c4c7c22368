// Bodies that are none, or are too much, and values that no column should ever hold.
import {
  failure,
  type Hostile,
  invalidTable,
  json,
  noRecord,
  notJson,
  notObject,
  notText,
  notXml,
  posted,
  prototypeNames,
  sqlPieces,
  unreadable,
  unsupported,
  xml,
} from './answers.ts';

const list = '/api/now/table/incident';
const told = `${list}?sysparm_fields=short_description`;
const made = (text: string): string => JSON.stringify({ result: { short_description: text } });

/** Refused before anything is written. */
export const refusedWrites: readonly Hostile[] = [
  [list, { body: 'x=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, unsupported],
  [list, { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, unsupported],
  [list, { body: '{}', headers: { 'content-type': '__proto__' } }, 415, unsupported],
  [list, { body: '--x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 415, unsupported],
  [
    list,
    { body: '{}', headers: { ...json, 'content-encoding': 'gzip' } },
    415,
    failure('Invalid content-encoding. Request bodies are sent uncompressed'),
  ],
  [
    list,
    { body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } },
    415,
    failure('Invalid content-type. The charset is not supported: klingon'),
  ],
  ...[
    '{',
    '{"a":1,}',
    '{a:1}',
    'undefined',
    '{"a":1}}',
    "{'a':1",
    '{"a":1} x',
    'NaN',
    '{"a":Infinity}',
    '//',
    '{"a":"\\u12"}',
    '\u0000',
    '{"a":"\n"}',
  ].map((body): Hostile => [list, posted(body), 400, notJson]),
  ...['"text"', 'null', '[[1]]', '[null]', '5', 'true', '["a"]'].map((body): Hostile => [list, posted(body), 400, notObject]),
  [list, posted('{"short_description":"a\\u0000b"}'), 400, notText],
  [list, posted('{"short_description":["a\\u0000"]}'), 400, notText],
  [
    list,
    posted(`{"short_description":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    400,
    unreadable('The payload is nested too deeply.'),
  ],
  [list, posted('['.repeat(300_000)), 400, unreadable('The payload is nested too deeply.')],
  [list, posted(`"${'\\"'.repeat(1_000_000)}`), 400, notJson],
  [list, { headers: xml, body: '<a>'.repeat(1_000_000) }, 400, unreadable('The payload holds more than a record can have.')],
  [list, { headers: xml, body: '<request><entry><short_description>&#0;</short_description></entry></request>' }, 400, notText],
  [list, { headers: xml, body: '<request><entry><__proto__>x</__proto__></entry></request>' }, 400, notXml],
  [list, { headers: xml, body: '<request><entry><constructor>x</constructor></entry></request>' }, 400, notXml],
  [
    list,
    { body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), headers: json },
    400,
    unreadable('The payload is not valid UTF-8 text.'),
  ],
  [
    list,
    { body: new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), headers: json },
    400,
    unreadable('The payload is not valid UTF-8 text.'),
  ],
  ...[
    '<a>',
    '<',
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><entry><c>&b;</c></entry></a>',
    '<a></b>',
    'text',
    '<?xml?>',
  ].map((body): Hostile => [list, { headers: xml, body }, 400, notXml]),
  [list, { headers: xml, body: `<request><entry>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</entry></request>` }, 400, notXml],
  [`${list}/x`, { method: 'PATCH', headers: json, body: '{"state":"1"}' }, 404, noRecord],
  [`${list}/x`, { method: 'PUT', headers: json, body: '{"state":"1"}' }, 404, noRecord],
  [`${list}/x`, { method: 'DELETE' }, 404, noRecord],
  [`${list}/__proto__`, { method: 'DELETE' }, 404, noRecord],
  [`${list}/x`, { method: 'PATCH', headers: json, body: '{' }, 400, notJson],
  ...['nope', '__proto__', 'constructor', 'sqlite_master', `incident'--`].flatMap((name): Hostile[] => [
    [`/api/now/table/${name}`, posted({}), 400, invalidTable(name)],
    [`/api/now/table/${name}/x`, { method: 'DELETE' }, 400, invalidTable(name)],
    [`/api/now/table/${name}/x`, { method: 'PATCH', headers: json, body: '{}' }, 400, invalidTable(name)],
  ]),
];

/** Taken as the texts they are: each makes one record that holds exactly what was sent. */
export const harmlessWrites: readonly Hostile[] = [
  ...[...sqlPieces, ...prototypeNames, '💩', '\u202e', '<script>alert(1)</script>', '{{7*7}}', '%s%n', '\\'].map(
    (text): Hostile => [told, posted({ short_description: text }), 201, made(text)],
  ),
  ...prototypeNames.map((name): Hostile => [told, posted(`{"${name}":{"a":"b"},"short_description":"kept"}`), 201, made('kept')]),
  ...sqlPieces.map(
    (name): Hostile => [told, posted(JSON.stringify({ [name]: 'x', short_description: 'kept' })), 201, made('kept')],
  ),
  [told, posted('{"short_description":"a\\ud800b"}'), 201, made('a\ufffdb')],
  [told, posted('{"short_description":"\\udfff\\ud800"}'), 201, made('\ufffd\ufffd')],
  [told, posted({ short_description: { value: '__proto__' } }), 201, made('__proto__')],
  [told, posted({ short_description: ['a', '__proto__'] }), 201, made('a,__proto__')],
  [told, posted({ short_description: true }), 201, made('true')],
  [told, posted('{"short_description":12345678901234567890}'), 201, made('12345678901234567890')],
  [told, posted('{"short_description":"a","short_description":"b"}'), 201, made('b')],
  [told, posted({ short_description: 'x'.repeat(5000) }), 201, made('x'.repeat(160))],
  [told, posted({ short_description: 'kept', sys_id: "x' OR 1=1" }), 201, made('kept')],
  [
    told,
    posted({ short_description: 'kept', state: '; DROP TABLE task', caller_id: '__proto__', opened_at: '9999-99-99 99:99:99' }),
    201,
    made('kept'),
  ],
  [told, posted({ short_description: 'kept', sys_class_name: 'sys_user' }), 201, made('kept')],
  [told, posted({ short_description: 'kept', sys_mod_count: '-1', sys_created_by: 'someone else' }), 201, made('kept')],
  [told, posted({ short_description: 'kept', 'caller_id.user_password': 'x' }), 201, made('kept')],
  [
    told,
    { headers: xml, body: '<request><entry><short_description>&lt;b&gt;&amp;&bogus;</short_description></entry></request>' },
    201,
    made('<b>&&bogus;'),
  ],
];
