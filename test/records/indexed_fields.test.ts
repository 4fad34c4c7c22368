// The compiler is told which fields an index begins with, from the tables as they are described.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../../src/records/dictionary.ts';
import { makeIsIndexed } from '../../src/records/indexed_fields.ts';
import { builtInTables } from '../../src/records/tables/index.ts';

const field = (table: string, element: string, isUnique = false): Field => ({ table, element, isUnique }) as Field;

test('a field is indexed when it is a key, unique, or first in an index of its own table', () => {
  const isIndexed = makeIsIndexed(builtInTables);
  for (const indexed of [
    field('task', 'sys_id'),
    field('task', 'assigned_to'),
    field('incident', 'caller_id'),
    field('u_new', 'u_code', true),
  ]) {
    assert.ok(isIndexed(indexed), `${indexed.table}.${indexed.element}`);
  }
  for (const other of [field('task', 'short_description'), field('problem', 'caller_id'), field('u_new', 'u_note')]) {
    assert.ok(!isIndexed(other), `${other.table}.${other.element}`);
  }
});
