// What every storage engine promises, as tests. An engine that passes may stand behind src/store/store.ts.
// The engine's own ways (locks, topics over the wire, long reads) have their own files in test/store/.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Store, TableShape, Transaction, Value } from '../../src/store/store.ts';
import type { Engine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';

export const thingTable: TableShape = {
  name: 'thing',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'label', type: 'text_nocase' },
    { name: 'amount', type: 'integer' },
    { name: 'weight', type: 'real' },
    { name: 'data', type: 'blob' },
    { name: 'body', type: 'text' },
  ],
  indexes: [{ name: 'label', columns: ['label'], unique: true }],
};

const columns = ['id', 'label', 'amount', 'weight', 'data', 'body'] as const;
type Thing = Partial<Record<(typeof columns)[number], Value>> & { id: string };

export const openTestStore = (location: string): Promise<Store> =>
  openStore({ location, clock: systemClock, random: Math.random });

export const insertThing = async (transaction: Transaction, thing: Thing): Promise<number> => {
  const parameters = columns.map((_, at) => transaction.dialect.parameter(at + 1)).join(', ');
  return transaction.run(
    `INSERT INTO thing (${columns.join(', ')}) VALUES (${parameters})`,
    columns.map((column) => thing[column] ?? null),
  );
};

const add = (store: Store, thing: Thing) => store.write((transaction) => insertThing(transaction, thing));
const idsOf = async (store: Store) => (await store.read('SELECT id FROM thing ORDER BY id')).map((row) => row[0]);

/** Call inside a describe block of the engine. */
export const storeContract = (engine: Engine): void => {
  let database: Awaited<ReturnType<Engine['fresh']>>;
  let store: Store;

  before(async () => {
    database = await engine.fresh();
    store = await openTestStore(database.location);
  });
  after(async () => {
    await store.close();
    await database.drop();
  });
  const emptied = async () => {
    await store.write(async (transaction) => {
      await transaction.define([thingTable]);
      await transaction.run('DELETE FROM thing');
    });
  };

  describe('values', () => {
    const one = async (thing: Omit<Thing, 'id'>, column: string) => {
      await emptied();
      await add(store, { id: 'x', ...thing });
      return (await store.read(`SELECT ${column} FROM thing`))[0]?.[0];
    };

    const kept: [Omit<Thing, 'id'>, keyof Thing, Value][] = [
      [{ body: '' }, 'body', ''],
      [{ body: null }, 'body', null],
      [{ body: 'é 漢 😀 \u0001 \r\n\t' }, 'body', 'é 漢 😀 \u0001 \r\n\t'],
      [{ body: "'; DROP TABLE thing; --" }, 'body', "'; DROP TABLE thing; --"],
      [{ body: 'x'.repeat(2_000_000) }, 'body', 'x'.repeat(2_000_000)],
      [{ body: 5 }, 'body', '5'],
      [{ amount: 0 }, 'amount', 0],
      [{ amount: -5 }, 'amount', -5],
      [{ amount: Number.MAX_SAFE_INTEGER }, 'amount', Number.MAX_SAFE_INTEGER],
      [{ amount: '9007199254740993' }, 'amount', '9007199254740993'],
      [{ amount: '-9223372036854775808' }, 'amount', '-9223372036854775808'],
      [{ amount: '12' }, 'amount', 12],
      [{ weight: 0.1 }, 'weight', 0.1],
      [{ weight: 3 }, 'weight', 3],
      [{ weight: -1.5e-300 }, 'weight', -1.5e-300],
      [{ data: new Uint8Array([0, 255, 128, 10]) }, 'data', new Uint8Array([0, 255, 128, 10])],
      [{ data: new Uint8Array() }, 'data', new Uint8Array()],
      [{ data: Buffer.from('abc') }, 'data', new Uint8Array([97, 98, 99])],
    ];
    for (const [thing, column, expected] of kept) {
      const shown = String(Object.values(thing)[0]).slice(0, 30);
      test(`${column} ${JSON.stringify(shown)} comes back as it was put in`, async () => {
        assert.deepEqual(await one(thing, column), expected);
      });
    }

    const refused: [Omit<Thing, 'id'> & { id?: Value }, string][] = [
      [{ body: 'a\0b' }, 'store.bad_text'],
      [{ body: 'a\ud800b' }, 'store.bad_text'],
      [{ body: '\udc00' }, 'store.bad_text'],
      [{ weight: Number.NaN }, 'store.bad_number'],
      [{ weight: Number.POSITIVE_INFINITY }, 'store.bad_number'],
      [{ amount: 1.5 }, 'store.bad_value'],
      [{ amount: 'twelve' }, 'store.bad_value'],
      [{ amount: '' }, 'store.bad_value'],
      [{ amount: 1e300 }, 'store.bad_value'],
      [{ amount: '9223372036854775808' }, 'store.bad_value'],
      [{ weight: 'heavy' }, 'store.bad_value'],
      [{ id: null }, 'store.missing_value'],
    ];
    for (const [thing, code] of refused) {
      test(`${JSON.stringify(thing)} is refused with ${code}`, async () => {
        await emptied();
        await assert.rejects(add(store, { id: 'x', ...thing } as Thing), { name: 'Fault', code, kind: 'bad_request' });
        assert.deepEqual(await idsOf(store), []);
      });
    }

    test('text that is refused in a write is refused in a read as well', async () => {
      const sql = `SELECT id FROM thing WHERE body = ${store.dialect.parameter(1)}`;
      await assert.rejects(store.read(sql, ['\0']), { code: 'store.bad_text' });
      await assert.rejects(store.read(sql, ['\0'], { long: true }), { code: 'store.bad_text' });
    });

    test('what is no value at all is a bug, not a fault', async () => {
      await assert.rejects(add(store, { id: 'x', body: undefined as never, data: true as never }), TypeError);
    });

    test('sums and counts are numbers', async () => {
      await emptied();
      for (const [id, amount] of [
        ['a', 2],
        ['b', 3],
      ] as const)
        await add(store, { id, amount, weight: amount / 2 });
      assert.deepEqual(await store.read('SELECT count(*), sum(amount), sum(weight), max(id), avg(amount) FROM thing'), [
        [2, 5, 2.5, 'b', 2.5],
      ]);
      assert.deepEqual(await store.read('SELECT amount > 2 FROM thing ORDER BY id'), [[0], [1]]);
    });
  });

  describe('define', () => {
    test('may be repeated, and adds columns and indexes to a table with rows', async () => {
      const first: TableShape = { name: 'grows', columns: [{ name: 'id', type: 'text' }] };
      await store.write((transaction) => transaction.define([first]));
      await store.write((transaction) => transaction.run(`INSERT INTO grows VALUES ('a')`));
      const second: TableShape = {
        ...first,
        columns: [
          ...first.columns,
          { name: 'words', type: 'text', notNull: true },
          { name: 'much', type: 'integer', notNull: true },
          { name: 'maybe', type: 'blob' },
        ],
        indexes: [{ name: 'words', columns: ['words', 'much'] }],
      };
      for (let times = 0; times < 2; times += 1) await store.write((transaction) => transaction.define([second]));
      assert.deepEqual(await store.read('SELECT id, words, much, maybe FROM grows'), [['a', '', 0, null]]);
    });

    test('an index that few rows are in is made, beside tables whose rows change often', async () => {
      const table: TableShape = {
        name: 'sparse_thing',
        columns: [
          { name: 'id', type: 'text' },
          { name: 'mark', type: 'text' },
        ],
        indexes: [{ name: 'mark', columns: ['mark'], isSparse: true, unique: true }],
      };
      await store.write((transaction) => transaction.define([table]));
      await store.write((transaction) => transaction.define([{ ...table, fillPercent: 60 }]));
      await store.write((transaction) => transaction.define([{ ...table, fillPercent: 60 }]));
      const insert = (id: string, mark: string | null) =>
        store.write(({ dialect: { parameter }, ...transaction }) =>
          transaction.run(`INSERT INTO sparse_thing (id, mark) VALUES (${parameter(1)}, ${parameter(2)})`, [id, mark]),
        );
      for (const id of ['a', 'b']) await insert(id, null);
      await insert('c', 'm');
      await assert.rejects(insert('d', 'm'), { code: 'store.duplicate' });
    });

    test('never drops: a column the shape no longer names keeps its values', async () => {
      const full: TableShape = {
        name: 'keeps',
        columns: [
          { name: 'id', type: 'text' },
          { name: 'old', type: 'text' },
        ],
      };
      await store.write(async (transaction) => {
        await transaction.define([full]);
        await transaction.run(`INSERT INTO keeps VALUES ('a', 'kept')`);
        await transaction.define([{ ...full, columns: full.columns.slice(0, 1) }]);
      });
      assert.deepEqual(await store.read('SELECT old FROM keeps'), [['kept']]);
    });

    test('is part of its transaction: a table made by a failed one is not there', async () => {
      const failed = store.write(async (transaction) => {
        await transaction.define([{ name: 'never', columns: [{ name: 'id', type: 'text' }] }]);
        throw new Error('after all');
      });
      await assert.rejects(failed, { message: 'after all' });
      await assert.rejects(store.read('SELECT id FROM never'));
    });

    test('two stores may define the same tables at once', async () => {
      const second = await openTestStore(database.location);
      const tables = Array.from(
        { length: 12 },
        (_, at): TableShape => ({
          name: `together_${at}`,
          columns: [
            { name: 'id', type: 'text' },
            { name: 'label', type: 'text_nocase' },
          ],
          indexes: [{ name: 'label', columns: ['label'], unique: true }],
        }),
      );
      try {
        const both = [store, second, store, second];
        await Promise.all(both.map((each) => each.write((transaction) => transaction.define(tables))));
        await store.write((transaction) => transaction.run(`INSERT INTO together_11 VALUES ('a', 'b')`));
        assert.deepEqual(await second.read('SELECT * FROM together_11'), [['a', 'b']]);
      } finally {
        await second.close();
      }
    });

    test('two stores may open an empty database at once', async () => {
      const empty = await engine.fresh();
      const stores = await Promise.all([1, 2, 3].map(() => openTestStore(empty.location)));
      await Promise.all(stores.map((each) => each.close()));
      await empty.drop();
    });

    test('names too long for PostgreSQL stay apart', async () => {
      const long = 'n'.repeat(70);
      const name = store.dialect.name;
      const tables = ['1', '2'].map(
        (end): TableShape => ({
          name: `${long}${end}`,
          columns: [
            { name: `${long}id`, type: 'text' },
            { name: `${long}x`, type: 'text' },
          ],
          indexes: [
            { name: `${long}i`, columns: [`${long}x`] },
            { name: `${long}j`, columns: [`${long}x`] },
          ],
        }),
      );
      for (let times = 0; times < 2; times += 1) await store.write((transaction) => transaction.define(tables));
      await store.write((transaction) => transaction.run(`INSERT INTO ${name(`${long}1`)} VALUES ('a', 'b')`));
      assert.deepEqual(await store.read(`SELECT ${name(`${long}x`)} FROM ${name(`${long}1`)}`), [['b']]);
      assert.deepEqual(await store.read(`SELECT * FROM ${name(`${long}2`)}`), []);
    });

    test('a key without regard to case refuses the same word in other letters', async () => {
      await store.write(async (transaction) => {
        await transaction.define([{ name: 'word', columns: [{ name: 'word', type: 'text_nocase' }] }]);
        await transaction.run(`INSERT INTO word VALUES ('Abc')`);
      });
      await assert.rejects(
        store.write((transaction) => transaction.run(`INSERT INTO word VALUES ('aBC')`)),
        { code: 'store.duplicate' },
      );
    });
  });

  describe('unique', () => {
    test('a value that is there already is store.duplicate, a conflict that names the index in its detail', async () => {
      await emptied();
      await add(store, { id: 'a', label: 'One' });
      await assert.rejects(add(store, { id: 'b', label: 'oNE' }), {
        code: 'store.duplicate',
        kind: 'conflict',
        detail: /^thing_label /,
      });
      await assert.rejects(add(store, { id: 'a', label: 'Two' }), {
        code: 'store.duplicate',
        kind: 'conflict',
        detail: /^thing_pkey /,
      });
    });

    test('any number of rows may have no value', async () => {
      await emptied();
      await add(store, { id: 'a', label: null });
      await add(store, { id: 'b', label: null });
      assert.deepEqual(await idsOf(store), ['a', 'b']);
    });
  });

  describe('transactions', () => {
    test('a transaction reads what it wrote, others only what was committed', async () => {
      await emptied();
      await store.write(async (transaction) => {
        assert.equal(await insertThing(transaction, { id: 'a' }), 1);
        assert.deepEqual(await transaction.read('SELECT id FROM thing'), [['a']]);
        assert.deepEqual(await idsOf(store), []);
      });
      assert.deepEqual(await idsOf(store), ['a']);
      assert.deepEqual(await store.read('SELECT id FROM thing', [], { long: true }), [['a']]);
    });

    test('the answer of run is the number of rows touched, of write what the work answered', async () => {
      await emptied();
      for (const id of ['a', 'b', 'c']) await add(store, { id });
      assert.equal(await store.write((transaction) => transaction.run(`UPDATE thing SET amount = 1 WHERE id > 'a'`)), 2);
      assert.equal(await store.write((transaction) => transaction.run(`DELETE FROM thing WHERE id = 'nobody'`)), 0);
    });

    test('rows come back from a statement that changes them, large integers too, and it runs once', async () => {
      await emptied();
      const sql = `INSERT INTO thing (id, amount) VALUES ('a', 9007199254740993) RETURNING id, amount`;
      assert.deepEqual(await store.write((transaction) => transaction.read(sql)), [['a', '9007199254740993']]);
    });

    test('of writes that share a commit, one that fails takes only itself away', async () => {
      await emptied();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, at) =>
          store.write(async (transaction) => {
            await insertThing(transaction, { id: `k${at}` });
            if (at % 4 === 1) throw new Error('no');
            if (at % 4 === 2) await insertThing(transaction, { id: `k${at}` });
          }),
        ),
      );
      const expected = outcomes.flatMap((outcome, at) => (outcome.status === 'fulfilled' ? [`k${at}`] : []));
      assert.equal(expected.length, 20);
      assert.deepEqual(await idsOf(store), expected.sort());
    });

    test('a failed statement dooms its transaction, also when the work swallows the failure', async () => {
      await emptied();
      await add(store, { id: 'a' });
      const swallowed = store.write(async (transaction) => {
        await insertThing(transaction, { id: 'b' });
        await insertThing(transaction, { id: 'a' }).catch(() => {});
        return 'all is well';
      });
      await assert.rejects(swallowed, { code: 'store.duplicate' });
      assert.deepEqual(await idsOf(store), ['a']);
    });

    test('of statements that went out together, the first that failed is what the failure is about', async () => {
      await emptied();
      await add(store, { id: 'a' });
      const together = store.write((transaction) => {
        // Heard of later than what it spoilt for the other.
        const deep = Promise.all([Promise.all([insertThing(transaction, { id: 'a' })])]);
        return Promise.all([deep, insertThing(transaction, { id: 'b' })]);
      });
      await assert.rejects(together, { code: 'store.duplicate' });
      assert.deepEqual(await idsOf(store), ['a']);
    });

    test('what nobody waits for is written with the rest, and where it fails nothing is', async () => {
      await emptied();
      const addAll = (...ids: string[]) =>
        store.write(async (transaction) => {
          const { parameter } = transaction.dialect;
          for (const id of ids) transaction.send(`INSERT INTO thing (id) VALUES (${parameter(1)})`, [id]);
          return ids.length;
        });
      assert.equal(await addAll('a', 'b'), 2);
      assert.deepEqual(await idsOf(store), ['a', 'b']);
      await assert.rejects(addAll('c', 'a', 'd'), { code: 'store.duplicate' });
      await assert.rejects(addAll('e', '\0'), { code: 'store.bad_text' });
      await add(store, { id: 'z' });
      assert.deepEqual(await idsOf(store), ['a', 'b', 'z']);
    });

    test('a statement after the end of its transaction is refused', async () => {
      await emptied();
      const kept = await store.write(async (transaction) => ({ transaction }));
      await assert.rejects(insertThing(kept.transaction, { id: 'late' }), /transaction is over/);
      assert.deepEqual(await idsOf(store), []);
    });

    test('a write inside a write is refused at once, and the store goes on', async () => {
      await emptied();
      await assert.rejects(
        store.write(() => add(store, { id: 'inner' })),
        /inside the work of another/,
      );
      await add(store, { id: 'after' });
      assert.deepEqual(await idsOf(store), ['after']);
    });

    test('works on the same row do not lose one another', async () => {
      await emptied();
      await add(store, { id: 'a', amount: 0 });
      const raise = () =>
        store.write(async (transaction) => {
          const { dialect } = transaction;
          const rows = await transaction.read(`SELECT amount FROM thing WHERE id = 'a'${dialect.forUpdate}`);
          await transaction.run(`UPDATE thing SET amount = ${dialect.parameter(1)} WHERE id = 'a'`, [Number(rows[0]?.[0]) + 1]);
        });
      await Promise.all(Array.from({ length: 30 }, raise));
      assert.deepEqual(await store.read('SELECT amount FROM thing'), [[30]]);
    });

    test('afterCommit is called once the rows are there, and never for what was rolled back', async () => {
      await emptied();
      const heard: string[] = [];
      await store.write(async (transaction) => {
        transaction.afterCommit(() => heard.push('kept'));
        await insertThing(transaction, { id: 'a' });
        assert.deepEqual(heard, []);
      });
      const failed = store.write(async (transaction) => {
        transaction.afterCommit(() => heard.push('lost'));
        await insertThing(transaction, { id: 'a' });
      });
      await assert.rejects(failed);
      assert.deepEqual(heard, ['kept']);
    });

    test('an afterCommit that throws is loud, and the row is there all the same', async () => {
      await emptied();
      const write = store.write(async (transaction) => {
        transaction.afterCommit(() => {
          throw new Error('a bug');
        });
        await insertThing(transaction, { id: 'a' });
      });
      await assert.rejects(write, { message: 'a bug' });
      await add(store, { id: 'b' });
      assert.deepEqual(await idsOf(store), ['a', 'b']);
    });

    test('two works that lock rows in opposite order both succeed', async () => {
      await emptied();
      for (const id of ['a', 'b']) await add(store, { id, amount: 0 });
      const raiseBoth = (order: readonly string[]) =>
        store.write(async (transaction) => {
          for (const id of order) {
            await transaction.run(`UPDATE thing SET amount = amount + 1 WHERE id = ${transaction.dialect.parameter(1)}`, [id]);
          }
        });
      await Promise.all(Array.from({ length: 2 }, (_, at) => raiseBoth(at % 2 ? ['a', 'b'] : ['b', 'a'])));
      assert.deepEqual(await store.read('SELECT amount FROM thing'), [[2], [2]]);
    });
  });

  describe('topics', () => {
    test('a topic nobody raised is 0, and a bump counts when it is committed', async () => {
      assert.equal(store.topic('unheard of'), 0);
      await store.write(async (transaction) => {
        await transaction.bump('roles');
        assert.equal(store.topic('roles'), 0);
      });
      assert.equal(store.topic('roles'), 1);
      const failed = store.write(async (transaction) => {
        await transaction.bump('roles');
        throw new Error('no');
      });
      await assert.rejects(failed);
      assert.equal(store.topic('roles'), 1);
    });

    test('another store on the same database sees the bump, and one opened later starts there', async () => {
      const second = await openTestStore(database.location);
      await second.write((transaction) => transaction.bump('seen by both'));
      assert.equal(second.topic('seen by both'), 1);
      await untilTrue(() => store.topic('seen by both') === 1);
      await store.write((transaction) => transaction.bump('seen by both'));
      await untilTrue(() => second.topic('seen by both') === 2);
      await second.close();
      const third = await openTestStore(database.location);
      assert.equal(third.topic('seen by both'), 2);
      await third.close();
    });
  });

  describe('size', () => {
    test('10,000 rows written by many at once are all there, read short and long', async () => {
      await emptied();
      // As many callers at once as a busy instance has; each goes on when it was answered.
      let next = 0;
      const caller = async () => {
        for (let at = next++; at < 10_000; at = next++) await add(store, { id: String(at).padStart(5, '0'), amount: at });
      };
      await Promise.all(Array.from({ length: 200 }, caller));
      const short = await store.read('SELECT id, amount FROM thing ORDER BY id');
      assert.equal(short.length, 10_000);
      assert.deepEqual(short[9_999], ['09999', 9_999]);
      assert.deepEqual(await store.read('SELECT id, amount FROM thing ORDER BY id', [], { long: true }), short);
    });

    test('more writes at once than may wait are store.overloaded, the others are done, and the store goes on', async () => {
      await emptied();
      const outcomes = await Promise.allSettled(Array.from({ length: 7000 }, (_, at) => add(store, { id: `${at}` })));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      // Those beyond the limit at once, and on a slow machine those whose turn did not come in time.
      assert.ok(refused.length > 0 && refused.length < 7000, `${refused.length} were refused`);
      for (const { reason } of refused) assert.equal(reason.code, 'store.overloaded');
      assert.equal((await idsOf(store)).length, 7000 - refused.length);
      await add(store, { id: 'after' });
    });

    test('more statements than are kept prepared still answer rightly', async () => {
      for (let at = 0; at < 1200; at += 1) assert.deepEqual(await store.read(`SELECT ${at}`), [[at]]);
    });
  });

  describe('steady reads', () => {
    before(async () => {
      await emptied();
      for (const id of ['a', 'b', 'c']) await add(store, { id, amount: id.charCodeAt(0), data: new Uint8Array([1, 2]) });
    });
    const read = (id: string) =>
      store.read(`SELECT id, amount, data, body FROM thing WHERE id = ${store.dialect.parameter(1)}`, [id], { steady: true });

    test('many at once each get their own rows, in the same forms as any other', async () => {
      const ids = Array.from({ length: 60 }, (_, at) => 'abcx'[at % 4] as string);
      const expected = ids.map((id) => (id === 'x' ? [] : [[id, id.charCodeAt(0), new Uint8Array([1, 2]), null]]));
      assert.deepEqual(await Promise.all(ids.map(read)), expected);
    });

    test('one that fails takes none of the others with it', async () => {
      const wrong = () => store.read(`SELECT id FROM thing_that_is_not_there`, [], { steady: true });
      const all = await Promise.allSettled([read('a'), wrong(), read('b'), wrong(), read('c')]);
      assert.deepEqual(
        all.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
      );
    });

    test('sees what was committed before it was asked for', async () => {
      await add(store, { id: 'd', amount: 1 });
      assert.equal((await read('d'))[0]?.[1], 1);
    });
  });

  describe('long reads', () => {
    const slow =
      engine.name === 'sqlite'
        ? 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c'
        : 'SELECT pg_sleep(60)';

    test('one that exceeds its limit is cancelled; meanwhile and afterwards the store answers', async () => {
      await emptied();
      let answered = 0;
      let answeredMeanwhile = 0;
      const long = store.read(slow, [], { long: true, timeLimitMs: 700 }).finally(() => {
        answeredMeanwhile = answered;
      });
      const cancelled = assert.rejects(long, {
        code: 'store.query_cancelled',
        kind: 'timeout',
        message: 'Transaction cancelled: maximum execution time exceeded',
      });
      for (let at = 0; at < 20; at += 1) {
        await add(store, { id: `m${at}` });
        assert.equal((await idsOf(store)).length, at + 1);
        answered += 1;
      }
      await cancelled;
      assert.ok(answeredMeanwhile > 0, 'short reads waited for the long one');
      assert.deepEqual(await store.read('SELECT count(*) FROM thing', [], { long: true, timeLimitMs: 60_000 }), [[20]]);
    });

    test('many that exceed their limits do not use up the places', async () => {
      const many = Array.from({ length: 9 }, () => store.read(slow, [], { long: true, timeLimitMs: 300 }));
      for (const outcome of await Promise.allSettled(many)) assert.equal(outcome.status, 'rejected');
      assert.deepEqual(await store.read('SELECT 1', [], { long: true, timeLimitMs: 60_000 }), [[1]]);
    });

    test('an error in one is told as such', async () => {
      await assert.rejects(store.read('SELECT nothing FROM nowhere', [], { long: true }));
      assert.deepEqual(await store.read('SELECT 1', [], { long: true }), [[1]]);
    });
  });

  test('relaxed writes and ordinary ones that are asked for together are each all or nothing', async () => {
    await emptied();
    const answers = await Promise.allSettled([
      store.write((transaction) => insertThing(transaction, { id: 'a', amount: 1 }), { isRelaxed: true }),
      store.write((transaction) => insertThing(transaction, { id: 'b', amount: 2 })),
      store.write(
        async (transaction) => {
          await insertThing(transaction, { id: 'c', amount: 3 });
          throw new Error('not this one');
        },
        { isRelaxed: true },
      ),
      store.write((transaction) => insertThing(transaction, { id: 'd', amount: 4 }), { isRelaxed: true }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await idsOf(store), ['a', 'b', 'd']);
  });

  test('describe names engine, version and place, and no password', async () => {
    const { engine: name, version, location } = await store.describe();
    assert.equal(name, engine.name === 'sqlite' ? 'SQLite' : 'PostgreSQL');
    assert.match(version, /^\d+\.\d+/);
    assert.ok(!location.includes('@'));
  });

  test('close finishes what was begun', async () => {
    const own = await engine.fresh();
    const closing = await openTestStore(own.location);
    await closing.write((transaction) => transaction.define([thingTable]));
    const writes = ['a', 'b', 'c'].map((id) => add(closing, { id }));
    const read = closing.read('SELECT 1', [], { long: true });
    await closing.close();
    await Promise.all(writes);
    assert.deepEqual(await read, [[1]]);
    await assert.rejects(add(closing, { id: 'd' }));
    const again = await openTestStore(own.location);
    assert.deepEqual(await idsOf(again), ['a', 'b', 'c']);
    await again.close();
    await own.drop();
  });
};
