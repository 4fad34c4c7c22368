// The query string: order, repeats, blanks, and everything that is no text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../../src/http/parameters.ts';
import { isFault } from '../../src/kit/fault.ts';

test('pairs keep their order, plus signs and %20 are blanks, the first of several counts', () => {
  const parameters = readParameters('b=1&a=x+y%20z&b=2&&c&=n');
  assert.deepEqual(parameters.pairs, [
    ['b', '1'],
    ['a', 'x y z'],
    ['b', '2'],
    ['c', ''],
    ['', 'n'],
  ]);
  assert.equal(parameters.get('b'), '1');
  assert.equal(parameters.get('c'), undefined);
});

test('names that objects inherit are names like any other', () => {
  const parameters = readParameters('__proto__=1&constructor=2');
  assert.equal(parameters.get('__proto__'), '1');
  assert.equal(parameters.get('toString'), undefined);
});

test('yes is true in any case, and nothing else', () => {
  const parameters = readParameters('a=true&b=True&c=TRUE&d=1&e=yes&f=');
  assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(parameters.isTrue), [true, true, true, false, false, false, false]);
});

test('what is no whole number is as if it had not been sent', () => {
  const parameters = readParameters('a=5&b=-1&c=1.5&d=abc&e=&f=99999999999999999999&g=0x10&h=%205%20');
  assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(parameters.wholeNumber), [
    5,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    5,
  ]);
});

for (const text of ['q=%', 'q=%zz', '%c0%af=1', 'q=%ff', 'q=a%00b', 'q=%ed%a0%80']) {
  test(`${JSON.stringify(text)} stands for no text and is refused`, () => {
    assert.throws(
      () => readParameters(text),
      (error) => isFault(error, 'http.malformed_address'),
    );
  });
}
