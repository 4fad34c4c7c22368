// What became of one row: the words that rows, counts and answers share. Holds no rule.

export type RowStatus = 'inserted' | 'updated' | 'ignored' | 'skipped' | 'error';

/** Something about one field, or the whole row (`field` ''), that an administrator should see. */
export interface RowNote {
  readonly code: number;
  readonly field: string;
  readonly text: string;
}

export interface LogNote {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  readonly source: string;
}

export interface RowOutcome {
  readonly status: RowStatus;
  readonly targetTable: string;
  /** '' where no record was touched. */
  readonly targetSysId: string;
  readonly displayName: string;
  readonly displayValue: string;
  readonly statusMessage: string;
  readonly errorMessage: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly notes: readonly RowNote[];
  readonly logs: readonly LogNote[];
}

/** sys_import_set_row_error.code */
export const codes = {
  referenceRejected: 100,
  choiceRejected: 200,
  listRejected: 300,
  invalidTarget: 800,
  scriptError: 900,
  valueNotUnderstood: 1010,
  recordRefused: 1020,
  notProvisioned: 1030,
  errorByScript: 1040,
} as const;

export type Counts = Readonly<Record<'total' | 'inserts' | 'updates' | 'ignored' | 'skipped' | 'errors', number>>;

export const noCounts: Counts = { total: 0, inserts: 0, updates: 0, ignored: 0, skipped: 0, errors: 0 };

const countOf = { inserted: 'inserts', updated: 'updates', ignored: 'ignored', skipped: 'skipped', error: 'errors' } as const;

export const countOutcomes = (outcomes: readonly RowOutcome[], from: Counts = noCounts): Counts => {
  const counts = { ...from };
  for (const { status } of outcomes) {
    counts.total += 1;
    counts[countOf[status]] += 1;
  }
  return counts;
};
