// Heartbeats: a ping travels through the queue like any message and a pong comes back the same way, so that the round trip is the one that
// records have. Beside it a probe with a fresh token. Must not fill the queue: one ping waits at most.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import { every, type Timer } from '../../kit/timer.ts';
import type { Properties } from '../../records/properties.ts';
import type { Row } from '../../records/records.ts';
import type { Store, Transaction } from '../../store/store.ts';
import type { ConnectionCache } from '../connection/book.ts';
import { mayMoveOut } from '../connection/book.ts';
import type { Handshake } from '../handshake/handshake.ts';
import { laneId } from '../queue_ids.ts';
import type { Applier, Enqueue } from '../seams.ts';
import { readPing, type StatusKeeper } from '../status/status_keeper.ts';

export interface HeartbeatParts {
  store: Store;
  clock: Clock;
  log: LocalhostLog;
  properties: Properties;
  connections: ConnectionCache;
  handshake: Handshake;
  status: StatusKeeper;
  enqueue: () => Enqueue;
  isQuarantined: () => boolean;
  /** Nothing goes out on this connection: nor do pings pile up. */
  standsStill: (connection: Row) => boolean;
  /** Compares lanes with the peer where this instance was adopted. */
  resume: (connection: string) => Promise<void>;
  /** The peer answered, whatever the queue knows of it. */
  reached: (connection: string) => Promise<void>;
  /** The peer was not there twice in a row. */
  unreached: (connection: string, failure: { code: string; detail: string }) => Promise<void>;
}

export interface Heartbeat {
  readonly applier: Applier;
  start(): void;
  stop(): Promise<void>;
  /** At once, whatever the interval: after a repair, or when something about the connection changed. */
  beat(connection: string): Promise<Row | undefined>;
  /** Soon, because a message did not arrive; again and again is once. */
  hasten(connection: string): void;
}

const tickMs = 500;
const quarantinedMs = 5_000;
/** A first miss may be a lost packet. */
const missesMeanGone = 2;
const afterMissMs = 1_000;
const hastenEveryMs = 5_000;
/** Nobody answered, or what answers is not the instance: its refusals are other faults. */
const goneCodes: ReadonlySet<string> = new Set(['kit.outbound_unreachable', 'kit.outbound_timeout', 'exchange.token_endpoint']);

export const makeHeartbeat = (parts: HeartbeatParts): Heartbeat => {
  const { store, clock, log, connections, handshake, status } = parts;
  /** When each is looked at next, and when that was said: a clock that shows less than that was turned back, and cannot tell. */
  const planned = new Map<string, { at: number; saidAt: number }>();
  const beating = makeSingleFlight<Row | undefined>();
  /** How often in a row the peer was not there, where it was not. */
  const misses = new Map<string, number>();
  const hastened = new Map<string, number>();
  let timer: Timer | undefined;

  const planNext = (connection: string, delayMs: number): void => {
    const saidAt = clock.now();
    planned.set(connection, { at: saidAt + delayMs, saidAt });
  };
  const isDue = (connection: string): boolean => {
    const [next, now] = [planned.get(connection), clock.now()];
    return !next || now >= next.at || now < next.saidAt;
  };

  const isBeatWaiting = async (connection: string, read: Pick<Transaction, 'read'> = store): Promise<boolean> => {
    const id = laneId(connection, 'outbound', 'heartbeat');
    const [row] = await read.read(`SELECT state FROM sn_transport_lane WHERE sys_id = ${store.dialect.parameter(1)}`, [id]);
    return row !== undefined && row[0] !== 'idle';
  };

  /** False where an earlier one still waits, or the connection is gone. */
  const ping = async (connection: string): Promise<boolean> => {
    if (await isBeatWaiting(connection)) return false;
    const sentAt = clock.now();
    const isSent = await store.write(async (transaction) => {
      // It may have been offboarded since the peer was asked: nothing of it must come back.
      const [row] = await transaction.read(`SELECT 1 FROM sn_sb_connection WHERE sys_id = ${store.dialect.parameter(1)}`, [
        connection,
      ]);
      if (row) await parts.enqueue()(transaction, { connection, kind: 'heartbeat', operation: 'ping', payload: { sentAt } });
      return row !== undefined;
    });
    if (isSent) status.mark(connection, { hb_sent: wireMoment(sentAt) });
    return isSent;
  };

  const miss = async (sysId: string, error: unknown): Promise<void> => {
    if (!isFault(error) || !goneCodes.has(error.code)) return;
    const count = (misses.get(sysId) ?? 0) + 1;
    misses.set(sysId, count);
    if (count >= missesMeanGone) await parts.unreached(sysId, { code: error.code, detail: error.message });
  };

  const work = async (sysId: string): Promise<Row | undefined> => {
    const known = await connections.get(sysId);
    if (known?.row.state !== 'onboarded') return status.settle(sysId);
    if (parts.isQuarantined()) {
      // Whoever adopts it may do so at another process.
      planNext(sysId, quarantinedMs);
      return status.settle(sysId);
    }
    // The peer is told how our end stands now.
    await status.settle(sysId);
    try {
      await handshake.ask(known.row);
      misses.delete(sysId);
      await parts.reached(sysId);
      await parts.resume(sysId);
    } catch (error) {
      status.mark(sysId, { last_error: (error as Error).message.slice(0, 1000), last_error_at: wireMoment(clock.now()) });
      await miss(sysId, error);
    }
    const now = await connections.get(sysId);
    const isSent = now !== undefined && mayMoveOut(now) && !parts.standsStill(now.row) && (await ping(sysId));
    const row = await status.settle(sysId);
    const { pingMs, failingMs } = await readPing(parts.properties);
    const isFine = isSent && row?.outbound_status === 'up' && row.inbound_status === 'up';
    planNext(sysId, isFine ? pingMs : misses.get(sysId) === 1 ? Math.min(afterMissMs, failingMs) : failingMs);
    return row;
  };

  const beat = (sysId: string): Promise<Row | undefined> => beating.run(sysId, () => work(sysId));

  const complain = (error: unknown): void =>
    void log.write({ level: 'warning', text: `Exchange: a heartbeat failed: ${(error as Error).message}` });

  const tick = async (): Promise<void> => {
    for (const { row } of await connections.all()) {
      const sysId = row.sys_id ?? '';
      if (row.state !== 'onboarded' || !isDue(sysId)) continue;
      // Not before the next one could be due, also where this one fails.
      planNext(sysId, 60_000);
      void beat(sysId).catch(complain);
    }
  };

  return {
    beat,
    hasten(connection) {
      const [last = Number.NEGATIVE_INFINITY, now] = [hastened.get(connection), clock.now()];
      if (misses.has(connection) || (now >= last && now - last < hastenEveryMs)) return;
      hastened.set(connection, now);
      planNext(connection, 0);
    },
    applier: {
      kinds: ['heartbeat'],
      async apply(transaction, message, connection) {
        const sentAt = Number((message.payload as { sentAt?: unknown } | null)?.sentAt);
        const now = clock.now();
        if (message.operation === 'pong' && Number.isSafeInteger(sentAt)) {
          transaction.afterCommit(() =>
            status.mark(connection.sysId, { hb_acked: wireMoment(now), hb_rtt_ms: String(Math.max(0, now - sentAt)) }),
          );
        }
        if (
          message.operation === 'ping' &&
          Number.isSafeInteger(sentAt) &&
          !(await isBeatWaiting(connection.sysId, transaction))
        ) {
          await parts.enqueue()(transaction, {
            connection: connection.sysId,
            kind: 'heartbeat',
            operation: 'pong',
            payload: { sentAt },
          });
        }
        transaction.afterCommit(() => status.mark(connection.sysId, { hb_received: wireMoment(now) }));
        return { outcome: 'applied' };
      },
    },
    start() {
      timer = every(clock, tickMs, tick, complain);
    },
    async stop() {
      // No further look; what is under way is waited for below.
      void timer?.stop();
      await beating.settled();
    },
  };
};
