// The transport of the exchange, put together: read this first. A message out: enqueue → worker → carrier → settle; a message in:
// receive → take_in → applier. It knows no record but its own; what messages mean is for appliers and settlers.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Properties } from '../records/properties.ts';
import type { Rule } from '../records/records.ts';
import type { Store } from '../store/store.ts';
import { byIndex } from './by_index.ts';
import type { Carrier } from './carriers/carrier.ts';
import { makeAcknowledgements } from './inbox/acknowledgements.ts';
import { appliersByKind } from './inbox/applying.ts';
import { makeLate } from './inbox/late.ts';
import { makeReceive, type Receive } from './inbox/receive.ts';
import { makeEnqueue } from './outbox/enqueue.ts';
import { purgeQueue } from './outbox/purge.ts';
import { makeQueueRule } from './reprocess/queue_rule.ts';
import { makeReprocess, type Reprocess } from './reprocess/reprocess.ts';
import { type Summary, summarise } from './reprocess/summary.ts';
import { makeSupersede, type Supersede } from './reprocess/supersede.ts';
import type { Applier, ConnectionBook, Enqueue, LinkEvents, Settler } from './seams.ts';
import { settlersByKind } from './settle/settle.ts';
import { readTransportSettings } from './transport_settings.ts';
import { hurryProbe, openBreaker } from './worker/pauses.ts';
import { makeWorker, type Worker } from './worker/worker.ts';

export interface TransportParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** From 0 to 1. */
  random: () => number;
  log: LocalhostLog;
  properties: Properties;
  carrier: Carrier;
  book: ConnectionBook;
  events: LinkEvents;
  /** Name of this process, the same after a restart and different from every other process on the same database. */
  worker: string;
  appliers: readonly Applier[];
  settlers: readonly Settler[];
}

export interface Transport {
  readonly enqueue: Enqueue;
  readonly receive: Receive;
  readonly reprocess: Reprocess;
  /** To be added to the rules of records. */
  readonly rules: readonly Rule[];
  summary(): Promise<Summary[]>;
  /** Messages of the peer that wait in memory to be taken in. */
  waiting(connection: string): number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Looks at this connection at once: after a repair, a resume, a new link. */
  wake(connection: string): void;
  /** The peer took our credential by another way than messages: an open breaker or a pause for its sake probes now. */
  reached(connection: string): Promise<void>;
  /** The peer is not there, whatever the queue has tried: nothing is sent until a probe finds it. */
  unreached(connection: string, failure: { readonly code: string; readonly detail: string }): Promise<void>;
  /** Ends any pause of a connection but an administrator's, in the given transaction. */
  endPause: Reprocess['endPause'];
  /** A lane goes on without what it could not deliver: something newer says it all. */
  readonly supersede: Supersede;
  purge(): Promise<number>;
}

export const makeTransport = (given: TransportParts): Transport => {
  const parts = { ...given, store: byIndex(given.store) };
  const { store, clock, ids, properties } = parts;
  // The worker is made last and woken by what is made first.
  let worker: Worker | undefined;
  const wake = (connection: string): void => worker?.wake(connection);
  const settlers = settlersByKind(parts.settlers);
  const appliers = appliersByKind([makeAcknowledgements({ now: clock.now, settlers }), ...parts.appliers]);
  const enqueue = makeEnqueue({ clock, ids, wake });
  const late = makeLate({ ...parts, appliers, enqueue });
  const running = makeWorker({ ...parts, settlers, late });
  worker = running;
  const reprocess = makeReprocess({ store, clock, ids, enqueue, wake, settlers });
  const receive = makeReceive({ ...parts, appliers, wakeLate: running.wakeLate });
  return {
    enqueue,
    receive,
    reprocess,
    rules: [makeQueueRule({ clock, wake })],
    summary: () => summarise(store, clock.now()),
    waiting: receive.waiting,
    start: running.start,
    stop: running.stop,
    wake,
    async reached(connection) {
      const [open] = await store.read(
        `SELECT 1 FROM sn_transport_profile WHERE sys_id = ${store.dialect.parameter(1)} AND pause IN ('breaker', 'auth')`,
        [connection],
      );
      if (open && (await store.write((transaction) => hurryProbe(transaction, connection, clock.now())))) wake(connection);
    },
    async unreached(connection, failure) {
      const settings = await readTransportSettings(properties);
      const given = { settings, now: clock.now(), random: parts.random };
      await store.write((transaction) => openBreaker(transaction, connection, failure, given));
      wake(connection);
    },
    endPause: reprocess.endPause,
    supersede: makeSupersede({ clock, enqueue, wake }),
    async purge() {
      const { processedTtlMs } = await readTransportSettings(properties);
      return purgeQueue({ store, clock }, processedTtlMs);
    },
  };
};
