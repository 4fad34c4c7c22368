// A bounded memory: what was used last stays longest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKept } from '../../../src/records/query/kept.ts';

test('what is kept is made once, until newer things push it out', () => {
  const kept = makeKept<string>(2);
  let made = 0;
  const get = (key: string): string =>
    kept.get(key, () => {
      made += 1;
      return `${key}${made}`;
    });
  assert.deepEqual([get('a'), get('b'), get('a')], ['a1', 'b2', 'a1']);
  // `b` was used longest ago.
  assert.deepEqual([get('c'), get('a'), get('b')], ['c3', 'a1', 'b4']);
});

test('what may not be kept, or has too long a key, is made each time', () => {
  const kept = makeKept<number>(10);
  let made = 0;
  const next = (): number => {
    made += 1;
    return made;
  };
  assert.deepEqual([kept.get('a', next, () => false), kept.get('a', next)], [1, 2]);
  const long = 'x'.repeat(10_000);
  assert.deepEqual([kept.get(long, next), kept.get(long, next)], [3, 4]);
  assert.equal(kept.get('__proto__', next), 5);
});

test('long keys push others out before their number does', () => {
  const kept = makeKept<number>(10_000);
  let made = 0;
  const get = (key: string): number => kept.get(key, () => made++);
  const long = (at: number): string => `${at}`.padEnd(8_000, 'x');
  get('first');
  for (let at = 0; at < 100; at += 1) get(long(at));
  assert.equal(get('first'), 0, 'a hundred of them have room');
  for (let at = 100; at < 300; at += 1) get(long(at));
  assert.deepEqual([get(long(299)), get(long(200))], [300, 201], 'the youngest stay');
  assert.deepEqual([get('first'), get(long(100))], [301, 302]);
});
