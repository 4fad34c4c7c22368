// The shape in which built-in tables are described: data, one file per table under tables/, one line in tables/index.ts.

export interface FieldDefinition {
  element: string;
  label: string;
  type: string;
  maxLength?: number;
  reference?: string;
  referenceKey?: string;
  mandatory?: boolean;
  readOnly?: boolean;
  default?: string;
  display?: boolean;
  unique?: boolean;
  /** value → label, in order. */
  choices?: Readonly<Record<string, string>>;
  attributes?: string;
}

export interface TableDefinition {
  name: string;
  label: string;
  extends?: string;
  extendable?: boolean;
  /** Number prefix, e.g. INC; seven digits from 0010001. */
  numberPrefix?: string;
  /** Own fields only; sys_id, sys_created_*, sys_updated_*, sys_mod_count (and sys_class_name where extendable) are added. */
  fields: readonly FieldDefinition[];
  indexes?: readonly { columns: readonly string[]; unique?: boolean }[];
  /** Roles that may do it; absent: admin only; 'any': every authenticated user. Seeds for sys_security_acl. */
  access?: { read?: readonly string[] | 'any'; create?: readonly string[] | 'any'; write?: readonly string[] | 'any'; delete?: readonly string[] | 'any' };
  /** Fields that only these roles may read or write. */
  fieldAccess?: Readonly<Record<string, { read?: readonly string[]; write?: readonly string[] }>>;
  /** false: closed to REST even for admin. */
  webServices?: boolean;
  /** Rows present at first start; never overwritten later. */
  rows?: readonly Readonly<Record<string, string>>[];
  /** Rows only with --demo-data. */
  demoRows?: readonly Readonly<Record<string, string>>[];
}
