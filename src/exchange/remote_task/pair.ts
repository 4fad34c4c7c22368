// A tie to a peer with all that belongs to it, read once for whatever is done with it. Two kinds of tasks are ties: a remote task speaks for
// its parent, a provider task for itself.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { correlationOfTask } from '../correlation/correlations.ts';
import { definitionTable, type Side, sideOf } from '../definition/field_map.ts';
import { providerTaskFor } from '../definition/provider_task_map.ts';
import { inForce } from '../definition/releases.ts';

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

const isProviderTask = ({ sys_class_name: name = '' }: Row): boolean => /^sn_sb_(pro_|con_)?provider_task$/.test(name);

/** A remote task or a provider task. */
export const findTie = async (within: RecordsInTransaction, sysId: string | undefined): Promise<Row | undefined> =>
  (await one(within, 'sn_sb_remote_task', sysId)) ?? one(within, 'sn_sb_provider_task', sysId);

/** Every tie of a record here; a provider task is one itself. */
export const tiesOf = async (within: RecordsInTransaction, record: { table: string; sysId: string }): Promise<Row[]> => {
  const ties = await within.findBy('sn_sb_remote_task', { parent: record.sysId });
  const itself = isProviderTask({ sys_class_name: record.table })
    ? await one(within, 'sn_sb_provider_task', record.sysId)
    : undefined;
  return itself ? [...ties, itself] : ties;
};

/** sys_id of the record that a tie speaks for; '' where it was deleted. */
export const recordOf = (tie: Row): string => (isProviderTask(tie) ? (tie.sys_id ?? '') : (tie.parent ?? ''));

const definitionOf = async (within: RecordsInTransaction, task: Row, connection: Row): Promise<Row | undefined> => {
  if (isProviderTask(task)) return providerTaskFor(connection);
  // A remote task and its definition are made for the same side.
  const found = await one(within, definitionTable(sideOf(connection)), task.definition);
  return found && inForce(within, found, connection);
};

/** Undefined where a part of it is gone. `known`: what the caller has read in this transaction already. */
export const readPair = async (
  within: RecordsInTransaction,
  task: Row,
  known: Partial<Pick<Pair, 'connection' | 'correlation'>> = {},
): Promise<Pair | undefined> => {
  const connection = known.connection ?? (await findConnection(within, task.connection));
  const definition = connection && (await definitionOf(within, task, connection));
  const correlation = definition && (known.correlation ?? (await correlationOfTask(within, task.sys_id ?? '')));
  return correlation ? { task, connection, definition, correlation, side: sideOf(connection) } : undefined;
};

/** What people here call the organisation at the other end. */
export const companyName = async (within: RecordsInTransaction, connection: Row): Promise<string> => {
  const company = await one(within, 'core_company', connection.company);
  return company?.name || connection.name || connection.connection_id || '';
};
