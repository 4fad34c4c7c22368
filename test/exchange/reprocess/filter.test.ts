// Words of an administrator become parameters, or are refused; they never become SQL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFilter, whereOf } from '../../../src/exchange/reprocess/filter.ts';
import { isFault } from '../../../src/kit/fault.ts';
import { sqliteDialect } from '../../../src/store/sqlite/dialect.ts';

for (const [name, value] of [
  ['state', 'lost'],
  ['state', "error' OR 1=1"],
  ['direction', 'up'],
  ['error_class', 'x'],
  ['since', 'yesterday'],
  ['since', '2026-13-99'],
  ['undelivered', 'yes'],
  ['connection', 7],
  ['connection', 'x'.repeat(101)],
  ['ids', 'short'],
  ['ids', Array(1001).fill('a'.repeat(32))],
  ['ids', [7]],
  ['constructor', 'x'],
  ['__proto__', 'x'],
] as const) {
  test(`${name}=${String(value).slice(0, 30)} is no filter`, () => {
    assert.throws(
      () => readFilter(new Map([[name, value as unknown]])),
      (error) => isFault(error, 'exchange.bad_filter'),
    );
  });
}

test('every value is a parameter', () => {
  const filter = readFilter(
    new Map([
      ['connection', "c'; --"],
      ['error_code', 'x" OR 1'],
      ['state', 'error'],
      ['ids', 'a'.repeat(32)],
    ]),
  );
  const { sql, parameters } = whereOf(sqliteDialect, filter);
  assert.deepEqual(parameters, ["c'; --", 'error', 'x" OR 1', 'a'.repeat(32)]);
  assert.ok(!sql.includes('--') && sql.includes('?4'), sql);
});

test('no words mean every row', () => assert.equal(whereOf(sqliteDialect, readFilter(new Map())).sql, '1 = 1'));
