// The records of a connection, found again and removed together: one list, so that nothing of an attempt is left behind. Must not call the peer.
import { systemCaller } from '../../records/caller.ts';
import type { Records, RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';

/** Table and sys_id of everything that belongs to a connection, in the order in which it goes. */
export const recordsOf = async (within: RecordsInTransaction, connection: Row): Promise<{ table: string; sysId: string }[]> => {
  const sysId = connection.sys_id ?? '';
  const rps = await within.findBy('sn_sb_rps_connection', { connection: sysId });
  const user = connection.integration_user ?? '';
  const roles = user === '' ? [] : await within.findBy('sys_user_has_role', { user });
  const of = async (table: string, match: Record<string, string>) =>
    (await within.findBy(table, match)).map((row) => ({ table, sysId: row.sys_id ?? '' }));
  const changes = await within.findBy('causeway_auth_change', { connection: sysId });
  // Of changes of credentials that are under way: beside the pair in use there is another.
  const pairs = new Set([
    ...changes.flatMap((change) => [change.new_client, change.new_credential, change.old_client, change.old_credential]),
    ...[connection.inbound_client, connection.outbound_credential],
  ]);
  const entities: { table: string; sysId: string }[] = [];
  for (const pair of pairs) if (pair) entities.push(...(await of('oauth_entity', { sys_id: pair })));
  const found = [
    ...changes.map((row) => ({ table: 'causeway_auth_change', sysId: row.sys_id ?? '' })),
    ...(await of('sn_sb_onboarding', { connection: sysId })),
    ...(await of('causeway_legacy_credential', { connection: sysId })),
    ...(await of('sn_sb_service_bridge_settings', { connection: sysId })),
    ...(await of('sn_sb_error', { connection: sysId })),
    ...rps.map((row) => ({ table: 'sn_sb_rps_connection', sysId: row.sys_id ?? '' })),
    ...rps.map((row) => ({ table: 'ih_sync_remote_system', sysId: row.remote_system ?? '' })),
    { table: 'sn_sb_connection', sysId },
    ...entities,
    ...roles.map((row) => ({ table: 'sys_user_has_role', sysId: row.sys_id ?? '' })),
    { table: 'sys_user', sysId: user },
  ];
  return found.filter((each) => each.sysId !== '');
};

// Lanes first: whoever takes messages in holds them, and what he writes to the queue is there when they are free.
const transportTables = ['sn_transport_lane', 'sn_transport_queue', 'sn_transport_attempt', 'sn_transport_profile'];

/** Removes exactly what belongs to the connection, and what its queue holds. Safe to repeat. */
export const removeConnection = async (
  { records }: { records: Records },
  transaction: Transaction,
  connection: Row,
): Promise<void> => {
  const within = records.within(transaction);
  // Held before its records are listed, so that nobody adds one meanwhile.
  await within.findBy('sn_sb_connection', { sys_id: connection.sys_id ?? '' }, { limit: 1, forUpdate: true });
  for (const { table, sysId } of await recordsOf(within, connection)) {
    const [row] = await within.findBy(table, { sys_id: sysId });
    if (row) await within.remove(systemCaller, table, sysId);
  }
  const { dialect } = transaction;
  for (const table of transportTables) {
    await transaction.run(`DELETE FROM ${dialect.name(table)} WHERE connection = ${dialect.parameter(1)}`, [
      connection.sys_id ?? '',
    ]);
  }
};
