// All pumps of this process: one per connection that has something to send, woken by commits here and once a second by the clock, for
// what other processes wrote and what has come due. Also applies what was kept, and takes back what a killed process held.

import { adoptErrors } from '../outbox/adopt_errors.ts';
import { claimOrder } from '../outbox/claim.ts';
import { takeBackOwn } from '../outbox/take_back.ts';
import { makePump, type Pump, type PumpParts } from './pump.ts';

export interface WorkerParts extends Omit<PumpParts, 'connection'> {
  late: { run(connection: string): Promise<void> };
}

export interface Worker {
  /** Takes back what this worker held when it last ended, and begins. */
  start(): Promise<void>;
  /** Something waits on this connection. */
  wake(connection: string): void;
  /** Kept messages of this connection wait to be applied. */
  wakeLate(connection: string): void;
  stop(): Promise<void>;
}

const lookEveryMs = 1_000;

export const makeWorker = (parts: WorkerParts): Worker => {
  const { store, clock, log, late } = parts;
  const pumps = new Map<string, Pump>();
  const applying = new Map<string, Promise<void>>();
  let [isRunning, looking, adopting] = [false, Promise.resolve(), Promise.resolve()];
  let cancelLook = (): void => {};

  const complain = (error: unknown): void =>
    log.write({ level: 'severe', text: `Exchange: ${(error as Error)?.stack ?? String(error)}` });

  const pumpOf = (connection: string): Pump => {
    const known = pumps.get(connection);
    if (known) return known;
    const pump = makePump({ ...parts, connection });
    pumps.set(connection, pump);
    return pump;
  };

  const wakeLate = (connection: string): void => {
    if (!isRunning || applying.has(connection)) return;
    const work = late
      .run(connection)
      .catch(complain)
      .finally(() => applying.delete(connection));
    applying.set(connection, work);
  };

  const look = async (): Promise<void> => {
    const p = store.dialect.parameter;
    // The first in the order of the index: PostgreSQL would read all lanes to know whether there is one.
    const order = claimOrder(store.dialect);
    const due = (direction: string, state: string): string =>
      `(SELECT 1 FROM sn_transport_lane WHERE connection = p.sys_id AND direction = '${direction}' AND state = '${state}' AND due_at <= ${p(1)} ORDER BY ${order} LIMIT 1) = 1`;
    const rows = await store.read(
      `SELECT p.sys_id, CASE WHEN ${due('outbound', 'waiting')} OR ${due('outbound', 'leased')} OR p.pause = 'auth' THEN 1 ELSE 0 END,
         CASE WHEN ${due('inbound', 'waiting')} THEN 1 ELSE 0 END
       FROM sn_transport_profile p`,
      [clock.now()],
    );
    if (!isRunning) return;
    for (const [connection, out, back] of rows) {
      if (Number(out) === 1) pumpOf(String(connection)).wake({ looksBack: true });
      if (Number(back) === 1) wakeLate(String(connection));
    }
  };

  const lookAgain = (): void => {
    if (!isRunning) return;
    cancelLook = clock.after(lookEveryMs, () => {
      looking = look().catch(complain).finally(lookAgain);
    });
  };

  return {
    async start() {
      await store.write((transaction) => takeBackOwn(transaction, parts.worker, clock.now()));
      isRunning = true;
      adopting = adoptErrors(store).then(() => {}, complain);
      await look();
      lookAgain();
    },
    wake(connection) {
      if (isRunning) pumpOf(connection).wake();
    },
    wakeLate,
    async stop() {
      isRunning = false;
      cancelLook();
      await Promise.all([looking, adopting, ...[...pumps.values()].map((pump) => pump.stop())]);
      await Promise.all(applying.values());
    },
  };
};
