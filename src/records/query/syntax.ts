// The syntax tree of an encoded query: what was written, before anyone asked whether such fields exist. Data, and how much of it.

export interface Comparison {
  readonly kind: 'comparison';
  readonly field: string;
  /** The token as written: `=`, `LIKE`, `NOT IN`. */
  readonly operator: string;
  readonly value: string;
  readonly text: string;
}

/** `123TEXTQUERY321=words`. */
export interface TextSearch {
  readonly kind: 'text_search';
  readonly value: string;
  readonly text: string;
}

/** `JOINproblem.opened_by=incident.caller_id!active=true`: rows for which the other table has a matching row. */
export interface Join {
  readonly kind: 'join';
  readonly table: string;
  readonly field: string;
  readonly otherTable: string;
  readonly otherField: string;
  readonly query: Syntax;
  readonly text: string;
}

/** `RLQUERYincident.caller_id,>=2^active=true^ENDRLQUERY`: rows by how many rows point at them. */
export interface RelatedCount {
  readonly kind: 'related_count';
  readonly table: string;
  readonly field: string;
  /** All of them hold. */
  readonly counts: ReadonlyArray<{ readonly relation: '=' | '!=' | '<' | '<=' | '>' | '>='; readonly count: number }>;
  readonly query: Syntax;
  readonly text: string;
}

/** What could not be read, kept so that it can be reported and counted. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly text: string;
}

export type Term = Comparison | TextSearch | Join | RelatedCount | Invalid;

export interface SortKey {
  readonly field: string;
  readonly isDescending: boolean;
}

/** Groups are ORed; a group is an AND of runs; a run is an OR of terms. */
export interface Syntax {
  readonly groups: ReadonlyArray<ReadonlyArray<readonly Term[]>>;
  readonly order: readonly SortKey[];
  readonly groupBy: readonly string[];
}

/** Conditions in a query, those inside its blocks included. `weightOf` says how many a term of the query itself stands for. */
export const countTerms = ({ groups }: Syntax, weightOf: (term: Term) => number = () => 1): number => {
  let count = 0;
  for (const term of groups.flat(2)) count += weightOf(term) + ('query' in term ? countTerms(term.query) : 0);
  return count;
};
