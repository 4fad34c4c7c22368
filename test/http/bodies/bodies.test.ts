// Bodies: what clients send, leniently, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../../src/http/bodies/read_body.ts';
import { readJson } from '../../../src/http/bodies/read_json.ts';
import { valuesOf, valuesOfJson } from '../../../src/http/bodies/read_values.ts';
import { readXml } from '../../../src/http/bodies/read_xml.ts';
import { isFault } from '../../../src/kit/fault.ts';

const fields = (text: string) => ({ ...valuesOfJson(readJson(text)) });

const readable: [string, Record<string, string | null>][] = [
  ['{"a":"b"}', { a: 'b' }],
  [`{'a':'b'}`, { a: 'b' }],
  [`{'a':'it\\'s "so"'}`, { a: `it's "so"` }],
  [`{"a":"it's"}`, { a: "it's" }],
  [`{'a':"it's",'b':'x\\ny'}`, { a: "it's", b: 'x\ny' }],
  ['{"a":1,"b":true,"c":null,"d":false,"e":1.50}', { a: '1', b: 'true', c: null, d: 'false', e: '1.5' }],
  ['{"a":12345678901234567890}', { a: '12345678901234567890' }],
  ['{"a":{"display_value":"Closed","value":"7"}}', { a: '7' }],
  ['{"a":{"link":"x","value":null}}', { a: null }],
  ['{"a":["1","2"]}', { a: '1,2' }],
  ['{"a":{"b":{"c":1}}}', { a: '{"b":{"c":1}}' }],
  ['[{"a":"first"},{"a":"second"}]', { a: 'first' }],
  ['', {}],
  ['  \n', {}],
  ['[]', {}],
  ['{"a":"\\ud800"}', { a: '\ufffd' }],
];
for (const [text, expected] of readable) {
  test(`${text} is read`, () => assert.deepEqual(fields(text), expected));
}

test('names that objects inherit stay names', () => {
  const values = valuesOfJson(readJson('{"__proto__":"x","constructor":"y"}'));
  assert.equal(Object.getPrototypeOf(values), null);
  assert.deepEqual(Object.keys(values), ['__proto__', 'constructor']);
});

const refused: [string, string][] = [
  ['{', 'http.body_not_json'],
  ['{a:1}', 'http.body_not_json'],
  [`{'a':'b'`, 'http.body_not_json'],
  ['{"a":1,}', 'http.body_not_json'],
  ['a=b', 'http.body_not_json'],
  ['NaN', 'http.body_not_json'],
  [`{"a":${'['.repeat(200_000)}`, 'http.body_not_json'],
  ['"text"', 'http.body_not_an_object'],
  ['5', 'http.body_not_an_object'],
  ['null', 'http.body_not_an_object'],
  ['[[]]', 'http.body_not_an_object'],
  ['[1]', 'http.body_not_an_object'],
  ['{"a":"x\\u0000y"}', 'http.value_not_text'],
];
for (const [text, code] of refused) {
  test(`${text.slice(0, 30)} is refused as ${code}`, () =>
    assert.throws(
      () => fields(text),
      (error) => isFault(error, code),
    ));
}

test('values nested deeper than any client nests are refused before they are parsed', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  assert.equal(fields(nested(900)).a, `${'['.repeat(900)}${']'.repeat(900)}`);
  for (const text of [nested(1_000), nested(2_000_000), '['.repeat(5_000_000), '{"a":'.repeat(300_000)]) {
    assert.throws(
      () => fields(text),
      (error) => isFault(error, 'http.body_not_json') && error.explanation === 'The payload is nested too deeply.',
    );
  }
});

// Read in one pass each: a reader that goes back for every quote would need hours, and nobody else would be answered meanwhile.
for (const [name, text] of [
  ['escaped double quotes', `"${'\\"'.repeat(4_000_000)}`],
  ['escaped single quotes', `'${"\\'".repeat(4_000_000)}`],
  ['quotes in turn', `{"a":'${`"'`.repeat(4_000_000)}`],
  ['backslashes', `"${'\\'.repeat(9_000_000)}`],
] as const) {
  test(`megabytes of ${name} are refused like any other text that is no JSON`, () =>
    assert.throws(
      () => readJson(text),
      (error) => isFault(error, 'http.body_not_json'),
    ));
}

for (const [name, text] of [
  ['elements', `<request><entry>${'<a>1</a>'.repeat(800_000)}</entry></request>`],
  ['tags that never end', '<a '.repeat(3_000_000)],
  ['angle brackets', '<'.repeat(9_000_000)],
  ['attributes', `<a ${'b="c" '.repeat(1_000_000)}/>`],
] as const) {
  test(`XML: megabytes of ${name} are refused before they are parsed`, () =>
    assert.throws(
      () => readXml(text),
      (error) => isFault(error, 'http.body_not_xml') && error.explanation === 'The payload holds more than a record can have.',
    ));
}

test('XML: a long text is no long tag', () => {
  const text = 'x > y '.repeat(100_000);
  assert.deepEqual(readXml(`<request><entry><a><![CDATA[${text}]]></a><b>${text}</b></entry></request>`), [
    ['a', text],
    ['b', text],
  ]);
});

test('XML: the first entry counts, entities and CDATA are text', () => {
  const xml = `<?xml version="1.0"?><request><entry><short_description>a &lt;b&gt; &#233; &amp;lt;</short_description><state><![CDATA[<7>]]></state><empty/></entry><entry><state>9</state></entry></request>`;
  assert.deepEqual({ ...valuesOf(readXml(xml) ?? []) }, { short_description: 'a <b> é &lt;', state: '<7>', empty: '' });
});

test('XML: an empty request has no values, a blank body neither', () => {
  assert.deepEqual(readXml('<request/>'), []);
  assert.equal(readXml('  '), undefined);
});

const badXml = [
  '<request><entry></request>',
  'not xml',
  '<!DOCTYPE r [<!ENTITY a "x">]><request><entry><a>&a;</a></entry></request>',
  '<!doctype r SYSTEM "file:///etc/passwd"><request/>',
  '{"a":"b"}',
  '<',
];
for (const xml of badXml) {
  test(`XML refused: ${xml.slice(0, 40)}`, () =>
    assert.throws(
      () => readXml(xml),
      (error) => isFault(error, 'http.body_not_xml'),
    ));
}

test('XML: an undeclared entity stays as it was written', () => {
  assert.deepEqual(readXml('<request><entry><a>&xxe;</a></entry></request>'), [['a', '&xxe;']]);
});

test('bytes that are not text in their charset are refused, and so is an unknown charset', () => {
  assert.throws(
    () => readText(Buffer.from([0x7b, 0xff]), 'utf-8'),
    (error) => isFault(error, 'http.body_not_text'),
  );
  assert.throws(
    () => readText(Buffer.from('{}'), 'klingon'),
    (error) => isFault(error, 'http.unknown_charset'),
  );
  assert.equal(readText(Buffer.from('é', 'latin1'), 'iso-8859-1'), 'é');
});
