// The rows of changes of credentials: found, opened, moved from step to step. A step is taken only from where it is thought to be, under a
// lock, so that two commands, or two processes, cannot take a change two ways.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row, Values } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';

const table = 'causeway_auth_change';

export interface Changes {
  ofOperation(operation: string): Promise<Row | undefined>;
  openOf(connection: string): Promise<Row | undefined>;
  open(): Promise<Row[]>;
  /** Throws `exchange.auth_change_open`. */
  begin(transaction: Transaction, connection: Row, values: Readonly<Record<string, string>>): Promise<void>;
  /** `work` runs in the transaction that moves it; answers what else the row is to say. Throws `exchange.auth_change_moved`. */
  move(change: Row, from: readonly string[], to: string, work?: (transaction: Transaction) => Promise<Values>): Promise<void>;
  note(change: Row, error: string): Promise<void>;
}

const closed = new Set(['done', 'rolled_back']);

export const makeChanges = ({ records, clock, worker }: { records: Records; clock: Clock; worker: string }): Changes => {
  const stamp = (): Record<string, string> => ({ step_at: wireMoment(clock.now()), worker });
  return {
    ofOperation: async (operation) => (await records.findBy(table, { operation }, { limit: 1 }))[0],
    openOf: async (connection) => (await records.findBy(table, { open_for: connection }, { limit: 1 }))[0],
    open: () => records.find(table, 'open_forISNOTEMPTY'),
    async begin(transaction, connection, values) {
      const within = records.within(transaction);
      const sysId = connection.sys_id ?? '';
      const [other] = await within.findBy(table, { open_for: sysId });
      if (other) {
        throw new Fault('conflict', 'exchange.auth_change_open', 'The credentials of this connection are being changed already', {
          explanation:
            other.step === 'grace'
              ? `The latest change is complete, and the old credentials are kept until ${other.grace_until} UTC (sn_sb.auth_grace_seconds): then they can be changed again.`
              : `Change ${other.operation} is at ${other.step}: finish it with retry, or take it back with abort.`,
        });
      }
      await within.insert(systemCaller, table, {
        connection: sysId,
        open_for: sysId,
        old_client: connection.inbound_client ?? '',
        old_credential: connection.outbound_credential ?? '',
        old_method: connection.auth_method ?? '',
        ...stamp(),
        ...values,
      });
    },
    async move(change, from, to, work) {
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        const [row] = await within.findBy(table, { sys_id: change.sys_id ?? '' }, { forUpdate: true });
        if (!row || !from.includes(row.step ?? '')) {
          throw new Fault('conflict', 'exchange.auth_change_moved', 'The change went another way meanwhile', {
            explanation: `It is at ${row?.step ?? 'its end'}.`,
          });
        }
        const more = work ? await work(transaction) : {};
        const end: Values = closed.has(to) ? { open_for: null } : {};
        await within.update(systemCaller, table, row.sys_id ?? '', { step: to, step_error: '', ...stamp(), ...end, ...more });
      });
    },
    async note(change, error) {
      await records.update(systemCaller, table, change.sys_id ?? '', { step_error: error.slice(0, 1000) });
    },
  };
};
