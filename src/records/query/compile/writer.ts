// What one statement is written with: its dialect, its parameters, its aliases. Every text a caller sent goes through `parameter`,
// every identifier through `name`; there is no third way into the statement.
import type { Dialect, Value } from '../../../store/store.ts';
import type { Dictionary } from '../../dictionary.ts';

export interface Writer {
  readonly dictionary: Dictionary;
  readonly dialect: Dialect;
  readonly parameters: readonly Value[];
  /** Adds a parameter; the answer stands for it in the statement. The same value is sent once. */
  parameter(value: Value): string;
  /** `t0`, `t1`, … */
  alias(): string;
  /** `"t0"."number"` */
  column(alias: string, column: string): string;
}

export const makeWriter = (dictionary: Dictionary, dialect: Dialect): Writer => {
  const parameters: Value[] = [];
  let aliases = 0;
  return {
    dictionary,
    dialect,
    parameters,
    parameter(value) {
      parameters.push(value);
      return dialect.parameter(parameters.length);
    },
    alias() {
      aliases += 1;
      return `t${aliases - 1}`;
    },
    column: (alias, column) => `${dialect.name(alias)}.${dialect.name(column)}`,
  };
};
