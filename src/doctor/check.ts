// The seam of the checks: one file each, pure: what was seen → what is wrong. Adding one: a file under checks/ and its line in index.ts.
import type { Facts, Link, SideName } from './facts.ts';
import type { SeenRow } from './reader.ts';

export type Severity = 'critical' | 'error' | 'warning' | 'info';

export interface Evidence {
  readonly table: string;
  readonly sysId: string;
  /** Its name, for people. */
  readonly record: string;
  readonly field: string;
  readonly value: string;
  readonly expected: string;
}

export interface Change {
  readonly table: string;
  readonly sysId: string;
  readonly record: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly side: SideName;
  readonly instance: string;
  readonly connection: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  /** In words; and as changes of records where `--fix` can make them. */
  readonly fix: string;
  readonly changes: readonly Change[];
}

export interface Seen {
  readonly facts: Facts;
  readonly link: Link;
  /** The same connection on the other side, where that was asked too. */
  readonly other: { facts: Facts; link: Link } | undefined;
}

export interface Found {
  readonly summary: string;
  readonly severity?: Severity;
  readonly evidence?: readonly Evidence[];
  readonly fix?: string;
  readonly changes?: readonly Change[];
}

export interface Check {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  /** Tables without which it can say nothing. */
  readonly needs: readonly string[];
  look(seen: Seen): readonly Found[];
}

/** One field of a record as evidence. */
export const evidenceOf = (table: string, row: SeenRow, field: string, expected: string): Evidence => ({
  table,
  sysId: row.sys_id ?? '',
  record: row.name || row.user_name || row.connection_id || row.sys_id || '',
  field,
  value: row[field] ?? '',
  expected,
});

export const changeOf = (table: string, row: SeenRow, values: Readonly<Record<string, string>>): Change => ({
  table,
  sysId: row.sys_id ?? '',
  record: row.name || row.user_name || row.connection_id || '',
  values,
});

export const isOnboarded = (link: Link): boolean => link.row.state === 'onboarded';
