// The seam of the checks: one file each, pure: what was seen → what is wrong. Adding one: a file under checks/ and its line in index.ts.
import type { Facts, Link, SideName } from './facts.ts';
import type { SeenRow } from './reader.ts';

/** From bad to harmless. `info` is a note: nothing to do now, and no issue is raised for it. */
export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

export interface Evidence {
  readonly table: string;
  readonly sysId: string;
  /** Its name, for people. */
  readonly record: string;
  readonly field: string;
  readonly value: string;
  /** The value for people, where it is a sys_id or a number that says little. */
  readonly shown?: string;
  readonly expected: string;
}

/** What mends it, through the public REST API. */
export type Change =
  | {
      readonly kind: 'update';
      readonly table: string;
      readonly sysId: string;
      readonly record: string;
      readonly values: Readonly<Record<string, string>>;
      /** A value for people, where it is a sys_id. */
      readonly shown?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'insert';
      readonly table: string;
      readonly record: string;
      readonly values: Readonly<Record<string, string>>;
      readonly shown?: Readonly<Record<string, string>>;
    }
  /** For what is no record: `words` says what it does. */
  | { readonly kind: 'call'; readonly path: string; readonly body: Readonly<Record<string, unknown>>; readonly words: string };

export interface Found {
  readonly summary: string;
  readonly severity?: Severity;
  readonly evidence?: readonly Evidence[];
  /** In words. */
  readonly fix?: string;
  readonly changes?: readonly Change[];
  /** Command lines of `causeway` that help, without the account. */
  readonly commands?: readonly string[];
  /** What tells this finding from others of its code and connection; the first record of the evidence where it is not said. */
  readonly about?: string;
}

export interface Finding extends Required<Omit<Found, 'about'>> {
  readonly code: string;
  readonly title: string;
  readonly side: SideName;
  readonly instance: string;
  readonly connection: string;
  readonly about: string;
  /** The check of the original that looks at the same; '' where it has none. */
  readonly vendorCheck: string;
  /** Codes of the findings, on either side, that explain this one: mend those. */
  readonly causedBy: readonly string[];
}

export interface Seen {
  readonly facts: Facts;
  readonly link: Link;
  /** The other instance, where it was asked too. */
  readonly others: Facts | undefined;
  /** The same connection there. */
  readonly other: { facts: Facts; link: Link } | undefined;
  /** By name, how far the lanes from here have arrived there; undefined where nobody could look. */
  readonly arrived: ReadonlyMap<string, number> | undefined;
}

export interface Check {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  /** Tables, or `table.field`, without which it can say nothing; `a|b` where one of them will do. */
  readonly needs: readonly string[];
  readonly vendorCheck?: string;
  /** Once for each connection. */
  look?(seen: Seen): readonly Found[];
  /** Once for the instance. */
  survey?(facts: Facts): readonly (Found & { readonly connection: string })[];
}

const nameOf = (row: SeenRow): string =>
  row.connection_id || row.name || row.user_name || row.number || row.message_id || row.sys_id || '';

/** One field of a record as evidence. */
export const evidenceOf = (table: string, row: SeenRow, field: string, expected: string, shown?: string): Evidence => ({
  table,
  sysId: row.sys_id ?? '',
  record: nameOf(row),
  field,
  value: row[field] ?? '',
  ...(shown ? { shown } : {}),
  expected,
});

export const changeOf = (
  table: string,
  row: SeenRow,
  values: Readonly<Record<string, string>>,
  shown?: Readonly<Record<string, string>>,
): Change => ({
  kind: 'update',
  table,
  sysId: row.sys_id ?? '',
  record: nameOf(row),
  values,
  ...(shown ? { shown } : {}),
});

/** A value of a change as people read it. */
export const shownValue = (change: Exclude<Change, { kind: 'call' }>, field: string): string =>
  change.shown?.[field] ?? change.values[field] ?? '';

export const isOnboarded = ({ row }: Link): boolean => row.state?.toLowerCase() === 'onboarded';

/** How we authenticate at the peer: as our registry record says, or else the connection as a whole. */
export const grantOf = ({ row, providers }: Link): string =>
  providers.map((provider) => provider.default_grant_type).find((grant) => grant) ?? row.auth_method ?? 'client_credentials';

/** The peer gets its tokens here the older way; where it never said so, the connection as a whole tells. */
export const isPeerLegacy = (link: Link): boolean =>
  (link.row.peer_auth_method || link.row.auth_method || grantOf(link)) === 'password';
