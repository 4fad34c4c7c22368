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

test('deeply nested values are text or refused, never a crash', () => {
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  try {
    assert.equal(typeof fields(deep).a, 'string');
  } catch (error) {
    assert.ok(isFault(error));
  }
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
