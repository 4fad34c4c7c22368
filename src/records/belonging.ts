// Tables whose rows belong to records of other tables and follow their rights: data only. attached_rights.ts says what follows.

export interface Belonging {
  /** Fields that name the record. */
  readonly tableIn: string;
  readonly sysIdIn: string;
  /** The field that names one of the record's own; its entries are read by whoever may read that in every record. */
  readonly elementIn?: string;
}

export const belonging: ReadonlyMap<string, Belonging> = new Map([
  ['sys_attachment', { tableIn: 'table_name', sysIdIn: 'table_sys_id' }],
  ['sys_journal_field', { tableIn: 'name', sysIdIn: 'element_id', elementIn: 'element' }],
]);
