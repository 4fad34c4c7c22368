// A record with all its fields, as what it is: one of `incident` also when it is reached through `task`.
import type { Dialect } from '../store/store.ts';
import type { Read } from './access.ts';
import type { Table } from './dictionary.ts';
import type { Row } from './records.ts';
import { matchStatement, readRow } from './row_storage.ts';

export interface Located {
  readonly leaf: Table;
  readonly row: Row;
}

interface LocateOptions {
  dialect: Dialect;
  read: Read;
  /** Read in order to be changed in this transaction. */
  forUpdate: boolean;
}

const readWhole = async (table: Table, sysId: string, { dialect, read, forUpdate }: LocateOptions): Promise<Row | undefined> => {
  const statement = matchStatement(dialect, table, { sys_id: sysId }, { limit: 1, forUpdate });
  const [row] = statement ? await read(statement.sql, statement.parameters) : [];
  return row && statement && readRow(statement.fields, row);
};

/** undefined when there is no such record. */
export const locate = async (table: Table, sysId: string, options: LocateOptions): Promise<Located | undefined> => {
  const row = await readWhole(table, sysId, options);
  if (!row) return undefined;
  const className = row.sys_class_name;
  const leaf = className ? table.descendants.find((each) => each.name === className) : undefined;
  if (!leaf || leaf === table) return { leaf: table, row };
  const whole = await readWhole(leaf, sysId, options);
  return whole ? { leaf, row: whole } : { leaf: table, row };
};
