// Staging tables: made when a load first needs one, and grown by the columns and lengths that the rows bring. Only ever adds.
import { Fault, isFault } from '../kit/fault.ts';
import { systemCaller } from '../records/caller.ts';
import type { Table } from '../records/dictionary.ts';
import type { Records } from '../records/records.ts';
import { type ColumnPlan, type KnownColumn, planRows } from './column_names.ts';
import type { SourceRow } from './source_row.ts';

export interface StagingTables {
  /** Throws `records.invalid_table` in the words of the wire for whatever is no staging table. */
  require(name: string): Promise<Table>;
  isStaging(table: Table | undefined): boolean;
  /** Makes the table when there is none. Throws `imports.bad_staging_table` for a name that cannot be one. */
  ensure(name: string, label: string): Promise<Table>;
  /** Makes what the rows need, and answers each row with columns as keys. `mayGrow` false: what has no column is left out. */
  fit(tableName: string, rows: readonly SourceRow[], mayGrow: boolean): Promise<Array<Record<string, string>>>;
}

const baseTable = 'sys_import_set_row';
export const mostColumns = 400;
const mostLooks = 1_000;
const lengths = [255, 1_000, 4_000, 65_000];
const mostLength = 65_000;

const lengthFor = (needed: number): number => lengths.find((length) => length >= needed) ?? mostLength;

/** Neither engine stores NUL or half a character. */
const clean = (text: string): string => text.replaceAll('\0', '').slice(0, mostLength).toWellFormed();

const isOwnName = (name: string): boolean => /^(?:u|imp|x)_[a-z0-9_]+$/.test(name);

const notStaging = (name: string): Fault =>
  new Fault('bad_request', 'records.invalid_table', `Invalid table ${name.slice(0, 200).toWellFormed()}`, {
    detail: 'the table does not extend sys_import_set_row',
  });

/** Of a staging table, as opposed to those that say what became of its rows. */
export const ownColumns = (table: Table): KnownColumn[] =>
  [...table.fields.values()].filter((field) => field.table !== baseTable && field.column !== '');

export const makeStagingTables = ({ records }: { records: Records }): StagingTables => {
  const isStaging = (table: Table | undefined): table is Table =>
    table !== undefined && table.name !== baseTable && table.chain.some((level) => level.name === baseTable);

  /**
   * Looks again until the dictionary has what the database has. What another process made is committed before word of it comes, and what
   * another call of this process made is refused as a duplicate before it is committed (`mustExist`).
   */
  const settled = async (name: string, elements: readonly string[] = [], mustExist = false): Promise<Table | undefined> => {
    for (let look = 1; ; look += 1) {
      const [row] = await records.findBy('sys_db_object', { name }, { limit: 1 });
      const table = records.dictionary().table(name);
      const isKnown = table !== undefined && elements.every((element) => table.fields.has(element));
      if (isKnown || (row === undefined && !mustExist) || look >= mostLooks) return table;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  const require = async (name: string): Promise<Table> => {
    const table = await settled(name);
    if (!isStaging(table)) throw notStaging(name);
    return table;
  };

  /** Another process may make the same thing at the same moment; then it is there, which is all that was wanted. */
  const unlessThere = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isFault(error, 'store.duplicate') && !isFault(error, 'records.duplicate')) throw error;
    }
  };

  const addColumn = (table: string, { element, header }: ColumnPlan, length: number): Promise<void> =>
    unlessThere(() =>
      records.write((transaction) =>
        records.within(transaction).insert(systemCaller, 'sys_dictionary', {
          name: table,
          element,
          column_label: header.slice(0, 80).toWellFormed(),
          internal_type: 'string',
          max_length: String(length),
          active: 'true',
        }),
      ),
    );

  const widen = (owner: string, element: string, length: number): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const [entry] = await within.findBy('sys_dictionary', { name: owner, element }, { limit: 1, forUpdate: true });
      if (!entry?.sys_id || Number(entry.max_length) >= length) return;
      await within.update(systemCaller, 'sys_dictionary', entry.sys_id, { max_length: String(length) });
    });

  const grow = async (table: Table, plans: readonly ColumnPlan[], rows: readonly SourceRow[]): Promise<void> => {
    for (const plan of plans) {
      const longest = Math.min(mostLength, Math.max(1, ...rows.map((row) => row.get(plan.header)?.length ?? 0)));
      const field = table.fields.get(plan.element);
      if (plan.isNew) await addColumn(table.name, plan, lengthFor(longest));
      else if (field && field.type === 'string' && field.maxLength < longest)
        await widen(field.table, plan.element, lengthFor(longest));
    }
  };

  return {
    require,
    isStaging,
    async ensure(name, label) {
      const known = await settled(name);
      if (isStaging(known)) return known;
      if (known || !isOwnName(name))
        throw new Fault('bad_request', 'imports.bad_staging_table', `Invalid table ${name.slice(0, 200).toWellFormed()}`, {
          explanation: known ? 'It is no staging table' : 'Names of staging tables begin with u_, imp_ or x_',
        });
      const [base] = await records.findBy('sys_db_object', { name: baseTable }, { limit: 1 });
      const values = { name, label: label || name, super_class: base?.sys_id ?? '', is_extendable: 'false', ws_access: 'true' };
      await unlessThere(() =>
        records.write((transaction) => records.within(transaction).insert(systemCaller, 'sys_db_object', values)),
      );
      const made = await settled(name, [], true);
      if (!isStaging(made)) throw notStaging(name);
      return made;
    },
    async fit(tableName, given, mayGrow) {
      let table = await require(tableName);
      const known = ownColumns(table);
      const { plans, rows } = planRows(given, known, mayGrow ? Math.max(0, mostColumns - known.length) : 0);
      if (mayGrow) {
        await grow(table, plans, rows);
        const wanted = plans.map((plan) => plan.element);
        table = (await settled(tableName, wanted)) ?? table;
      }
      return rows.map((row) => {
        const values: Record<string, string> = Object.create(null);
        for (const { header, element } of plans) {
          const text = row.get(header);
          if (text !== undefined && text !== '') values[element] = clean(text);
        }
        return values;
      });
    },
  };
};
