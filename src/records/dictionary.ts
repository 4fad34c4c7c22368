// What tables and fields there are, as every other file sees it. Built from sys_db_object, sys_dictionary and sys_choice rows
// by load_dictionary.ts; immutable once built: a change makes a new one with a higher version.
import type { ColumnType } from '../store/store.ts';

/** What becomes of a reference when the record that it names is removed. `delete`: its own record goes too; `none`: it stays as it is. */
export type WhenGone = 'clear' | 'delete' | 'restrict' | 'none';

export interface Choice {
  value: string;
  label: string;
  sequence: number;
  dependentValue: string;
  inactive: boolean;
}

export interface Field {
  /** The table that owns the field (an ancestor, for inherited fields). */
  readonly table: string;
  readonly element: string;
  readonly label: string;
  /** `internal_type`: string, integer, reference, glide_date_time, … (field_types/ holds what each means). */
  readonly type: string;
  readonly maxLength: number;
  /** Target table of a reference or glide_list, else ''. */
  readonly reference: string;
  /** Column of the target that the value holds: `sys_id`, or `name` for the few references keyed by name. */
  readonly referenceKey: string;
  readonly whenGone: WhenGone;
  readonly mandatory: boolean;
  readonly readOnly: boolean;
  readonly defaultValue: string;
  readonly isDisplay: boolean;
  readonly isUnique: boolean;
  /** 0 none, 1 with "-- None --", 2 suggestion, 3 without none. */
  readonly choice: number;
  readonly choices: readonly Choice[];
  /** The field on whose value the choices depend, else ''. */
  readonly dependentOn: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Column in the table of `table`; '' when nothing is stored there (journals, related tags). */
  readonly column: string;
  readonly columnType: ColumnType;
}

export interface Table {
  readonly name: string;
  readonly label: string;
  readonly sysId: string;
  readonly parent: Table | undefined;
  /** Root first, this table last. A record of this table has one row in the real table of each, all under one sys_id. */
  readonly chain: readonly Table[];
  /** This table and all below it. */
  readonly descendants: readonly Table[];
  /** Inherited ones too, in order: own sys fields, then root to leaf. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly displayField: Field | undefined;
  readonly isExtendable: boolean;
  /** "Allow access via web services". */
  readonly isOpenToWebServices: boolean;
  /** Changes are written to sys_audit. */
  readonly isAudited: boolean;
}

export interface Dictionary {
  readonly version: number;
  table(name: string): Table | undefined;
  tables(): Iterable<Table>;
}
