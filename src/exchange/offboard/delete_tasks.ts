// What goes with a connection only where somebody asks for it: its tasks on this side, and what the peer offered with the forms of it. The
// records that the tasks belonged to stay. Must be told which rows: by then they have let go of the connection.
import type { Records } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { noteCaller } from '../origin.ts';
import { releasedTables } from './release_tasks.ts';

export interface Doomed {
  readonly table: string;
  readonly sysId: string;
}

/** Deleted in one transaction: others want to write as well. */
const portion = 100;

/** The rows that `deleteTasks` is for, while they still know the connection. */
export const findDoomed = async ({ dialect, ...transaction }: Transaction, connection: string): Promise<Doomed[]> => {
  const doomed: Doomed[] = [];
  for (const table of releasedTables) {
    const sql = `SELECT sys_id FROM ${dialect.name(table)} WHERE connection = ${dialect.parameter(1)}`;
    for (const [sysId] of await transaction.read(sql, [connection])) doomed.push({ table, sysId: String(sysId) });
  }
  return doomed;
};

/** Variables of the offered items, which go with them. */
export const countVariables = async ({ dialect, ...transaction }: Transaction, connection: string): Promise<number> => {
  const items = `SELECT sys_id FROM ${dialect.name('sn_sb_con_remote_record_producer')} WHERE connection = ${dialect.parameter(1)}`;
  const [row] = await transaction.read(`SELECT count(*) FROM ${dialect.name('item_option_new')} WHERE cat_item IN (${items})`, [
    connection,
  ]);
  return Number(row?.[0] ?? 0);
};

/** Through the door of records, so that what hangs on them goes too. One that is gone already is passed over: safe to repeat. */
export const deleteTasks = async (records: Records, doomed: readonly Doomed[]): Promise<void> => {
  for (let at = 0; at < doomed.length; at += portion) {
    await records.write(async (transaction) => {
      const within = records.within(transaction);
      for (const { table, sysId } of doomed.slice(at, at + portion)) {
        const [row] = await within.findBy(table, { sys_id: sysId }, { limit: 1 });
        if (row) await within.remove(noteCaller, table, sysId);
      }
    });
  }
};
