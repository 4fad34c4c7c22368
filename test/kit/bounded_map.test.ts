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
