// Keeps one connection moving: turns of the store, POSTs between them. What is answered while a turn is being written waits for the
// next one, so turns grow with the load. Holds no state that a killed process would miss.
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Properties } from '../../records/properties.ts';
import type { Store } from '../../store/store.ts';
import type { Carrier, CarrierOutcome } from '../carriers/carrier.ts';
import { writeBatch } from '../envelope/write_batch.ts';
import { makeGathering } from '../gather.ts';
import type { ClaimedLane } from '../outbox/claim.ts';
import type { ConnectionBook, Link, LinkEvents } from '../seams.ts';
import { readTransportSettings } from '../transport_settings.ts';
import { numbered } from './pack.ts';
import { type TurnAnswer, type TurnParts, type TurnRequest, takeTurn } from './turn.ts';
import type { Delivery } from './write_attempts.ts';

export interface PumpParts extends TurnParts {
  store: Store;
  carrier: Carrier;
  book: ConnectionBook;
  events: LinkEvents;
  properties: Properties;
  log: LocalhostLog;
}

export interface Pump {
  /** Something may be due. `looksBack`: look for ended leases too. */
  wake(options?: { looksBack?: boolean }): void;
  /** Claims nothing more; resolves when what is under way was answered and settled. */
  stop(): Promise<void>;
}

const failedWith = (code: string, detail: string): Extract<CarrierOutcome, { kind: 'failed' }> => ({
  kind: 'failed',
  class: 'transient',
  code,
  detail,
  httpStatus: 0,
  retryAfterMs: undefined,
  roundTripMs: 0,
});

/** What a turn waits at most for answers that are about to come. */
const swarmMs = 4;

const answeredNothing: CarrierOutcome = { kind: 'answered', results: [], roundTripMs: 0 };

export const makePump = (parts: PumpParts): Pump => {
  const { connection, store, carrier, book, events, properties, log } = parts;
  const answered: Delivery[] = [];
  const packed: ClaimedLane[][] = [];
  const underWay = new Set<Promise<void>>();
  const swarm = makeGathering({ clock: parts.clock, limitMs: swarmMs });
  let [isWanted, looksBack, isStopping, hasBacklog] = [false, false, false, false];
  let turning: Promise<void> | undefined;

  const complain = (what: string, error: unknown): void =>
    log.write({
      level: 'severe',
      text: `Exchange, connection ${connection}: ${what}: ${(error as Error)?.stack ?? String(error)}`,
    });

  const post = async (link: Link, lanes: ClaimedLane[]): Promise<void> => {
    let outcome: CarrierOutcome;
    try {
      outcome = await carrier.send(link, writeBatch(numbered(lanes), link.connectionId));
    } catch (error) {
      complain('the carrier failed', error);
      outcome = failedWith('exchange.carrier_failed', 'The message could not be sent because of a fault of this instance');
    }
    answered.push({ lanes, outcome });
  };

  const begin = (work: Promise<void>): void => {
    const tracked: Promise<void> = work.finally(() => {
      underWay.delete(tracked);
      swarm.arrived();
      wake();
    });
    underWay.add(tracked);
  };

  const launch = (link: Link, parallelPosts: number): void => {
    while (underWay.size < parallelPosts) {
      const lanes = packed.shift();
      if (!lanes) return;
      begin(post(link, lanes));
    }
  };

  /** A probe without a message: whether the peer gives us a token. */
  const knock = async (link: Link): Promise<void> => {
    try {
      await link.token();
      answered.push({ lanes: [], outcome: answeredNothing });
    } catch (error) {
      const { code = '', message = '' } = error as { code?: string; message?: string };
      const failed = failedWith(code || 'exchange.no_token', message);
      answered.push({ lanes: [], outcome: code === 'exchange.auth_refused' ? { ...failed, class: 'auth' } : failed });
    }
  };

  // One delivery that cannot be settled (a listener that fails) must not hold up the others, nor be sent again for ever.
  const settleOneByOne = async (request: TurnRequest): Promise<TurnAnswer | undefined> => {
    let last: TurnAnswer | undefined;
    for (const delivery of request.deliveries) {
      const alone = { ...request, deliveries: [delivery], freePosts: 0 };
      try {
        last = await store.write((transaction) => takeTurn(transaction, parts, alone));
      } catch (error) {
        complain('an answer could not be told to its record', error);
        const deaf = { ...parts, settlers: new Map() };
        last = await store
          .write((transaction) => takeTurn(transaction, deaf, alone))
          .catch((again) => complain('an answer was lost', again) ?? undefined);
      }
    }
    return last;
  };

  const tell = (deliveries: readonly Delivery[]): void => {
    for (const { lanes, outcome } of deliveries) {
      const count = lanes.reduce((sum, lane) => sum + lane.rows.length, 0);
      if (outcome.kind === 'failed') events.failed(connection, outcome);
      else if (count > 0) events.delivered(connection, { count, roundTripMs: outcome.roundTripMs });
    }
  };

  const turn = async (): Promise<void> => {
    const [settings, link] = await Promise.all([
      readTransportSettings(properties),
      isStopping ? undefined : book.link(connection),
    ]);
    const deliveries = answered.splice(0);
    const freePosts = link ? Math.max(0, settings.parallelPosts - underWay.size - packed.length) : 0;
    const request: TurnRequest = {
      settings,
      deliveries,
      freePosts,
      isQuiet: underWay.size === 0 && packed.length === 0,
      looksBack,
    };
    looksBack = false;
    if (deliveries.length === 0 && freePosts === 0 && !request.looksBack) {
      if (link) launch(link, settings.parallelPosts);
      return;
    }
    let taken: TurnAnswer | undefined;
    try {
      // What a loss of power takes back is sent again, and the peer knows it: there is nothing to wait for the disk for.
      taken = await store.write((transaction) => takeTurn(transaction, parts, request), { isRelaxed: true });
    } catch (error) {
      complain('a turn failed', error);
      taken = await settleOneByOne(request);
    }
    tell(deliveries);
    packed.push(...(taken?.posts ?? []));
    hasBacklog = freePosts > 0 && (taken?.posts.length ?? 0) >= freePosts;
    if (!link) return;
    if (taken?.probesEmpty && taken.standing.pause === 'auth') begin(knock(link));
    launch(link, settings.parallelPosts);
    // Full hands: there may be more where this came from.
    if ((taken?.posts.length ?? 0) > 0 && underWay.size < settings.parallelPosts) isWanted = true;
  };

  const run = async (): Promise<void> => {
    while (isWanted || answered.length > 0) {
      isWanted = false;
      // The peer commits in groups, so answers come in swarms: one turn for all of a swarm instead of one for its first. Half of what is
      // under way is enough: one half is written here while the peer writes the other. Where little waits, nothing waits for anything.
      if (hasBacklog) await swarm.until(() => answered.length >= underWay.size);
      try {
        await turn();
      } catch (error) {
        complain('a turn failed', error);
      }
    }
    turning = undefined;
  };

  const wake: Pump['wake'] = (options = {}) => {
    isWanted = true;
    looksBack ||= options.looksBack ?? false;
    turning ??= run();
  };

  return {
    wake,
    async stop() {
      isStopping = true;
      while (underWay.size > 0 || turning) await Promise.all([...underWay, turning]);
    },
  };
};
