// Requests in, statements out: what is answered, what is kept, what is refused, and which statements may run long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeManualClock } from '../../../src/kit/clock.ts';
import { isFault } from '../../../src/kit/fault.ts';
import { makeQueries, type Queries, type QueryRequest } from '../../../src/records/query/queries.ts';
import { resolvePath } from '../../../src/records/query/resolve.ts';
import { openStore } from '../../../src/store/open_store.ts';
import { sqliteDialect } from '../../../src/store/sqlite/dialect.ts';
import type { Store, Value } from '../../../src/store/store.ts';
import { forEachEngine } from '../../parts/engines.ts';
import type { Item } from './evaluate.ts';
import { storeItems } from './items.ts';
import { makeModel } from './model.ts';

const model = makeModel();
const clock = makeManualClock(Date.parse('2026-11-21T10:00:00Z'));
const caller = { userSysId: 'u1', userName: 'ann', displayName: 'Ann', timeZone: 'UTC' };

const request = (query: string, more: Partial<QueryRequest> = {}): QueryRequest => ({
  dictionary: model.dictionary,
  table: model.table('incident'),
  caller,
  query,
  onInvalidTerm: 'drop',
  ...more,
});

const item = (table: string, sysId: string, values: Record<string, Value>): Item => ({
  table: model.table(table),
  values: { sys_class_name: table, ...values, sys_id: sysId },
});

const items = [
  item('company', 'c1', { name: 'Acme' }),
  item('sys_user', 'u1', { name: 'Ann', user_name: 'ann', company: 'c1', user_password: 'secret' }),
  item('sys_user', 'u2', { name: 'bob', user_name: 'bob' }),
  item('sys_db_object', 'd1', { name: 'incident', label: 'Incident' }),
  item('incident', 'i1', {
    number: 'INC1',
    priority: 1,
    cost: 1.5,
    active: 1,
    assigned_to: 'u2',
    caller_id: 'u1',
    kind: 'INCIDENT',
    opened_at: '2026-01-01 00:00:00',
  }),
  item('incident', 'i2', { number: 'INC2', priority: 2, cost: 2, assigned_to: 'u1', opened_at: '2026-01-02 00:00:00' }),
  item('incident', 'i3', { number: 'inc1', priority: 2, assigned_to: 'gone' }),
  item('problem', 'p1', { number: 'PRB1', priority: 2 }),
];

forEachEngine((engine) => {
  describe('a compiled query', () => {
    let store: Store;
    let queries: Queries;
    let drop: () => Promise<void>;
    before(async () => {
      const fresh = await engine.fresh();
      drop = fresh.drop;
      store = await openStore({ location: fresh.location, clock, random: Math.random });
      queries = makeQueries({ dialect: store.dialect, clock });
      await storeItems(store, model, items);
    });
    after(async () => {
      await store.close();
      await drop();
    });

    const list = async (asked: QueryRequest, limit = 100, offset = 0) => {
      const { rows, columns } = queries.plan(asked);
      const found = await store.read(rows.sql, [...rows.parameters, limit, offset]);
      return found.map((row) =>
        columns.map(({ valueAt, displayAt }) => [row[valueAt] ?? null, row[displayAt] ?? null].slice(0, displayAt < 0 ? 1 : 2)),
      );
    };
    const ids = async (asked: QueryRequest, limit?: number, offset?: number): Promise<unknown[]> =>
      (await list({ ...asked, fields: ['sys_id'] }, limit, offset)).map(([cell]) => cell?.[0]);

    test('restricts a child table to its own records and shows all of them to its parent', async () => {
      assert.deepEqual(await ids(request('')), ['i1', 'i2', 'i3']);
      assert.deepEqual(await ids(request('', { table: model.table('task') })), ['i1', 'i2', 'i3', 'p1']);
      assert.deepEqual(await ids(request('numberSTARTSWITHinc', { table: model.table('problem') })), []);
    });

    test('answers what references show, through names and dots, and nothing for those that lead nowhere', async () => {
      const fields = [
        'assigned_to',
        'kind',
        'caller_id.company',
        'caller_id.company.name',
        'caller_id.bogus',
        'bogus',
        ' number ',
      ];
      assert.deepEqual(await list(request('', { fields, display: 'all' })), [
        [['u2', 'bob'], ['INCIDENT', 'incident'], ['c1', 'Acme'], ['Acme'], [null], ['INC1']],
        [['u1', 'Ann'], [null, null], [null, null], [null], [null], ['INC2']],
        [['gone', null], [null, null], [null, null], [null], [null], ['inc1']],
      ]);
    });

    test('pages through the rows without repeating or missing one', async () => {
      assert.deepEqual(await ids(request('ORDERBYDESCpriority'), 2, 0), ['i2', 'i3']);
      assert.deepEqual(await ids(request('ORDERBYDESCpriority'), 2, 2), ['i1']);
      assert.deepEqual(await ids(request('ORDERBYDESCpriority'), 2, 4), []);
    });

    test('sorts by what people see of a reference', async () => {
      assert.deepEqual(await ids(request('ORDERBYassigned_to')), ['i3', 'i2', 'i1']);
    });

    test('lets a restriction bind every group', async () => {
      const path = resolvePath(model.dictionary, model.table('incident'), 'priority');
      assert.ok(path);
      const restriction = { kind: 'equals', path, values: [2], isNegated: false } as const;
      assert.deepEqual(await ids(request('number=INC1^NQnumber=INC2', { restriction })), ['i2', 'i3']);
      const one = queries.one(request('', { restriction, fields: ['number'] }));
      assert.equal((await store.read(one.sqlFor(1), [...one.parameters, 'i1'])).length, 0);
      assert.equal((await store.read(one.sqlFor(1), [...one.parameters, 'i2'])).length, 1);
    });

    test('finds one record by its sys_id, through its parent too', async () => {
      const one = queries.one(request('', { table: model.table('task'), fields: ['number', 'assigned_to'], display: 'true' }));
      assert.deepEqual(await store.read(one.sqlFor(1), [...one.parameters, 'i1']), [['i1', 'INC1', 'u2', 'bob']]);
      assert.deepEqual(await store.read(one.sqlFor(1), [...one.parameters, "' OR '1'='1"]), []);
    });

    test('a page among the rows that come first in its order is the page, or too short to be taken for one', async () => {
      const indexed = new Set(['sys_id', 'active', 'priority', 'number', 'opened_at', 'cost']);
      const options = { dialect: store.dialect, clock, isIndexed: (field: { element: string }) => indexed.has(field.element) };
      let full = 0;
      for (const condition of ['priority=2', 'active=true', 'priority=1^ORpriority=2', 'priority=2^assigned_to=u1'])
        for (const order of ['number', 'opened_at', 'cost'])
          for (const direction of ['ORDERBY', 'ORDERBYDESC'])
            for (const ahead of [1, 2, 3, 100]) {
              const asked = request(`${condition}^${direction}${order}`, { fields: ['number'] });
              const { rows, rowsAhead } = makeQueries({ ...options, ahead }).plan(asked);
              if (store.dialect.engine === 'postgres') {
                assert.equal(rowsAhead, undefined);
                continue;
              }
              assert.ok(rowsAhead, String(asked.query));
              for (const [limit, offset] of [
                [1, 0],
                [2, 0],
                [1, 1],
              ] as const) {
                const found = await store.read(rowsAhead.sql, [...rowsAhead.parameters, limit, offset]);
                if (found.length < limit) continue;
                full += 1;
                assert.deepEqual(found, await store.read(rows.sql, [...rows.parameters, limit, offset]), rowsAhead.sql);
              }
            }
      if (store.dialect.engine === 'sqlite') assert.ok(full > 20, `${full} full pages`);
      // A narrow filter, an order without an index and an order by the filter itself are read as ever.
      const plain = makeQueries(options);
      for (const query of [
        'number=INC1^ORDERBYopened_at',
        'priority=2^ORDERBYassigned_to',
        'priority=2',
        'opened_at>2026-01-01^ORDERBYopened_at',
      ])
        assert.equal(plain.plan(request(query)).rowsAhead, undefined, query);
    });

    test('counts what it would list', async () => {
      const { count } = queries.plan(request('priority=2^ORpriority=1^assigned_to.nameISNOTEMPTY'));
      assert.equal(Number((await store.read(count.sql, count.parameters))[0]?.[0]), 2);
    });

    test('may be thousands of terms long', async () => {
      const chain = Array.from({ length: 2000 }, (_, at) => `number!=x${at}`).join('^');
      assert.deepEqual(await ids(request(chain)), ['i1', 'i2', 'i3']);
      const either = Array.from({ length: 2000 }, (_, at) => `priority=${at + 2}`).join('^OR');
      assert.deepEqual(await ids(request(either)), ['i2', 'i3']);
      // What is left out is no condition.
      assert.deepEqual(await ids(request(`${'AAAA=BBBB^'.repeat(2300)}number=INC2`)), ['i2']);
      const among = `sys_idIN${Array.from({ length: 20_000 }, (_, at) => `i${at}`).join(',')}`;
      assert.deepEqual(await ids(request(among)), ['i1', 'i2', 'i3']);
    });

    const figures = async (asked: Parameters<Queries['aggregate']>[1], query = '', display: 'false' | 'all' = 'false') => {
      const statement = queries.aggregate(request(query, { display }), asked);
      return store.read(statement.sql, [...statement.parameters, 1000]);
    };
    const none = { count: false, avg: [], min: [], max: [], sum: [], groupBy: [], having: [], order: [] } as const;

    test('gives figures over all rows', async () => {
      const asked = {
        ...none,
        count: true,
        avg: ['cost', 'priority', 'number'],
        min: ['cost', 'opened_at'],
        max: ['priority'],
        sum: ['cost'],
      };
      assert.deepEqual(await figures(asked), [[3, 1.75, 5 / 3, 1.5, '2026-01-01 00:00:00', 2, 3.5]]);
      assert.deepEqual(await figures({ ...none, count: true, avg: ['cost'] }, 'number=nothing'), [[0, null]]);
    });

    test('gives figures by group, ordered and filtered', async () => {
      const byPriority = { ...none, count: true, groupBy: ['priority'] };
      assert.deepEqual(await figures(byPriority), [
        [1, 1],
        [2, 2],
      ]);
      assert.deepEqual(await figures({ ...byPriority, order: [{ measure: 'count', isDescending: true }] }), [
        [2, 2],
        [1, 1],
      ]);
      assert.deepEqual(await figures({ ...byPriority, order: [{ field: 'priority', isDescending: true }] }), [
        [2, 2],
        [1, 1],
      ]);
      assert.deepEqual(
        await figures({ ...byPriority, having: [{ measure: 'count', field: 'priority', relation: '>', value: '1.5' }] }),
        [[2, 2]],
      );
      assert.deepEqual(await figures({ ...none, count: true }, 'GROUPBYpriority'), [
        [1, 1],
        [2, 2],
      ]);
    });

    test('groups texts without regard to case, and shows what a grouped reference shows', async () => {
      assert.deepEqual(await figures({ ...none, count: true, groupBy: ['number'] }), [
        ['INC1', 2],
        ['INC2', 1],
      ]);
      assert.deepEqual(await figures({ ...none, count: true, groupBy: ['assigned_to'] }, '', 'all'), [
        ['gone', null, 1],
        ['u1', 'Ann', 1],
        ['u2', 'bob', 1],
      ]);
    });
  });
});

describe('the compiler', () => {
  const indexed = new Set(['sys_id', 'assigned_to', 'caller_id', 'parent', 'sys_updated_on', 'number', 'active', 'state']);
  const queries = makeQueries({ dialect: sqliteDialect, clock, isIndexed: ({ element }) => indexed.has(element) });
  const isKept = (asked: QueryRequest): boolean => queries.plan(asked) === queries.plan({ ...asked });

  test('keeps what would be the same for anyone at any time, and nothing else', () => {
    assert.ok(isKept(request('active=true^ORDERBYnumber')));
    assert.ok(isKept(request('active=true', { mayRead: () => true, rightsKey: 'itil' })));
    assert.ok(!isKept(request('active=true', { mayRead: () => true })));
    assert.ok(!isKept(request('assigned_to=javascript:gs.getUserID()')));
    assert.ok(!isKept(request('opened_at>javascript:gs.daysAgo(1)')));
    assert.ok(!isKept(request(`number=${'x'.repeat(9000)}`)));
  });

  test('lets go of a dictionary that nobody asks by any more, and of what was compiled for it', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const compile = (): WeakRef<object> => {
      const dictionary = { ...model.dictionary, version: 3 };
      assert.ok(isKept(request('number=1', { dictionary })));
      queries.one(request('', { dictionary }));
      return new WeakRef(dictionary);
    };
    const old = compile();
    // A WeakRef holds until the turn of the event loop is over.
    await setImmediate();
    collectGarbage();
    assert.equal(old.deref(), undefined);
  });

  test('tells apart requests that differ in anything', () => {
    const plans = [
      request('number=1'),
      request('number=2'),
      request('number=1', { fields: ['number'] }),
      request('number=1', { fields: [] }),
      request('number=1', { display: 'all' }),
      request('number=1', { table: model.table('task') }),
      request('number=1', { dictionary: { ...model.dictionary, version: 2 } }),
      request('number=1', { filters: [['number', '1']] }),
      request('number=1', { onInvalidTerm: 'match_nothing' }),
      request('number=1', { caller: { ...caller, timeZone: 'Europe/Paris' } }),
      request('number=1', { rightsKey: 'a' }),
    ].map((asked) => queries.plan(asked));
    assert.equal(new Set(plans).size, plans.length);
  });

  test('moves with the clock where the query does', () => {
    const asked = request('opened_at>javascript:gs.minutesAgo(0)');
    const [before] = queries.plan(asked).rows.parameters;
    clock.advance(60_000);
    assert.notEqual(queries.plan(asked).rows.parameters[0], before);
  });

  test('leaves out fields that may not be read, at any step of a walk', () => {
    const mayRead = (field: { element: string }): boolean => field.element !== 'company';
    const { columns } = queries.plan(request('', { fields: ['number', 'caller_id.company.name', 'caller_id.name'], mayRead }));
    assert.deepEqual(
      columns.map(({ key }) => key),
      ['number', 'caller_id.name'],
    );
    assert.ok(
      !queries.plan(request('', { table: model.table('sys_user'), mayRead })).columns.some(({ key }) => key === 'company'),
    );
  });

  const refused: ReadonlyArray<readonly [string, QueryRequest, string]> = [
    ['a text of 200 thousand characters', request('x'.repeat(200_001)), 'records.query_too_long'],
    ['more conditions than an engine plans in time', request('^number=a'.repeat(2_001)), 'records.query_too_long'],
    ['them among sort keys that nobody understands', request('^number=a^ORDERBYnope'.repeat(2_001)), 'records.query_too_long'],
    ['more text searches than anyone has words for', request('^123TEXTQUERY321=a'.repeat(21)), 'records.query_too_long'],
    ['more terms than are worth reading', request('^a=b'.repeat(30_001)), 'records.query_too_long'],
    [
      'more filters than an engine plans in time',
      request('', { filters: Array.from({ length: 2_001 }, () => ['number', 'a'] as const) }),
      'records.query_too_long',
    ],
    [
      'more conditions than that inside a block',
      request(`RLQUERYincident.caller_id,>=1${'^number=a'.repeat(2_000)}^ENDRLQUERY`),
      'records.query_too_long',
    ],
    [
      'more values than an engine takes',
      request(`priorityIN${Array.from({ length: 31_000 }, (_, at) => at).join(',')}`),
      'records.query_too_long',
    ],
  ];
  for (const [what, asked, code] of refused) {
    test(`refuses ${what}`, () =>
      assert.throws(
        () => queries.plan(asked),
        (error) => isFault(error, code) && error.kind === 'bad_request',
      ));
  }

  test('refuses more references than an engine follows', () => {
    const walks = ['parent', 'assigned_to.manager', 'caller_id.manager', 'assignment_group.parent', 'parent_incident'];
    const fields = walks.flatMap((walk) =>
      Array.from({ length: 7 }, (_, depth) => walk + `.${walk.split('.').at(-1)}`.repeat(depth)),
    );
    const asked = request('', {
      fields: fields.flatMap((walk) => [`${walk}.sys_created_on`, `${walk}.assigned_to.name`, `${walk}.company.name`]),
    });
    assert.throws(
      () => queries.plan(asked),
      (error) => isFault(error, 'records.query_too_wide'),
    );
  });

  test('guesses which statements may read much of a table', () => {
    const mayScan = (query: string): boolean => queries.plan(request(query)).rows.mayScan;
    for (const query of [
      '',
      'sys_id=x',
      'assigned_to=x',
      'assigned_to=x^numberLIKE1',
      'sys_id>x',
      'ORDERBYsys_updated_on',
      'sys_updated_on>=2026-01-01^ORDERBYsys_updated_on',
      'assigned_to=x^NQparent=x',
      'active=true',
      'state=1^priority=2',
      'assigned_toINa,b^ORDERBYnumber',
      'numberIN1,2',
    ]) {
      assert.equal(mayScan(query), false, query);
    }
    for (const query of [
      'numberLIKEx',
      'priority=1',
      'assigned_to=x^NQpriority=1',
      'assigned_to=x^NQcaller_id=x',
      'active=true^ORDERBYnumber',
      'active=true^ORDERBYshort_description',
      'active=false',
      'assigned_to=x^ORpriority=1',
      'caller_id.name=x',
      'ORDERBYshort_description',
      'assigned_to!=x',
      '123TEXTQUERY321=x',
      'sys_id>x^priority=1',
    ]) {
      assert.equal(mayScan(query), true, query);
    }
    assert.equal(queries.plan(request('')).count.mayScan, true);
    assert.equal(queries.plan(request('active=true')).count.mayScan, true);
    assert.equal(queries.plan(request('assigned_to=x')).count.mayScan, false);
  });
});
