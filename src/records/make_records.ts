// The record layer put together: look-ups, reads and writes with the caller's rights, in one door. Holds no rule of its own.
import type { Clock } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import type { Ids } from '../kit/ids.ts';
import type { Sealer } from '../kit/seal.ts';
import { makeTurns } from '../kit/turns.ts';
import type { Store, Transaction, Value } from '../store/store.ts';
import type { Read } from './access.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { findMany } from './find_many.ts';
import { find, findBy, requireTable } from './find_rows.ts';
import { type Gather, makeGather } from './gather.ts';
import { makeIsIndexed } from './indexed_fields.ts';
import { makeNumbers } from './numbering.ts';
import type { Properties } from './properties.ts';
import { makeQueries } from './query/queries.ts';
import { makeReadOne } from './read_together.ts';
import type { Inserted, Records, RecordsInTransaction, Rule, Selection, WriteOptions } from './records.ts';
import { closedToWebServices, duplicateKey, mayNotReadTable } from './refusals.ts';
import type { Rights } from './rights.ts';
import { makeRulesOf } from './rules_of.ts';
import { selectFigures } from './select_figures.ts';
import { type SelectParts, selectList, selectOne } from './select_records.ts';
import { isSystemField } from './system_fields.ts';
import { builtInTables } from './tables/index.ts';
import type { TopicCache } from './topic_cache.ts';
import { makeWriting, type WriteParts } from './writing.ts';
import { writtenSelection } from './written_selection.ts';

export interface RecordsParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  dictionaries: TopicCache<Dictionary>;
  rights: TopicCache<Rights>;
  properties: Properties;
  /** Read at each change, so instance.ts may add to it after the rooms are made. */
  rules: () => readonly Rule[];
  /** Milliseconds a list may take before it is cancelled. Unsaid: as the property says. */
  queryTimeLimitMs?: number | undefined;
}

/** Of one caller in this process. */
const scansAtOnce = 2;
const scansWaiting = 100;

/** What a caller without the right to read the new record gets: its sys_id and nothing else. */
const unreadable = (table: Table, sysId: string): Selection => ({
  table,
  columns: [{ key: 'sys_id', field: table.fields.get('sys_id'), valueAt: 0, displayAt: -1 }],
  rows: [[sysId]],
  total: undefined,
});

const remapDuplicate =
  (table: Table) =>
  (error: unknown): never => {
    throw isFault(error, 'store.duplicate') ? duplicateKey(table.name) : error;
  };

export const makeRecords = (parts: RecordsParts): Records => {
  const { store, clock, ids, sealer, dictionaries, rights, properties, rules, queryTimeLimitMs } = parts;
  const queries = makeQueries({ dialect: store.dialect, clock, isIndexed: makeIsIndexed(builtInTables) });
  const scans = makeTurns({ atOnce: scansAtOnce, waiting: scansWaiting });
  const readOne = makeReadOne(store, setImmediate);
  const numbers = makeNumbers({ store, clock });
  const timeLimitMs = async (): Promise<number> =>
    queryTimeLimitMs ?? Math.max(1, await properties.number('causeway.query.max_seconds', 60)) * 1000;
  const rulesOf = makeRulesOf(rules);
  const readStore: Read = (sql, parameters) => store.read(sql, parameters);

  const partsWith = (dictionary: Dictionary, known: Rights): SelectParts => ({
    dictionary,
    rights: known,
    queries,
    store,
    properties,
    scans,
    readOne,
  });

  const now = (): Promise<SelectParts> | SelectParts => {
    const [dictionary, known] = [dictionaries.current(), rights.current()];
    return dictionary instanceof Promise || known instanceof Promise
      ? Promise.all([dictionary, known]).then((made) => partsWith(...made))
      : partsWith(dictionary, known);
  };

  const openTable = (caller: Caller, dictionary: Dictionary, name: string): Table => {
    const table = requireTable(dictionary, name);
    if (!table.isOpenToWebServices && !caller.isSystem) throw closedToWebServices(name);
    return table;
  };

  const writingWith = (access: SelectParts, read: Read, anyChoice: boolean): WriteParts => ({
    ...access,
    clock,
    ids,
    numbers,
    sealer,
    rulesOf,
    read,
    anyChoice,
  });

  const anyChoice = (): Promise<boolean> => properties.flag('glide.rest.choice.allow_non_existing_value');

  const answer = async (
    access: SelectParts,
    caller: Caller,
    table: Table,
    sysId: string,
    { fields, display }: WriteOptions,
  ): Promise<Selection> => {
    try {
      return await selectOne(access, caller, table, sysId, { fields, display });
    } catch (error) {
      if (isFault(error, 'records.not_found')) return unreadable(table, sysId);
      throw error;
    }
  };

  const readIn =
    (transaction: Transaction): Read =>
    (sql: string, parameters: readonly Value[]) =>
      transaction.read(sql, parameters);

  const within = (transaction: Transaction, gather?: Gather): RecordsInTransaction => {
    // Inside a transaction nothing but the transaction may be awaited: the dictionary and rights are those last made.
    const [dictionary, known] = [dictionaries.last(), rights.last()];
    const access = partsWith(dictionary, known);
    const read = readIn(transaction);
    const looking = { dictionary: access.dictionary, dialect: transaction.dialect, queries, read };
    const gathering = gather ? { gather, numbers: gather.numbers } : {};
    const writing = makeWriting({ ...writingWith(access, read, true), ...gathering });
    return {
      findBy: (tableName, match, options) => findBy(looking, tableName, match, options),
      findMany: (tableName, matches, options) => findMany(looking, tableName, matches, options),
      find: (tableName, query, options) => find(looking, tableName, query, options),
      insert: (caller, tableName, values) => {
        const table = requireTable(access.dictionary, tableName);
        return writing.insert(transaction, caller, table, writing.planInsert(caller, table, values));
      },
      update: (caller, tableName, sysId, values, locked) =>
        writing.updateAtOnce(transaction, caller, requireTable(access.dictionary, tableName), { sysId, values, locked }),
      remove: (caller, tableName, sysId) =>
        writing.remove(transaction, caller, requireTable(access.dictionary, tableName), sysId),
    };
  };

  return {
    dictionary: dictionaries.last,

    async list(caller, request) {
      const access = await now();
      return selectList(access, caller, openTable(caller, access.dictionary, request.table), request, await timeLimitMs());
    },

    async figures(caller, request) {
      const access = await now();
      return selectFigures(access, caller, openTable(caller, access.dictionary, request.table), request, await timeLimitMs());
    },

    async get(caller, tableName, sysId, options) {
      const access = await now();
      return selectOne(access, caller, openTable(caller, access.dictionary, tableName), sysId, options);
    },

    async insert(caller, tableName, values, options = {}): Promise<Inserted> {
      const access = await now();
      const table = openTable(caller, access.dictionary, tableName);
      const writing = makeWriting(writingWith(access, readStore, await anyChoice()));
      const planned = await writing.prepareInsert(caller, table, values, options);
      if (!planned.given.values.number) await numbers.prepare(table);
      let isAsWritten = true;
      const ruleWrote = (): void => {
        isAsWritten = false;
      };
      const row = await store
        .write((transaction) =>
          makeWriting({ ...writingWith(access, readIn(transaction), false), ruleWrote }).insert(
            transaction,
            caller,
            table,
            planned,
          ),
        )
        .catch(remapDuplicate(table));
      const sysId = row.sys_id ?? '';
      const after = await now();
      const written = isAsWritten ? await writtenSelection(after, caller, table, row, options) : undefined;
      return { ...(written ?? (await answer(after, caller, table, sysId, options))), sysId };
    },

    async update(caller, tableName, sysId, values, options = {}) {
      const access = await now();
      const table = openTable(caller, access.dictionary, tableName);
      const writing = makeWriting(writingWith(access, readStore, await anyChoice()));
      const planned = await writing.prepareUpdate(caller, table, sysId, values, options);
      await store
        .write((transaction) =>
          makeWriting(writingWith(access, readIn(transaction), false)).update(transaction, caller, table, sysId, planned),
        )
        .catch(remapDuplicate(table));
      return answer(await now(), caller, table, sysId, options);
    },

    async remove(caller, tableName, sysId) {
      const access = await now();
      const table = openTable(caller, access.dictionary, tableName);
      await store.write((transaction) =>
        makeWriting(writingWith(access, readIn(transaction), false)).remove(transaction, caller, table, sysId),
      );
    },

    async readableTables(caller) {
      const { dictionary, rights } = await now();
      const open = [...dictionary.tables()].filter(
        (table) => (table.isOpenToWebServices || caller.isSystem) && rights.on(caller, table, 'read') !== 'none',
      );
      return open.sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async readableFields(caller, tableName) {
      const { dictionary, rights } = await now();
      const table = openTable(caller, dictionary, tableName);
      if (rights.on(caller, table, 'read') === 'none') throw mayNotReadTable(tableName);
      const fields = [...table.fields.values()].filter((field) => rights.onField(caller, table, field, 'read') !== 'none');
      const mayWrite = (field: Field): boolean =>
        !field.readOnly && !isSystemField(field.element) && rights.onField(caller, table, field, 'write') !== 'none';
      return fields.map((field) => ({
        field,
        inEveryRow: rights.mayField(caller, table, field, 'read'),
        mayWrite: mayWrite(field),
      }));
    },

    async requireWrite(caller, tableName, sysId) {
      const access = await now();
      const table = openTable(caller, access.dictionary, tableName);
      await makeWriting(writingWith(access, readStore, false)).requireWrite(caller, table, sysId);
    },

    async find(tableName, query, options) {
      return find(
        { dictionary: await dictionaries.current(), dialect: store.dialect, queries, read: readStore },
        tableName,
        query,
        options,
      );
    },

    async findBy(tableName, match, options) {
      return findBy(
        { dictionary: await dictionaries.current(), dialect: store.dialect, queries, read: readStore },
        tableName,
        match,
        options,
      );
    },

    within: (transaction) => within(transaction),

    gathering(transaction, expected) {
      const gather = makeGather({ transaction, ids, rulesOf, expected });
      return { ...within(gather.transaction, gather), finish: gather.finish, otherWrites: gather.otherWrites };
    },

    write: (work) => store.write(work),
  };
};
