// The row that every act of a person on the queue leaves, written in the transaction of the act.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Caller } from '../../records/caller.ts';
import type { Dialect, Transaction } from '../../store/store.ts';

export type Audit = (
  transaction: Transaction,
  caller: Caller,
  action: string,
  filter: unknown,
  messages: readonly string[],
  note?: string,
) => Promise<void>;

export const makeAudit =
  ({ dialect, clock, ids }: { dialect: Dialect; clock: Clock; ids: Ids }): Audit =>
  async (transaction, caller, action, filter, messages, note = '') => {
    const moment = wireMoment(clock.now());
    await transaction.run(
      `INSERT INTO sn_transport_audit (sys_id, action, filter, row_count, messages, note, sys_created_by, sys_created_on, sys_updated_by, sys_updated_on, sys_mod_count)
       VALUES (${[1, 2, 3, 4, 5, 6, 7, 8, 7, 8].map(dialect.parameter).join(', ')}, 0)`,
      [
        ids.sysId(),
        action,
        JSON.stringify(filter),
        messages.length,
        JSON.stringify(messages.slice(0, 100)),
        note,
        caller.userName,
        moment,
      ],
    );
  };
