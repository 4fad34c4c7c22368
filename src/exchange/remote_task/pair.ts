// A remote task with all that belongs to it, read once for whatever is done with it.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { correlationOfTask } from '../correlation/correlations.ts';
import { type Side, sideOf } from '../definition/field_map.ts';

export interface Pair {
  readonly task: Row;
  readonly connection: Row;
  readonly definition: Row;
  readonly correlation: Row;
  readonly side: Side;
}

const one = async (within: RecordsInTransaction, table: string, sysId: string | undefined): Promise<Row | undefined> =>
  sysId ? (await within.findBy(table, { sys_id: sysId }, { limit: 1 }))[0] : undefined;

export const findConnection = (within: RecordsInTransaction, sysId: string | undefined): Promise<Row | undefined> =>
  one(within, 'sn_sb_connection', sysId);

/** With the fields that only its side's table has. */
export const findDefinition = async (within: RecordsInTransaction, sysId: string | undefined): Promise<Row | undefined> => {
  const found = await one(within, 'sn_sb_remote_task_def', sysId);
  return found && one(within, found.sys_class_name || 'sn_sb_remote_task_def', sysId);
};

export const findRemoteTask = (within: RecordsInTransaction, sysId: string | undefined): Promise<Row | undefined> =>
  one(within, 'sn_sb_remote_task', sysId);

/** Undefined where a part of it is gone. */
export const readPair = async (within: RecordsInTransaction, task: Row): Promise<Pair | undefined> => {
  const connection = await findConnection(within, task.connection);
  const definition = connection && (await findDefinition(within, task.definition));
  const correlation = definition && (await correlationOfTask(within, task.sys_id ?? ''));
  return correlation ? { task, connection, definition, correlation, side: sideOf(connection) } : undefined;
};

/** What people here call the organisation at the other end. */
export const companyName = async (within: RecordsInTransaction, connection: Row): Promise<string> => {
  const company = await one(within, 'core_company', connection.company);
  return company?.name || connection.name || connection.connection_id || '';
};
