// Look-ups by rooms, as the system: whole stored rows, by exact match or by encoded query. No rights, no display values.
import type { Dialect } from '../store/store.ts';
import type { Read } from './access.ts';
import { systemCaller } from './caller.ts';
import type { Dictionary, Table } from './dictionary.ts';
import type { Queries } from './query/queries.ts';
import type { Row, Values } from './records.ts';
import { invalidTable } from './refusals.ts';
import { matchStatement, readRow } from './row_storage.ts';

export interface FindParts {
  dictionary: Dictionary;
  dialect: Dialect;
  queries: Queries;
  read: Read;
}

/** Throws `records.invalid_table`. */
export const requireTable = (dictionary: Dictionary, name: string): Table => {
  const table = dictionary.table(name);
  if (!table) throw invalidTable(name);
  return table;
};

export const findBy = async (
  { dictionary, dialect, read }: FindParts,
  tableName: string,
  match: Values,
  options: { limit?: number; offset?: number; forUpdate?: boolean } = {},
): Promise<Row[]> => {
  const statement = matchStatement(dialect, requireTable(dictionary, tableName), match, options);
  if (!statement) return [];
  const rows = await read(statement.sql, statement.parameters);
  return rows.map((row) => readRow(statement.fields, row));
};

/** A term that cannot be understood makes the whole query match nothing: a look-up is never widened. */
export const find = async (
  { dictionary, queries, read }: FindParts,
  tableName: string,
  query: string,
  options: { limit?: number; offset?: number } = {},
): Promise<Row[]> => {
  const table = requireTable(dictionary, tableName);
  const stored = [...table.fields.values()].filter((field) => field.column !== '');
  const fields = stored.map((field) => field.element);
  const plan = queries.plan({ dictionary, table, caller: systemCaller, query, fields, onInvalidTerm: 'match_nothing' });
  const rows = await read(plan.rows.sql, [...plan.rows.parameters, options.limit ?? 10_000, options.offset ?? 0]);
  const places = plan.columns.map((column) => column.valueAt);
  return rows.map((row) =>
    readRow(
      stored,
      places.map((at) => row[at] ?? null),
    ),
  );
};
