// Generated queries over generated records: what SQLite answers, what PostgreSQL answers and what a plain loop over objects finds are
// the same rows in the same order.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { makeManualClock } from '../../../src/kit/clock.ts';
import { makeQueries, type Queries } from '../../../src/records/query/queries.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store } from '../../../src/store/store.ts';
import { engines } from '../../parts/engines.ts';
import { makeEvaluator } from './evaluate.ts';
import { generateItems, idOf, moments, storeItems, words } from './items.ts';
import { makeModel } from './model.ts';

const model = makeModel();
const clock = makeManualClock(Date.parse('2026-11-21T10:00:00Z'));

const textFields = [
  'short_description',
  'number',
  'assigned_to.name',
  'caller_id.company.name',
  'category',
  'parent.short_description',
];
const momentFields = ['opened_at', 'sys_created_on', 'due', 'parent.opened_at'];
const numberFields = ['priority', 'state', 'cost', 'assigned_to.company.size'];
const referenceFields = [
  'assigned_to',
  'assignment_group',
  'caller_id',
  'parent',
  'kind',
  'parent_incident',
  'caller_id.manager',
];
const otherFields = ['active', 'caller_id.active', 'watch_list', 'work_time', 'sys_class_name', 'sys_id', 'kind.label'];
const anyField = fc.constantFrom(...textFields, ...momentFields, ...numberFields, ...referenceFields, ...otherFields);

const word = fc.constantFrom(...words, '', '%', '_', '\\', 'true', 'NULL', 'incident', 'a,b', '1');
const number = fc.constantFrom(
  '-1',
  '0',
  '1',
  '1.5',
  '2',
  '3',
  '2.25',
  '1e3',
  '99999999999999999999',
  'no number',
  'In Progress',
);
const key = fc.constantFrom(
  ...['sys_user', 'task', 'incident', 'problem', 'sys_user_group'].map((table) => idOf(table, 3)),
  'nobody',
  'Task',
);
const moment = fc.constantFrom(
  ...moments,
  '2026-10-25',
  '2026-03-29',
  '2026-11-21T10:00:00+05:30',
  'rubbish',
  'javascript:gs.beginningOfThisMonth()',
  'javascript:gs.daysAgoEnd(1)',
  'javascript:gs.dateGenerate("2026-10-25","end")',
  'javascript:gs.nothing()',
);
const value = fc.oneof(word, number, key, moment).map((text) => text.replaceAll('^', '^^'));
const comparison = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
const fieldComparison = fc.constantFrom('SAMEAS', 'NSAMEAS', 'GT_FIELD', 'LT_FIELD', 'GT_OR_EQUALS_FIELD', 'LT_OR_EQUALS_FIELD');
const plainOperator = fc.constantFrom(
  'LIKE',
  'NOT LIKE',
  'STARTSWITH',
  'ENDSWITH',
  'CONTAINS',
  'ISEMPTY',
  'ISNOTEMPTY',
  'ANYTHING',
);
const unit = fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'quarter', 'year');

const joined = (...parts: ReadonlyArray<fc.Arbitrary<string> | string>): fc.Arbitrary<string> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((texts) => texts.join(''));

const simpleTerm = fc.oneof(
  joined(anyField, comparison, value),
  joined(fc.constantFrom(...momentFields), comparison, moment),
  joined(fc.constantFrom(...numberFields), comparison, number),
  joined(
    fc.constantFrom(...textFields, ...referenceFields),
    plainOperator,
    word.map((text) => text.replaceAll('^', '^^')),
  ),
  joined(anyField, fc.constantFrom('ISEMPTY', 'ISNOTEMPTY', 'EMPTYSTRING')),
  joined(
    anyField,
    fc.constantFrom('IN', 'NOT IN'),
    fc.array(fc.oneof(value, number, key), { maxLength: 4 }).map((list) => list.join(',')),
  ),
  joined(fc.constantFrom(...referenceFields), fc.constantFrom('=', '!='), key),
  joined(fc.constantFrom(...momentFields, ...numberFields), 'BETWEEN', fc.oneof(moment, number), '@', fc.oneof(moment, number)),
);
const specialTerm = fc.oneof(
  joined(anyField, fieldComparison, anyField),
  joined(fc.constantFrom(...momentFields), fc.constantFrom('SAMEAS', 'NSAMEAS'), fc.constantFrom(...momentFields), '@', unit),
  joined(fc.constantFrom(...momentFields), fc.constantFrom('ON', 'NOTON'), 'Someday@', moment, '@', moment),
  joined(
    fc.constantFrom(...momentFields),
    "DATEPARTsome@javascript:gs.datePart('",
    fc.constantFrom(
      "month','oct",
      "month','3",
      "dayofweek','sunday",
      "hour','0",
      "hour','1",
      "year','2026",
      "quarter','4",
      "week','12",
      "week','0",
    ),
    "','",
    fc.constantFrom('EE', 'GT', 'GE', 'LT', 'LE'),
    "')",
  ),
  joined(
    fc.constantFrom(...momentFields),
    'RELATIVE',
    fc.constantFrom('GT', 'GE', 'LT', 'LE', 'EE'),
    '@',
    fc.constantFrom('minute', 'hour', 'dayofweek', 'month', 'quarter', 'year'),
    '@',
    fc.constantFrom('ago', 'ahead'),
    '@',
    fc.constantFrom('0', '1', '30'),
  ),
  joined(
    fc.constantFrom(...momentFields),
    fc.constantFrom('MORETHAN', 'LESSTHAN'),
    fc.constantFrom(...momentFields),
    '@',
    unit,
    '@',
    fc.constantFrom('before', 'after', 'before or after'),
    '@',
    fc.constantFrom('0', '1', '10'),
  ),
  joined('sys_class_nameINSTANCEOF', fc.constantFrom('task', 'incident', 'problem', 'nothing')),
  joined(fc.constantFrom('assigned_to', 'caller_id'), 'DYNAMIC90d1921e5f510100a9ad2572f2b477fe'),
  fc.constant('assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744'),
  joined(fc.constantFrom('assignment_group', 'parent', 'sys_id'), 'IN_HIERARCHY', key),
  joined('123TEXTQUERY321=', fc.constantFrom('a', 'printer fire', '%', 'z ')),
);
const innerQuery = fc
  .array(fc.constantFrom('active=true', 'priority<2', '^ORpriority=3', 'short_descriptionLIKEa', 'assigned_toISEMPTY'), {
    maxLength: 3,
  })
  .map((terms) => terms.join('^').replaceAll('^^OR', '^OR'));
const blockTerm = fc.oneof(
  joined(
    fc.constantFrom('RLQUERYincident.parent,', 'RLQUERYtask.parent,', 'RLQUERYproblem.parent,'),
    fc.constantFrom('>=1', '=0', '>0', '<2', '!=1', '>=2', 'BETWEEN1@2'),
    fc.constantFrom('', ',m2m'),
    '^',
    innerQuery,
    '^ENDRLQUERY',
  ),
  joined(
    'JOINtask.',
    fc.constantFrom(
      'assigned_to=sys_user.sys_id',
      'short_description=sys_user.name',
      'priority=company.size',
      'parent=problem.sys_id',
    ),
    '!',
    fc.constantFrom('', 'nameLIKEa', 'sys_idISNOTEMPTY'),
  ),
);
const term = fc.oneof(
  { weight: 8, arbitrary: simpleTerm },
  { weight: 4, arbitrary: specialTerm },
  { weight: 1, arbitrary: blockTerm },
);
const rest = fc
  .array(
    fc.tuple(fc.constantFrom('^', '^', '^OR', '^NQ'), term).map((pair) => pair.join('')),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));
const order = fc
  .array(joined(fc.constantFrom('^ORDERBY', '^ORDERBYDESC'), anyField), { maxLength: 3 })
  .map((parts) => parts.join(''));
const query = joined(term, rest, order);

interface Side {
  store: Store;
  queries: Queries;
  drop(): Promise<void>;
}

describe('a generated query', () => {
  const sides: Side[] = [];
  before(async () => {
    for (const engine of engines) {
      const { location, drop } = await engine.fresh();
      const store = await openStore({ location, clock, random: Math.random });
      sides.push({ store, queries: makeQueries({ dialect: store.dialect, clock }), drop });
    }
  });
  after(async () => {
    for (const { store, drop } of sides) {
      await store.close();
      await drop();
    }
  });

  for (const [seed, timeZone] of [
    [1, 'UTC'],
    [2, 'Europe/Paris'],
    [3, 'America/St_Johns'],
  ] as const) {
    test(`answers the same rows in the same order everywhere, in ${timeZone}`, async () => {
      const items = generateItems(model, seed);
      for (const { store } of sides) await storeItems(store, model, items);
      const evaluator = makeEvaluator(items);
      const caller = { userSysId: idOf('sys_user', 3), userName: 'a', displayName: 'A', timeZone };
      let matched = 0;
      await fc.assert(
        fc.asyncProperty(query, fc.constantFrom('incident', 'task', 'problem'), async (text, table) => {
          const request = {
            dictionary: model.dictionary,
            table: model.table(table),
            caller,
            query: text,
            onInvalidTerm: 'drop',
          } as const;
          for (const { store, queries } of sides) {
            const plan = queries.plan({ ...request, display: 'all' });
            const expected = evaluator.rows(plan.bound);
            const rows = await store.read(plan.rows.sql, [...plan.rows.parameters, 1000, 0]);
            assert.deepEqual(
              rows.map((row) => row[0]),
              expected,
              `${store.dialect.engine}: ${plan.rows.sql}`,
            );
            const counted = await store.read(plan.count.sql, plan.count.parameters);
            assert.equal(Number(counted[0]?.[0]), expected.length);
            if (expected.length > 0) matched += 1;
          }
        }),
        { numRuns: 250, seed },
      );
      assert.ok(matched > 100, 'most generated queries find something');
    });
  }

  test('is never refused, whatever is written', async () => {
    const items = generateItems(model, 4, 2);
    for (const { store } of sides) await storeItems(store, model, items);
    const evaluator = makeEvaluator(items);
    const piece = fc.oneof(
      term,
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '^',
        '^^',
        '^OR',
        '^NQ',
        '^EQ',
        'RLQUERY',
        '^ENDRLQUERY',
        'ORDERBY',
        'GROUPBY',
        'JOIN',
        '@',
        '!',
        "'",
        ';--',
      ),
    );
    const caller = { userSysId: 'u', userName: 'u', displayName: 'U', timeZone: 'Asia/Kolkata' };
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const request = {
          dictionary: model.dictionary,
          table: model.table('incident'),
          caller,
          query: pieces.join(''),
          onInvalidTerm: 'drop',
        } as const;
        for (const { store, queries } of sides) {
          const plan = queries.plan(request);
          const rows = await store.read(plan.rows.sql, [...plan.rows.parameters, 1000, 0]);
          assert.deepEqual(
            rows.map((row) => row[0]),
            evaluator.rows(plan.bound),
          );
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
