// Rows in Error that this program did not put there: they came out of a dump, or were set by hand in the database. They get a class, by
// which they are found, and their lanes wait for them; from then on they are as good as any. Must not send anything.
import type { Store } from '../../store/store.ts';
import { isOneOf } from '../recordset.ts';

const rowsAtOnce = 1000;

/** Answers the number of rows. Looks through the whole queue, beside the work. */
export const adoptErrors = async (store: Store): Promise<number> => {
  const { dialect } = store;
  // Of a queue that was never used this would be all there is to do at a start, and the embedded engine begins a process for a long read.
  if ((await store.read('SELECT 1 FROM sn_transport_queue LIMIT 1')).length === 0) return 0;
  let adopted = 0;
  for (;;) {
    const found = await store.read(
      `SELECT sys_id, lane FROM sn_transport_queue WHERE error_class IS NULL AND state = 'error' AND direction = 'outbound' LIMIT ${rowsAtOnce}`,
      [],
      { long: true },
    );
    if (found.length === 0) return adopted;
    await store.write(async (transaction) => {
      adopted += await transaction.run(
        `UPDATE sn_transport_queue SET error_class = CASE WHEN lower(error_detail) LIKE '%not authenticated%' THEN 'auth' ELSE 'permanent' END
         WHERE sys_id ${isOneOf(dialect, 1)} AND state = 'error'`,
        [JSON.stringify(found.map(([id]) => id))],
      );
      const first = `(SELECT min(q.seq) FROM sn_transport_queue q WHERE q.lane = sn_transport_lane.sys_id AND q.seq > sn_transport_lane.done_seq AND q.state = 'error')`;
      await transaction.run(
        `UPDATE sn_transport_lane SET error_seq = ${first}, state = CASE WHEN state = 'leased' THEN state ELSE 'held' END
         WHERE sys_id ${isOneOf(dialect, 1)} AND ${first} IS NOT NULL`,
        [JSON.stringify([...new Set(found.map(([, lane]) => lane))])],
      );
    });
    if (found.length < rowsAtOnce) return adopted;
  }
};
