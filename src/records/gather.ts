// Changes of one transaction gathered and written together: rows, audit and journals in a few statements instead of several each, and
// behind them the rules, change by change, in order. Whatever reads or writes meanwhile finds the gathered changes written.
import type { Ids } from '../kit/ids.ts';
import type { Transaction } from '../store/store.ts';
import { auditStatements } from './audit.ts';
import type { Table } from './dictionary.ts';
import { journalStatements } from './journals.ts';
import { type Numbers, takeNumbers } from './numbering.ts';
import type { Change, Rule } from './records.ts';
import { insertRows, updateRows } from './row_storage.ts';
import { runAll } from './statements.ts';

export interface Gathered {
  readonly change: Change;
  /** Elements that an update writes. */
  readonly written: readonly string[];
  readonly now: string;
}

export interface Gather {
  /** For everything but the gathered changes: they are written before its first statement. */
  readonly transaction: Transaction;
  readonly numbers: Numbers;
  rulesOf(table: Table): readonly Rule[];
  add(gathered: Gathered): Promise<void>;
  /** Writes what is gathered. Throws as a single write would: `store.duplicate`, and what rules throw. */
  flush(): Promise<void>;
  /** Flushes, and gives back the numbers that nobody took. */
  finish(): Promise<void>;
  /** Statements by which anybody but the gathering itself changed something. */
  otherWrites(): number;
}

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): Iterable<readonly [T, ...T[]]> => {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups.values();
};

export const makeGather = (parts: {
  transaction: Transaction;
  ids: Ids;
  rulesOf: (table: Table) => readonly Rule[];
  /** Records that are going to be made: so many numbers are taken at once. */
  expected: number;
}): Gather => {
  const { ids, expected, rulesOf } = parts;
  const raw = parts.transaction;
  const pending: Gathered[] = [];
  const pendingIds = new Set<string>();
  const topics = new Set<string>();
  const blocks = new Map<string, Awaited<ReturnType<typeof takeNumbers>>>();
  let otherWrites = 0;

  /** What rules write behind the rows. A counter that is raised for every row is raised once. */
  const behind: Transaction = {
    ...raw,
    run(sql, parameters) {
      otherWrites += 1;
      return raw.run(sql, parameters);
    },
    send(sql, parameters) {
      otherWrites += 1;
      raw.send(sql, parameters);
    },
    async bump(topic) {
      topics.add(topic);
    },
  };

  const writeRowsOf = async (changes: readonly Gathered[]): Promise<void> => {
    const inserts = changes.filter(({ change }) => change.operation === 'insert');
    for (const group of grouped(inserts, ({ change }) => change.table.name))
      await insertRows(
        raw,
        group[0].change.table,
        group.map(({ change }) => change.after),
      );
    const updates = changes.filter(({ change }) => change.operation === 'update');
    for (const group of grouped(updates, ({ change, written }) => `${change.table.name} ${written.join()}`)) {
      const [{ change, written }] = group;
      await updateRows(
        raw,
        change.table,
        written,
        group.map((each) => each.change.after),
      );
    }
  };

  /** The changes that a rule wants to see; of many changes it may say so with one look. */
  const concernsOf = async (changes: readonly Change[]): Promise<(rule: Rule, change: Change) => boolean> => {
    const wanted = new Map<Rule, ReadonlySet<Change>>();
    for (const rule of new Set(changes.flatMap((change) => rulesOf(change.table)))) {
      if (!rule.concerns) continue;
      const own = changes.filter((change) => rulesOf(change.table).includes(rule));
      wanted.set(rule, new Set(await rule.concerns(behind, own)));
    }
    return (rule, change) => wanted.get(rule)?.has(change) ?? true;
  };

  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    const before = otherWrites;
    const gathered = pending.splice(0);
    pendingIds.clear();
    // Whoever made it write is not who failed: counted, so that nobody takes the failure for his own.
    otherWrites += 1;
    await writeRowsOf(gathered);
    for (const { change, now } of gathered) await runAll(raw, journalStatements(raw.dialect, change, { ids, now }));
    for (const group of grouped(gathered, ({ now }) => now)) {
      const changes = group.map(({ change }) => change);
      await runAll(raw, auditStatements(raw.dialect, changes, { ids, now: group[0].now }));
    }
    const concerns = await concernsOf(gathered.map(({ change }) => change));
    for (const { change } of gathered) {
      for (const rule of rulesOf(change.table)) if (rule.applied && concerns(rule, change)) await rule.applied(behind, change);
    }
    for (const topic of topics) await raw.bump(topic);
    topics.clear();
    if (otherWrites === before + 1) otherWrites = before;
  };

  const next: Numbers['next'] = async (_transaction, table) => {
    const block = blocks.has(table.name) ? blocks.get(table.name) : await takeNumbers(raw, table, Math.max(1, expected));
    blocks.set(table.name, block);
    if (!block) return '';
    const number = block.next();
    if (number !== undefined) return number;
    blocks.delete(table.name);
    return next(_transaction, table);
  };

  return {
    transaction: {
      ...raw,
      async read(sql, parameters) {
        await flush();
        return raw.read(sql, parameters);
      },
      async run(sql, parameters) {
        await flush();
        otherWrites += 1;
        return raw.run(sql, parameters);
      },
      send(sql, parameters) {
        if (pending.length > 0) throw new Error('gathered changes go first: run this statement, and wait for it');
        otherWrites += 1;
        raw.send(sql, parameters);
      },
      async bump(topic) {
        await flush();
        return raw.bump(topic);
      },
    },
    numbers: { prepare: async () => {}, next },
    rulesOf,
    async add(gathered) {
      const { sysId } = gathered.change;
      if (pendingIds.has(sysId)) await flush();
      pendingIds.add(sysId);
      pending.push(gathered);
    },
    flush,
    async finish() {
      await flush();
      for (const block of blocks.values()) await block?.giveBack();
      blocks.clear();
    },
    otherWrites: () => otherWrites,
  };
};
