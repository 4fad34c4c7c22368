import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExact } from '../../src/kit/exact_numbers.ts';

for (const [text, value] of [
  ['{"a":12345678901234567890}', { a: '12345678901234567890' }],
  ['[1, -12345678901234567890]', [1, '-12345678901234567890']],
  ['12345678901234567890', '12345678901234567890'],
  ['{"a": 1e400}', { a: '1e400' }],
  ['[\n1.5E300]', ['1.5E300']],
  ['{"a":9007199254740991,"b":-1.5e-3}', { a: 9007199254740991, b: -0.0015 }],
  ['{"jti":"3e12345678901234567890","at":17}', { jti: '3e12345678901234567890', at: 17 }],
] as const)
  test(`${JSON.stringify(text)} keeps its digits`, () => assert.deepEqual(parseExact(text), value));
