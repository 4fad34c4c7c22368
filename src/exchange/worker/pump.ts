// Keeps one connection moving: turns of the store, POSTs between them. Where much waits, more is claimed than is under way, so that an
// answer frees a POST for the next at once, and turns settle many at a time. Holds no state that a killed process would miss.
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Properties } from '../../records/properties.ts';
import type { Carrier, CarrierOutcome } from '../carriers/carrier.ts';
import { writeBatch } from '../envelope/write_batch.ts';
import { makeGathering } from '../gather.ts';
import { lastControlRank, rankOf } from '../message.ts';
import type { ClaimedLane } from '../outbox/claim.ts';
import type { ConnectionBook, Link, LinkEvents } from '../seams.ts';
import { readTransportSettings } from '../transport_settings.ts';
import { numbered } from './pack.ts';
import type { TurnRequest } from './turn.ts';
import type { Delivery } from './write_attempts.ts';
import { type WriteTurnParts, writeTurn } from './write_turn.ts';

export interface PumpParts extends WriteTurnParts {
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

/** What a turn waits at most for answers that are about to come: while nothing else can be sent, and while more goes out meanwhile. */
const swarmMs = 4;
const fullSwarmMs = 12;
/** Messages that a turn settles together where much waits: what a turn costs beside them is shared by so many. */
const groupRows = 32;
/** Claimed rows are sent or let go within it: what is left of their lease is for the POST. */
const aheadMs = 20_000;

interface Packed {
  readonly lanes: ClaimedLane[];
  readonly until: number;
}

/** Heartbeats and configuration wait for nothing that was claimed ahead. */
const isUrgent = ({ lanes }: Packed): boolean =>
  lanes.some(({ rows }) => rows.some(({ message }) => rankOf(message.kind) <= lastControlRank));

const answeredNothing: CarrierOutcome = { kind: 'answered', results: [], roundTripMs: 0 };

export const makePump = (parts: PumpParts): Pump => {
  const { connection, carrier, book, events, properties, log } = parts;
  const answered: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  const swarm = makeGathering({ clock: parts.clock, limitMs: swarmMs });
  /** Claimed, to be sent in this order. */
  let packed: Packed[] = [];
  let [isWanted, looksBack, isStopping, hasBacklog, isPaused] = [false, false, false, false, false];
  let rowsALane = 1;
  let turning: Promise<void> | undefined;
  /** How the next POST may begin without a turn; closed by anything that goes wrong, until a turn has looked at it. */
  let way: { link: Link; parallelPosts: number; groupPosts: number } | undefined;

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
    if (outcome.kind === 'failed') way = undefined;
    answered.push({ lanes, outcome });
  };

  const begin = (work: Promise<void>): void => {
    const tracked: Promise<void> = work.finally(() => {
      underWay.delete(tracked);
      launch();
      swarm.arrived();
      wake();
    });
    underWay.add(tracked);
  };

  const launch = (): void => {
    while (way && underWay.size < way.parallelPosts && (packed[0]?.until ?? 0) > parts.clock.now()) {
      begin(post(way.link, packed.shift()?.lanes ?? []));
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
    const { parallelPosts } = settings;
    const now = parts.clock.now();
    const deliveries = answered.splice(0);
    if (!link) way = undefined;
    const mayGo = ({ until }: Packed): boolean => link !== undefined && !isPaused && until > now;
    const unsent = packed.filter((each) => !mayGo(each)).flatMap(({ lanes }) => lanes);
    packed = packed.filter(mayGo);
    const groupPosts = Math.max(parallelPosts, Math.min(2 * parallelPosts, Math.ceil(groupRows / settings.batchRows)));
    const wanted = hasBacklog ? parallelPosts + 2 * groupPosts : parallelPosts;
    const request: TurnRequest = {
      settings,
      deliveries,
      unsent,
      freePosts: link ? Math.max(0, wanted - underWay.size - packed.length) : 0,
      rowsALane,
      isQuiet: underWay.size === 0 && packed.length === 0,
      looksBack,
    };
    looksBack = false;
    const { freePosts, isQuiet } = request;
    const isIdle = deliveries.length === 0 && unsent.length === 0 && freePosts === 0 && !request.looksBack;
    const taken = isIdle ? undefined : await writeTurn(parts, request, complain);
    tell(deliveries);
    const posts = taken?.posts ?? [];
    const fresh = posts.map((lanes) => ({ lanes, until: now + aheadMs }));
    packed = [...fresh.filter(isUrgent), ...packed, ...fresh.filter((each) => !isUrgent(each))];
    if (posts.length > 0) hasBacklog = posts.length >= Math.min(freePosts, parallelPosts);
    rowsALane = taken?.rowsALane ?? rowsALane;
    if (taken) isPaused = taken.standing.pause !== '';
    // A probe goes alone; what was claimed before the pause is let go.
    if (isPaused && !isQuiet) {
      way = undefined;
      isWanted ||= packed.length > 0;
      return;
    }
    // What went wrong meanwhile is looked at first.
    if (!link || isStopping || answered.some(({ outcome }) => outcome.kind === 'failed')) return;
    way = { link, parallelPosts, groupPosts };
    if (taken?.probesEmpty && taken.standing.pause === 'auth') begin(knock(link));
    launch();
    // Full hands: there may be more where this came from.
    if (posts.length > 0 && underWay.size < parallelPosts) isWanted = true;
  };

  const run = async (): Promise<void> => {
    while (isWanted || answered.length > 0) {
      isWanted = false;
      // The peer commits in groups, so answers come in swarms: one turn for all of a swarm instead of one for its first. While more goes out
      // a turn waits for many; else for half of what is under way, so that one half is written here while the peer writes the other. Where
      // little waits, nothing waits for anything.
      if (hasBacklog || packed.length > 0) await swarm.until(isEnough, packed.length > 0 ? fullSwarmMs : swarmMs);
      try {
        await turn();
      } catch (error) {
        complain('a turn failed', error);
      }
    }
    turning = undefined;
  };

  const isEnough = (): boolean => {
    if (packed.length > 0 && underWay.size > 0 && way && !isPaused) return answered.length >= way.groupPosts;
    return answered.length >= underWay.size;
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
      way = undefined;
      wake();
      while (underWay.size > 0 || turning) await Promise.all([...underWay, turning]);
    },
  };
};
