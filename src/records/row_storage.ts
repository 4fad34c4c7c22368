// Records ↔ real tables: a record is one row in the table of each class of its chain. Knows columns, knows no rights and no rules.
import type { ColumnType, Dialect, Transaction, Value } from '../store/store.ts';
import type { Field, Table } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { cleanText } from './field_types/text.ts';
import { keptByTable } from './kept_shapes.ts';
import { insertMany, updateMany } from './many_rows.ts';
import type { Row, Values } from './records.ts';
import type { Statement } from './statements.ts';

const storedFields = (table: Table): Field[] => [...table.fields.values()].filter((field) => field.column !== '');

/** The column's value for a stored text. */
export const toColumn = (field: Field, text: string): Value => (text === '' ? null : fieldTypeOf(field.type).toColumn(text));

const toText = (field: Field, value: Value | undefined): string => {
  const type = fieldTypeOf(field.type);
  return value === null || value === undefined ? (type.emptyValue ?? '') : type.toText(value);
};

export interface SelectShape {
  /** SELECT of every stored field, up to and without WHERE. */
  readonly sql: string;
  readonly fields: readonly Field[];
  /** The column of a field in this statement. */
  column(field: Field): string;
}

const aliasOf = (dialect: Dialect, table: string): string => dialect.name(`r_${table}`);

/** All stored fields of a table, its ancestors joined. */
export const selectShape = keptByTable((dialect, table): SelectShape => {
  const fields = storedFields(table);
  const column = (field: Field): string => `${aliasOf(dialect, field.table)}.${dialect.name(field.column)}`;
  const leaf = aliasOf(dialect, table.name);
  const joins = table.chain
    .filter((each) => each !== table)
    .map(
      (each) =>
        ` JOIN ${dialect.name(each.name)} ${aliasOf(dialect, each.name)} ON ${aliasOf(dialect, each.name)}.sys_id = ${leaf}.sys_id`,
    );
  return {
    sql: `SELECT ${fields.map(column).join(', ')} FROM ${dialect.name(table.name)} ${leaf}${joins.join('')}`,
    fields,
    column,
  };
});

export const readRow = (fields: readonly Field[], values: readonly Value[]): Row => {
  const row: Record<string, string> = Object.create(null);
  fields.forEach((field, at) => {
    row[field.element] = toText(field, values[at]);
  });
  return row;
};

export interface MatchTerms {
  /** From WHERE on, up to and without ORDER BY. */
  readonly where: string;
  /** The column by which rows are ordered. */
  readonly sysId: string;
  readonly parameters: readonly Value[];
}

/**
 * The terms by which rows have exactly these stored values; undefined when no row can: a value that the type cannot hold matches nothing.
 * `place` writes the n-th value. Throws a plain error for a field that does not exist: the names come from our own code, never from a
 * caller.
 */
export const matchTerms = (
  dialect: Dialect,
  table: Table,
  match: Values,
  place: (n: number, type: ColumnType) => string,
): MatchTerms | undefined => {
  const shape = selectShape(dialect, table);
  const parameters: Value[] = [];
  const terms: string[] = [];
  for (const [element, text] of Object.entries(match)) {
    const field = table.fields.get(element);
    if (!field || field.column === '') throw new Error(`${table.name} has no stored field ${element}`);
    const column = shape.column(field);
    if (text === null || text === '') {
      terms.push(field.type === 'boolean' ? `(${column} IS NULL OR ${column} = 0)` : `${column} IS NULL`);
      continue;
    }
    // Cleaning would let two different words mean one record.
    if (cleanText(text) !== text) return undefined;
    const type = fieldTypeOf(field.type);
    const stored =
      field.columnType === 'integer' || field.columnType === 'real'
        ? type.read(text, { isDisplay: false, timeZone: 'UTC' })
        : text;
    if (stored === undefined) return undefined;
    parameters.push(type.toColumn(stored));
    const parameter = dialect.comparableParameter(place(parameters.length, field.columnType), field.columnType);
    const equal = `${dialect.comparable(column, field.columnType)} = ${parameter}`;
    terms.push(field.type === 'boolean' && stored === 'false' ? `(${equal} OR ${column} IS NULL)` : equal);
  }
  const where = terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '';
  return { where, sysId: `${aliasOf(dialect, table.name)}.sys_id`, parameters };
};

export interface MatchStatement {
  readonly sql: string;
  readonly parameters: readonly Value[];
  readonly fields: readonly Field[];
}

/** Statement for the rows that `match` says; undefined when no row can be one. */
export const matchStatement = (
  dialect: Dialect,
  table: Table,
  match: Values,
  options: { limit?: number | undefined; offset?: number | undefined; forUpdate?: boolean | undefined } = {},
): MatchStatement | undefined => {
  const terms = matchTerms(dialect, table, match, (n) => dialect.parameter(n));
  if (!terms) return undefined;
  const { sql, fields } = selectShape(dialect, table);
  // Both are whole numbers of our own; a page beyond what an engine counts to is an empty page.
  const page = ` LIMIT ${Math.trunc(options.limit ?? 10_000)} OFFSET ${Math.trunc(options.offset ?? 0)}`;
  const lock = options.forUpdate && dialect.forUpdate !== '' ? ` ${dialect.forUpdate}` : '';
  return { sql: `${sql}${terms.where} ORDER BY ${terms.sysId}${page}${lock}`, parameters: terms.parameters, fields };
};

/** One INSERT for each class of the chain, root first; sys_id is the first parameter of each. */
const insertShapes = keptByTable((dialect, table) =>
  table.chain.map((level) => {
    const fields = storedFields(table).filter((field) => field.table === level.name && field.element !== 'sys_id');
    const columns = ['sys_id', ...fields.map((field) => field.column)];
    const names = columns.map((column) => dialect.name(column)).join(', ');
    const places = columns.map((_, at) => dialect.parameter(at + 1)).join(', ');
    return { level: level.name, fields, sql: `INSERT INTO ${dialect.name(level.name)} (${names}) VALUES (${places})` };
  }),
);

/** Those of a new record, root first. They throw `store.duplicate`. */
export const insertStatements = (dialect: Dialect, table: Table, row: Row): readonly Statement[] =>
  insertShapes(dialect, table).map(({ sql, fields }) => ({
    sql,
    parameters: [row.sys_id ?? '', ...fields.map((field) => toColumn(field, row[field.element] ?? ''))],
  }));

/** Those that write the given elements of a record. */
export const updateStatements = (
  dialect: Dialect,
  table: Table,
  { sysId, elements, row }: { sysId: string; elements: readonly string[]; row: Row },
): readonly Statement[] => {
  const fields = elements.flatMap((element) => table.fields.get(element) ?? []).filter((field) => field.column !== '');
  return table.chain.flatMap((level) => {
    const own = fields.filter((field) => field.table === level.name);
    if (own.length === 0) return [];
    const sets = own.map((field, at) => `${dialect.name(field.column)} = ${dialect.parameter(at + 2)}`);
    return [
      {
        sql: `UPDATE ${dialect.name(level.name)} SET ${sets.join(', ')} WHERE sys_id = ${dialect.parameter(1)}`,
        parameters: [sysId, ...own.map((field) => toColumn(field, row[field.element] ?? ''))],
      },
    ];
  });
};

/** Writes new records of one table, root first; columns that are empty in all of them are left out. Throws `store.duplicate`. */
export const insertRows = async (transaction: Transaction, table: Table, rows: readonly Row[]): Promise<void> => {
  for (const { level, fields } of insertShapes(transaction.dialect, table)) {
    const used = fields.filter(({ element }) => rows.some((row) => row[element]));
    const columns = ['sys_id', ...used.map((field) => field.column)];
    const values = rows.map((row) => [row.sys_id ?? '', ...used.map((field) => toColumn(field, row[field.element] ?? ''))]);
    await insertMany(transaction, level, columns, values);
  }
};

/** Writes the same elements of several records, each named once. */
export const updateRows = async (
  transaction: Transaction,
  table: Table,
  elements: readonly string[],
  rows: readonly Row[],
): Promise<void> => {
  const fields = elements.flatMap((element) => table.fields.get(element) ?? []).filter((field) => field.column !== '');
  for (const level of table.chain) {
    const own = fields.filter((field) => field.table === level.name);
    if (own.length === 0) continue;
    const columns = own.map((field) => ({ name: field.column, type: field.columnType }));
    const values = rows.map((row) => [row.sys_id ?? '', ...own.map((field) => toColumn(field, row[field.element] ?? ''))]);
    await updateMany(transaction, level.name, columns, values);
  }
};

/** Removes a record, leaf first. */
export const deleteRow = async (transaction: Transaction, table: Table, sysId: string): Promise<void> => {
  const { dialect } = transaction;
  for (const level of table.chain.toReversed()) {
    await transaction.run(`DELETE FROM ${dialect.name(level.name)} WHERE sys_id = ${dialect.parameter(1)}`, [sysId]);
  }
};
