// What stays of a connection that ends: its tasks belong to the people who worked on them, and what was agreed about them is how they are
// read. They let go of the connection and say why. In bulk, because there may be very many.
import type { Transaction } from '../../store/store.ts';

/** Tables whose rows stay, unless somebody asks for their end. */
export const releasedTables = [
  'sn_sb_remote_task',
  'sn_sb_provider_task',
  'sn_sb_con_remote_task_def',
  'sn_sb_con_remote_record_producer',
] as const;

/** The parts of offered definitions that have a state. */
const stateOf: ReadonlyMap<string, string> = new Map([
  ['sn_sb_con_remote_task_def', 'sn_sb_remote_task_def'],
  ['sn_sb_con_remote_record_producer', 'sn_sb_remote_record_producer'],
]);

/** `sysId` and `number` of the connection. */
export const releaseTasks = async (
  { dialect, ...transaction }: Transaction,
  { sysId, number }: { sysId: string; number: string },
): Promise<void> => {
  const [p, name] = [dialect.parameter, dialect.name];
  for (const table of releasedTables) {
    const of = `connection = ${p(1)}`;
    const defined = stateOf.get(table);
    if (defined) {
      const rows = `SELECT sys_id FROM ${name(table)} WHERE ${of}`;
      await transaction.run(`UPDATE ${name(defined)} SET state = 'retired' WHERE sys_id IN (${rows})`, [sysId]);
      await transaction.run(`UPDATE ${name(table)} SET connection = NULL WHERE ${of}`, [sysId]);
    } else {
      await transaction.run(
        `UPDATE ${name(table)} SET connection = NULL, status = 'disconnected', status_reason = ${p(2)} WHERE ${of}`,
        [sysId, `Connection ${number} was ended`],
      );
    }
  }
};
