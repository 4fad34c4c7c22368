// What is remembered of fields that nobody fills: it grows from a whole page, shrinks with each field that is filled, and never grows again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSeldomFilled } from '../../../src/records/query/seldom_filled.ts';
import type { Column } from '../../../src/records/records.ts';
import type { Value } from '../../../src/store/store.ts';

const keys = Array.from({ length: 20 }, (_, at) => `field_${at}`);
const columns: Column[] = keys.map((key, at) => ({ key, field: undefined, valueAt: at, displayAt: -1 }));
/** Ten rows in which these fields are filled, beside the first. */
const page = (...filled: number[]): Value[][] =>
  Array.from({ length: 10 }, () => keys.map((_, at) => (at === 0 || filled.includes(at) ? 'x' : null)));
const without = (...filled: number[]): Set<string> => new Set(keys.filter((_, at) => at !== 0 && !filled.includes(at)));

test('a page of rows tells which fields are empty, a few rows do not', () => {
  const seldom = makeSeldomFilled(10);
  seldom.learn('incident', columns, page().slice(0, 9));
  assert.equal(seldom.of('incident'), undefined);
  seldom.learn('incident', columns, page(3));
  assert.deepEqual(seldom.of('incident')?.keys, without(3));
  assert.equal(seldom.of('problem'), undefined);
});

test('a field that was filled once is never again among them', () => {
  const seldom = makeSeldomFilled(10);
  seldom.learn('incident', columns, page());
  const before = seldom.of('incident');
  seldom.learn('incident', columns, page(5).slice(0, 1));
  assert.deepEqual(seldom.of('incident')?.keys, without(5));
  assert.notEqual(seldom.of('incident')?.number, before?.number);
  seldom.learn('incident', columns, page());
  assert.deepEqual(seldom.of('incident')?.keys, without(5));
});

test('where few are left, all are read', () => {
  const seldom = makeSeldomFilled(10);
  seldom.learn('incident', columns, page(1, 2, 3, 4, 5, 6, 7, 8));
  assert.equal(seldom.of('incident'), undefined);
  seldom.learn('incident', columns, page());
  assert.equal(seldom.of('incident'), undefined);
});
