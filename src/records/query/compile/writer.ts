// What one statement is written with: its dialect, its parameters, its aliases. Every text a caller sent goes through `parameter`,
// every identifier through `name`; there is no third way into the statement.

import { Fault } from '../../../kit/fault.ts';
import type { Dialect, Value } from '../../../store/store.ts';
import type { Dictionary } from '../../dictionary.ts';
import type { Offset } from '../offsets.ts';

export interface Writer {
  readonly dictionary: Dictionary;
  readonly dialect: Dialect;
  readonly parameters: readonly Value[];
  /** Clock changes of a zone. */
  offsets(zone: string): readonly Offset[];
  /** Adds a parameter; the answer stands for it in the statement. */
  parameter(value: Value): string;
  /** Stands for the n-th parameter behind all others, to be given when the statement is run. To be asked for when no other will follow. */
  afterwards(n: number): string;
  /** `t0`, `t1`, … */
  alias(): string;
  /** `"t0"."number"` */
  column(alias: string, column: string): string;
}

export interface WriterParts {
  readonly dictionary: Dictionary;
  readonly dialect: Dialect;
  readonly offsets: (zone: string) => readonly Offset[];
}

/** SQLite takes 32766 parameters and statements of a million bytes, PostgreSQL 65535 parameters. */
const parameterLimit = 30_000;
const lengthLimit = 900_000;

const tooLong = (): Fault => new Fault('bad_request', 'records.query_too_long', 'Query is too long');

/** Throws Fault `records.query_too_long` for a statement that an engine would refuse. */
export const checkedSql = (sql: string): string => {
  if (sql.length > lengthLimit) throw tooLong();
  return sql;
};

/** Throws Fault `records.query_too_long` when more values are asked for than an engine takes. */
export const makeWriter = ({ dictionary, dialect, offsets }: WriterParts): Writer => {
  const parameters: Value[] = [];
  let aliases = 0;
  return {
    dictionary,
    dialect,
    parameters,
    offsets,
    parameter(value) {
      if (parameters.length >= parameterLimit) throw tooLong();
      parameters.push(value);
      return dialect.parameter(parameters.length);
    },
    afterwards: (n) => dialect.parameter(parameters.length + n),
    alias() {
      aliases += 1;
      return `t${aliases - 1}`;
    },
    column: (alias, column) => `${dialect.name(alias)}.${dialect.name(column)}`,
  };
};
