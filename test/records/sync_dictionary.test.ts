// What an instance compares at each start: the definitions alone, so these must hold all that becomes rows and tables.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { TableDefinition } from '../../src/records/definition.ts';
import { rowsOf } from '../../src/records/definition_rows.ts';
import { fieldTypeFamilies } from '../../src/records/field_types/index.ts';
import { shapesOf } from '../../src/records/sync_dictionary.ts';
import { builtInTables } from '../../src/records/tables/index.ts';

/** One of everything that a definition may say. */
const samples: readonly TableDefinition[] = [
  {
    name: 'sample',
    label: 'Sample',
    extendable: true,
    numberPrefix: 'SMP',
    audited: true,
    fields: [
      ...fieldTypeFamilies.flatMap(({ names }) => names.map((type) => ({ element: `of_${type}`, label: type, type }))),
      {
        element: 'whole',
        label: 'Whole',
        type: 'string',
        maxLength: 7,
        mandatory: true,
        readOnly: true,
        default: 'a',
        display: true,
        unique: true,
        choices: { a: 'A', 1: 'One', '-1': 'Less' },
        choice: 2,
        attributes: 'x=y',
      },
      { element: 'number', label: 'State', type: 'integer', choices: { 2: 'Two', '-5': 'Pending', 1: 'One' } },
      {
        element: 'kind',
        label: 'Kind',
        type: 'string',
        choices: { hard: 'Hard', soft: 'Soft' },
        dependent: { on: 'whole', choices: { a: ['hard'] } },
      },
      { element: 'parent', label: 'Parent', type: 'reference', reference: 'sample', referenceKey: 'number', whenGone: 'delete' },
    ],
    indexes: [
      { columns: ['kind', 'whole'], unique: true },
      { columns: ['parent'], isSparse: true },
    ],
    fillPercent: 70,
    access: { read: 'any', create: ['itil', 'admin'], delete: [] },
    rowAccess: { read: 'kind=hard' },
    fieldAccess: { kind: { write: ['admin'] } },
    rows: [{ sys_id: '0'.repeat(32), kind: 'hard' }],
    demoRows: [{ sys_id: '1'.repeat(32), kind: 'soft' }],
  },
  {
    name: 'sample_child',
    label: 'Child',
    extends: 'sample',
    fields: [{ element: 'own', label: 'Own', type: 'string' }],
    inheritedChoices: { kind: { odd: 'Odd' } },
    inheritedDefaults: { whole: 'b' },
    webServices: false,
  },
];

test('what definitions become is known to instances by a number', () => {
  const become = JSON.stringify([shapesOf(samples), rowsOf(samples, { demoData: true })]);
  assert.equal(
    hash('sha256', become).slice(0, 16),
    '2d60d6fdfbb3a5d8',
    'what definitions become has changed: raise `derivation` in src/records/sync_dictionary.ts, so that instances look at theirs again,' +
      ' and write the new hash here',
  );
});

test('definitions are data, all of which is seen in their JSON', () => {
  const check = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null) {
      const kind = Object.getPrototypeOf(value)?.constructor;
      assert.ok(kind === Object || kind === Array, `${path} is a ${kind?.name}`);
      for (const [key, each] of Object.entries(value)) check(each, `${path}.${key}`);
    } else assert.ok(['string', 'number', 'boolean'].includes(typeof value), `${path} is ${typeof value}`);
  };
  for (const definition of builtInTables) check(definition, definition.name);
});
