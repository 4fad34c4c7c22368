// The shape in which built-in tables are described: data, one file per table under tables/, one line in tables/index.ts.

import type { WhenGone } from './dictionary.ts';

export interface FieldDefinition {
  element: string;
  label: string;
  type: string;
  maxLength?: number;
  reference?: string;
  referenceKey?: string;
  /** What becomes of the reference when its record is removed. Unsaid: it is cleared, and where it is mandatory nothing is removed. */
  whenGone?: WhenGone;
  mandatory?: boolean;
  readOnly?: boolean;
  /** Stored text, or one of the few `javascript:` defaults that default_values.ts knows. */
  default?: string;
  display?: boolean;
  unique?: boolean;
  /** value → label, in order. */
  choices?: Readonly<Record<string, string>>;
  /** The field whose value the choices go with, and which go with which: those under none of its values go with all. */
  dependent?: { readonly on: string; readonly choices: Readonly<Record<string, readonly string[]>> };
  /** 1 with "-- None --", 2 suggestion (other values are kept too), 3 without none. With choices and unsaid: 3 where there is a default, else 1. */
  choice?: 1 | 2 | 3;
  attributes?: string;
}

/** Roles of which one is enough; 'any': every authenticated user; an empty list: nobody, not even admin, only the system itself. */
export type AllowedTo = readonly string[] | 'any';

export interface TableDefinition {
  name: string;
  label: string;
  extends?: string;
  extendable?: boolean;
  /** Number prefix, e.g. INC; seven digits from 0010001. */
  numberPrefix?: string;
  /** Changes are written to sys_audit. */
  audited?: boolean;
  /** Own fields only; sys_id, sys_created_*, sys_updated_*, sys_mod_count (and sys_class_name where extendable) are added. */
  fields: readonly FieldDefinition[];
  /** Choices of inherited fields that this table has instead of its parent's. */
  inheritedChoices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Defaults of inherited fields that this table has instead of its parent's. Seeds for sys_dictionary_override. */
  inheritedDefaults?: Readonly<Record<string, string>>;
  indexes?: readonly { columns: readonly string[]; unique?: boolean; isSparse?: boolean }[];
  /** See `TableShape`. */
  fillPercent?: number;
  /** Who may do it; absent: as the parent says, else admin only. Seeds for sys_security_acl. */
  access?: { read?: AllowedTo; create?: AllowedTo; write?: AllowedTo; delete?: AllowedTo };
  /** Encoded queries: every authenticated user may also do it with the rows that match. Seeds for sys_security_acl. */
  rowAccess?: { read?: string; write?: string };
  /** Fields that only these roles may read or write. */
  fieldAccess?: Readonly<Record<string, { read?: AllowedTo; write?: AllowedTo }>>;
  /** false: closed to REST even for admin. */
  webServices?: boolean;
  /** Rows present at first start; never overwritten later. `sys_id` from seedId, so that every instance has the same. */
  rows?: readonly Readonly<Record<string, string>>[];
  /** Rows only with --demo-data. */
  demoRows?: readonly Readonly<Record<string, string>>[];
}
