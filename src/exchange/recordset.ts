// Many rows in one statement: a JSON array as the only parameter, read as a table, on both engines. One shape of statement for any
// number of rows. Names come from our own code, never from a caller.
import type { Dialect } from '../store/store.ts';

type ColumnKind = 'text' | 'integer';

/** `FROM` item with these columns, read out of the n-th parameter: `JSON.stringify` of an array of flat objects. */
export const recordset = (dialect: Dialect, n: number, alias: string, columns: Readonly<Record<string, ColumnKind>>): string => {
  const parameter = dialect.parameter(n);
  const names = Object.entries(columns);
  if (dialect.engine === 'postgres') {
    const shape = names.map(([name, kind]) => `${dialect.name(name)} ${kind === 'integer' ? 'bigint' : 'text'}`).join(', ');
    return `json_to_recordset(${parameter}::json) AS ${alias}(${shape})`;
  }
  const values = names.map(([name]) => `value ->> '$.${name}' AS ${dialect.name(name)}`).join(', ');
  return `(SELECT ${values} FROM json_each(${parameter})) AS ${alias}`;
};

/**
 * What follows a key to say that it is one of the texts in the n-th parameter, a JSON array. As an array, because PostgreSQL turns a subquery
 * into a join, and joins the other way round, along the whole index, where it takes another condition for a rare one.
 */
export const isOneOf = (dialect: Dialect, n: number): string =>
  dialect.engine === 'postgres'
    ? `= ANY (ARRAY(SELECT json_array_elements_text(${dialect.parameter(n)}::json)))`
    : `IN (SELECT value FROM json_each(${dialect.parameter(n)}))`;

/** The same of what a SELECT of one column finds, which PostgreSQL then runs once and first. */
export const isFoundBy = (dialect: Dialect, select: string): string =>
  dialect.engine === 'postgres' ? `= ANY (ARRAY(${select}))` : `IN (${select})`;
