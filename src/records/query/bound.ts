// A query after the dictionary was asked: real fields, typed values, no text left that could be misread. Data only, so that the
// SQL compiler and a plain evaluator can both read it, and so that rights can be written as one of these conditions.
import type { Value } from '../../store/store.ts';
import type { Field, Table } from '../dictionary.ts';

/** `caller_id.company.name`: two steps along references, then a field. */
export interface Path {
  readonly text: string;
  /** `hidden`: classes of the target whose records are as if they were not there. */
  readonly steps: ReadonlyArray<{ readonly field: Field; readonly target: Table; readonly hidden?: readonly Table[] }>;
  readonly field: Field;
}

export type Ordering = '<' | '<=' | '>' | '>=';
export type Relation = '=' | '!=' | Ordering;
export type Period = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';
export type DatePart = 'minute' | 'hour' | 'dayofweek' | 'dayofmonth' | 'week' | 'month' | 'quarter' | 'year';

export type BoundCondition =
  /** True when empty. */
  | { readonly kind: 'all'; readonly of: readonly BoundCondition[] }
  /** False when empty. */
  | { readonly kind: 'any'; readonly of: readonly BoundCondition[] }
  /** Negated: none of the values, and rows where the field is empty too. */
  | { readonly kind: 'equals'; readonly path: Path; readonly values: readonly Value[]; readonly isNegated: boolean }
  | { readonly kind: 'compare'; readonly path: Path; readonly ordering: Ordering; readonly value: Value }
  /** Never true of an empty field, negated or not. */
  | {
      readonly kind: 'like';
      readonly path: Path;
      readonly place: 'anywhere' | 'start' | 'end';
      readonly text: string;
      readonly isNegated: boolean;
    }
  | { readonly kind: 'empty'; readonly path: Path; readonly isNegated: boolean }
  /** Two fields of the row. `=` holds when both are empty; an ordering needs both. */
  | { readonly kind: 'fields'; readonly left: Path; readonly relation: Relation; readonly right: Path }
  /** Two moments of the row lie in the same (or another) day, week, … on the wall clock of `zone`. */
  | {
      readonly kind: 'same_period';
      readonly left: Path;
      readonly right: Path;
      readonly period: Period;
      readonly zone: string;
      readonly isNegated: boolean;
    }
  /** left ordering (right + seconds). */
  | {
      readonly kind: 'distance';
      readonly left: Path;
      readonly ordering: Ordering;
      readonly right: Path;
      readonly seconds: number;
    }
  /** A part of a moment on the wall clock of `zone`. Monday is 1, Sunday 7. */
  | {
      readonly kind: 'date_part';
      readonly path: Path;
      readonly part: DatePart;
      readonly relation: Relation;
      readonly value: number;
      readonly zone: string;
    }
  /** The path's value is the `field` of some row of `table` for which `condition` holds. */
  | {
      readonly kind: 'within';
      readonly path: Path;
      readonly table: Table;
      readonly field: Path;
      readonly condition: BoundCondition;
      readonly isNegated: boolean;
    }
  /** How many rows of `table` for which `condition` holds have this row's `path` in their `field`. */
  | {
      readonly kind: 'count';
      readonly path: Path;
      readonly table: Table;
      readonly field: Path;
      readonly condition: BoundCondition;
      readonly relation: Relation;
      readonly count: number;
    }
  /** The path's record is `root` or stands below it, following `parent` (a reference of `table` to itself). */
  | { readonly kind: 'below'; readonly path: Path; readonly table: Table; readonly parent: Field; readonly root: string };

export const always: BoundCondition = Object.freeze({ kind: 'all', of: Object.freeze([]) });
export const never: BoundCondition = Object.freeze({ kind: 'any', of: Object.freeze([]) });

export const isAlways = (condition: BoundCondition): boolean => condition.kind === 'all' && condition.of.every(isAlways);

/** AND, without needless nesting. */
export const allOf = (...conditions: readonly BoundCondition[]): BoundCondition => {
  const asked = conditions.filter((condition) => !isAlways(condition));
  return asked.length === 1 && asked[0] ? asked[0] : { kind: 'all', of: asked };
};

/** OR, without needless nesting. */
export const anyOf = (...conditions: readonly BoundCondition[]): BoundCondition =>
  conditions.length === 1 && conditions[0] ? conditions[0] : { kind: 'any', of: conditions };

export interface BoundSort {
  readonly path: Path;
  readonly isDescending: boolean;
}

export interface BoundQuery {
  readonly table: Table;
  readonly condition: BoundCondition;
  readonly order: readonly BoundSort[];
  readonly groupBy: readonly Path[];
  /** Terms that were dropped, as written. */
  readonly invalidTerms: readonly string[];
  /** Names that are no fields. */
  readonly unknownFields: readonly string[];
  /** Fields that exist and that this caller may not ask about. */
  readonly unreadableFields: readonly string[];
  /** The answer depends on who asks: never keep it for someone else. */
  readonly isPersonal: boolean;
  /** The answer depends on the time: never keep it for later. */
  readonly isTimed: boolean;
}
