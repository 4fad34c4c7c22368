// Reads of one record each that share a statement: every one gets its own record, and what one of them brings about stays its own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../src/kit/fault.ts';
import type { OneStatement } from '../../src/records/query/compile/select.ts';
import { makeReadOne } from '../../src/records/read_together.ts';
import { postgresDialect } from '../../src/store/postgres/dialect.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import type { Value } from '../../src/store/store.ts';

const statement = (name: string): OneStatement => ({
  sqlFor: (count) => `${name} ${count}`,
  parameters: ['right'],
  columns: [],
});

/** A store that has the records `a` to `z`, and writes down what it is asked. */
const makeStage = (dialect = postgresDialect, refuse: (sysIds: readonly Value[]) => void = () => {}) => {
  const asked: string[] = [];
  const turn: (() => void)[] = [];
  const read = async (sql: string, parameters: readonly Value[] = []): Promise<Value[][]> => {
    const sysIds = parameters.slice(1);
    asked.push(sql);
    refuse(sysIds);
    return [...new Set(sysIds)].filter((each) => /^[a-z]$/.test(String(each))).map((each) => [each, `record ${each}`]);
  };
  const readOne = makeReadOne({ dialect, read }, (work) => turn.push(work));
  const endTurn = (): void => {
    for (const work of turn.splice(0)) work();
  };
  return { asked, readOne, endTurn };
};

describe('on PostgreSQL', () => {
  test('the reads of a turn are one statement, and each gets its own record, or none', async () => {
    const { asked, readOne, endTurn } = makeStage();
    const one = statement('one');
    const reads = ['c', 'missing', 'a', 'c'].map((each) => readOne(one, each));
    endTurn();
    const [first, none, other, again] = await Promise.all(reads);
    assert.deepEqual([first, none, other, again], [['c', 'record c'], undefined, ['a', 'record a'], ['c', 'record c']]);
    assert.deepEqual(asked, ['one 4']);
    // What is done with the one copy is not seen in the other.
    assert.notEqual(first, again);
  });

  test('nobody shares a statement with other rights, and a lone read is a statement for one', async () => {
    const { asked, readOne, endTurn } = makeStage();
    const reads = [readOne(statement('mine'), 'a'), readOne(statement('yours'), 'a')];
    endTurn();
    assert.deepEqual(await Promise.all(reads), [
      ['a', 'record a'],
      ['a', 'record a'],
    ]);
    assert.deepEqual(asked.toSorted(), ['mine 1', 'yours 1']);
  });

  test('more than fit into one statement take several', async () => {
    const { asked, readOne, endTurn } = makeStage();
    const one = statement('one');
    const letters = [...'abcdefghijklmnopqrst'];
    const reads = letters.map((each) => readOne(one, each));
    endTurn();
    assert.deepEqual(
      (await Promise.all(reads)).map((row) => row?.[0]),
      letters,
    );
    assert.deepEqual(asked, ['one 8', 'one 8', 'one 4']);
  });

  test('what comes while a statement is under way waits for its answer, or until another is full', async () => {
    const { asked, readOne, endTurn } = makeStage();
    const one = statement('one');
    const first = readOne(one, 'a');
    endTurn();
    const few = [readOne(one, 'b'), readOne(one, 'c')];
    endTurn();
    assert.deepEqual(asked, ['one 1']);
    const many = [...'defghij'].map((each) => readOne(one, each));
    endTurn();
    assert.deepEqual(asked, ['one 1', 'one 8']);
    const letters = (await Promise.all([first, ...few, ...many])).map((row) => row?.[0]);
    assert.deepEqual(letters, [...'abcdefghij']);
    assert.deepEqual(asked, ['one 1', 'one 8', 'one 1']);
  });

  test('a record that cannot be read is the failure of whoever asked for it', async () => {
    const broken = new Fault('bad_request', 'store.bad_value', 'no');
    const { readOne, endTurn } = makeStage(postgresDialect, (sysIds) => {
      if (sysIds.includes('x')) throw broken;
    });
    const one = statement('one');
    const reads = Promise.allSettled([readOne(one, 'a'), readOne(one, 'x')]);
    endTurn();
    assert.deepEqual(await reads, [
      { status: 'fulfilled', value: ['a', 'record a'] },
      { status: 'rejected', reason: broken },
    ]);
  });

  test('a crowded database is not asked once more for each', async () => {
    const crowded = new Fault('rate_limited', 'store.overloaded', 'no');
    const { asked, readOne, endTurn } = makeStage(postgresDialect, () => {
      throw crowded;
    });
    const one = statement('one');
    const reads = Promise.allSettled([readOne(one, 'a'), readOne(one, 'b')]);
    endTurn();
    assert.ok((await reads).every((each) => each.status === 'rejected' && each.reason === crowded));
    assert.deepEqual(asked, ['one 2']);
  });
});

test('on SQLite each read is a statement of its own, at once', async () => {
  const { asked, readOne } = makeStage(sqliteDialect);
  const one = statement('one');
  assert.deepEqual(await Promise.all([readOne(one, 'a'), readOne(one, 'missing')]), [['a', 'record a'], undefined]);
  assert.deepEqual(asked, ['one 1', 'one 1']);
});
