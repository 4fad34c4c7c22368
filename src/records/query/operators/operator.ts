// What an operator is: tokens on the wire and how a term with one of them becomes a condition. One file per family, one line in
// index.ts. An operator must not write SQL: compile/ knows the few conditions that all of them come down to.
import type { Dictionary, Table } from '../../dictionary.ts';
import type { BoundCondition, Path } from '../bound.ts';
import type { Now } from '../relative.ts';
import type { Asker, Reading } from '../values.ts';

/** What an operator may look at while it reads its term. */
export interface Scope {
  readonly dictionary: Dictionary;
  readonly table: Table;
  /** Reading these makes the query personal: it is not kept for others or for later. */
  now(): Now;
  asker(): Asker;
  /** The zone alone: it is part of every cache key. */
  readonly timeZone: string;
  /** The text as a value of the field; undefined for a script that is not allowed. */
  read(path: Path, text: string): Reading | undefined;
  /** Another field of the row; undefined (and reported) when there is none that this caller may ask about. */
  resolve(text: string): Path | undefined;
  /** May this caller's query look into that field? */
  mayAsk(path: Path): boolean;
  /** `field=value` of the URL: values may be what people see. */
  readonly isFilter: boolean;
}

export interface OperatorTerm {
  readonly path: Path;
  readonly operator: string;
  readonly value: string;
}

export interface Operator {
  /** Exact, longest first is not needed. No token may be a field name's continuation: none starts with [a-z0-9_.]. */
  readonly tokens: readonly string[];
  /** The condition, or undefined when the term is malformed. */
  bind(term: OperatorTerm, scope: Scope): BoundCondition | undefined;
}
