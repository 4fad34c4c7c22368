// What a bounded map forgets.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeBoundedMap } from '../../src/kit/bounded_map.ts';

it('forgets what was used longest ago, and never grows beyond its limit', () => {
  const map = makeBoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  assert.equal(map.get('a'), 1);
  map.set('c', 3);
  assert.equal(map.size, 2);
  assert.equal(map.get('b'), undefined);
  assert.equal(map.get('a'), 1);
  assert.equal(map.get('c'), 3);
});

it('replaces, deletes and clears', () => {
  const map = makeBoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('a', 2);
  assert.equal(map.size, 1);
  assert.equal(map.get('a'), 2);
  map.delete('a');
  assert.equal(map.size, 0);
  map.set('b', 1);
  map.clear();
  assert.equal(map.get('b'), undefined);
});

it('forgets nothing that was used since half as many came as it holds', () => {
  const map = makeBoundedMap<number, number>(100);
  for (let key = 0; key < 1000; key += 1) {
    map.set(key, key);
    if (key >= 7 && key % 49 === 0) assert.equal(map.get(7), 7, `after ${key}`);
  }
  assert.equal(map.size, 100);
  assert.equal(map.get(8), undefined);
});

it('forgets what was used longest ago where room is scarce before number is', () => {
  const map = makeBoundedMap<string, number>(1000, { of: () => 1, limit: 2 });
  map.set('a', 1);
  map.set('b', 2);
  assert.equal(map.get('a'), 1);
  map.set('c', 3);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [1, undefined, 3]);
});

it('forgets as many as take the room of what came', () => {
  const map = makeBoundedMap<string, number>(100, { of: (key) => key.length, limit: 10 });
  map.set('aaaa', 1);
  map.set('bbbb', 2);
  map.set('aaaa', 3);
  assert.equal(map.size, 2);
  map.set('cccccc', 4);
  assert.deepEqual([map.get('bbbb'), map.get('aaaa'), map.get('cccccc')], [undefined, 3, 4]);
  map.delete('cccccc');
  map.set('dddddd', 5);
  assert.equal(map.get('aaaa'), 3);
  map.set('eeeeeeeeeee', 6);
  assert.deepEqual([map.size, map.get('dddddd')], [2, 5], 'what takes more than the whole room drives nothing out');
  map.set('ffffffffff', 7);
  assert.deepEqual([map.size, map.get('ffffffffff')], [1, 7]);
});
