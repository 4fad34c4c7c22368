// One transaction of a connection's pump: what was answered is settled, what is due is claimed. One commit for both.
import type { Clock } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Transaction, Value } from '../../store/store.ts';
import type { CarrierOutcome } from '../carriers/carrier.ts';
import { type ClaimedLane, type ClaimRequest, claim, leaseLanes, rowsALane } from '../outbox/claim.ts';
import { takeBackExpired } from '../outbox/take_back.ts';
import { release, type Settlers, settle } from '../settle/settle.ts';
import { judge, type LaneVerdict, letGo } from '../settle/verdict.ts';
import type { TransportSettings } from '../transport_settings.ts';
import { pack } from './pack.ts';
import { nextStanding, preferHeartbeat, readStanding, type Standing, takeProbe, writeStanding } from './pauses.ts';
import { pileUp } from './pile_up.ts';
import { type Delivery, writeAttempts } from './write_attempts.ts';

export interface TurnParts {
  connection: string;
  worker: string;
  clock: Clock;
  ids: Ids;
  random: () => number;
  settlers: Settlers;
}

export interface TurnRequest {
  settings: TransportSettings;
  deliveries: readonly Delivery[];
  /** Claimed and not sent after all: let go as they were. */
  unsent: readonly ClaimedLane[];
  /** POSTs that may be begun; 0 where there is no way to the peer. */
  freePosts: number;
  /** As the last turn that claimed something answered it; 1 where nothing is known. So many lanes are leased as fill what is asked for. */
  rowsALane: number;
  /** None is under way: a probe may go. */
  isQuiet: boolean;
  /** Leases that have ended are looked for. */
  looksBack: boolean;
}

export interface TurnAnswer {
  readonly standing: Standing;
  readonly posts: readonly ClaimedLane[][];
  /** undefined where no lane was leased. */
  readonly rowsALane?: number;
  /** A probe was due, and nothing waits that could be one. */
  readonly probesEmpty: boolean;
  readonly deliveredCount: number;
}

/** Longer than the carrier's time limit: nobody takes a lane over while its answer may still come. */
export const leaseMs = 90_000;

export const takeTurn = async (transaction: Transaction, parts: TurnParts, request: TurnRequest): Promise<TurnAnswer> => {
  const { connection, clock, random, settlers } = parts;
  const { settings, deliveries } = request;
  const now = clock.now();
  const context = { settings, now, random };
  if (request.looksBack) await takeBackExpired(transaction, connection, now);
  const verdicts = [
    ...deliveries.flatMap(({ lanes, outcome }) => judge(lanes, outcome, context)),
    ...request.unsent.map((lane) => letGo(lane, now)),
  ];
  // Where no answer bodes ill, what is due is leased behind what is let go: one way to PostgreSQL and back for both.
  const isPlain = deliveries.every(({ outcome }) => outcome.kind === 'answered') && !verdicts.some(isHealed);
  const usual = isPlain && request.freePosts > 0 ? claimRequest(parts, request, { now, isProbe: false }) : undefined;
  const [before, kept, leased] = await Promise.all([
    readStanding(transaction, connection),
    release(transaction, verdicts),
    usual && leaseLanes(transaction, usual),
    writeAttempts(transaction, connection, deliveries, parts),
  ]);
  // Offboarded while a POST was under way: its answer concerns nobody, and leaves nothing behind.
  if (!before) return { standing: { pause: '', probeAt: 0, failures: 0 }, posts: [], probesEmpty: false, deliveredCount: 0 };

  const outcomes = deliveries.map(({ outcome }) => outcome);
  const standing = nextStanding(before, outcomes, context);
  const settling = settle(transaction, kept, { now, settlers });
  // What went wrong, or is sent again, decides what may be claimed.
  if (standing.pause !== '' || kept.some(isHealed)) await settling;
  // A connection that was paused leases nothing here: whether it may go on is for the answers to say.
  const early = usual && leased && (leased.length > 0 || before.pause === '') ? { usual, leased } : undefined;
  const [deliveredCount, claimed] = await Promise.all([
    settling,
    goOn(transaction, parts, request, { before, standing, outcomes, now, early }),
  ]);
  return { standing, deliveredCount, ...claimed };
};

const isHealed = ({ healFrom }: LaneVerdict): boolean => healFrom !== undefined;

const claimRequest = (
  { connection, worker, ids }: TurnParts,
  { freePosts, settings, rowsALane: perLane }: TurnRequest,
  { now, isProbe }: { now: number; isProbe: boolean },
): ClaimRequest => {
  const rowLimit = isProbe ? 1 : freePosts * settings.batchRows;
  return {
    connection,
    lease: `${worker}/${ids.sysId()}`,
    now,
    leaseMs,
    laneLimit: Math.ceil(rowLimit / perLane),
    rowLimit,
    rowsPerLane: isProbe ? 1 : settings.batchRows,
    bytesPerLane: settings.batchBytes,
    heedsPause: !isProbe,
  };
};

interface Progress {
  before: Standing;
  standing: ReturnType<typeof nextStanding>;
  outcomes: readonly CarrierOutcome[];
  now: number;
  /** What was leased before the standing was known. */
  early: { usual: ClaimRequest; leased: readonly Value[][] } | undefined;
}

/** The standing is written, and what is due is claimed where the standing lets it. */
const goOn = async (
  transaction: Transaction,
  parts: TurnParts,
  request: TurnRequest,
  { before, standing, outcomes, now, early }: Progress,
): Promise<Pick<TurnAnswer, 'posts' | 'probesEmpty' | 'rowsALane'>> => {
  const { connection } = parts;
  const { settings } = request;
  await writeStanding(transaction, connection, before, standing, outcomes, now);
  if (early) {
    const known = early.leased.length > 0 ? { rowsALane: rowsALane(early.leased, early.usual) } : {};
    return { posts: pack(await claim(transaction, early.usual, early.leased), settings), probesEmpty: false, ...known };
  }
  if (standing.pause === 'auth' && settings.compatAuthErrors) {
    const why = {
      code: standing.reason?.code ?? 'exchange.auth_refused',
      detail: standing.reason?.detail ?? 'User Not Authenticated',
    };
    await pileUp(transaction, connection, why, now);
  }

  const isProbe = standing.pause !== '';
  const mayClaim = isProbe
    ? request.isQuiet && request.freePosts > 0 && standing.pause !== 'admin' && (await takeProbe(transaction, connection, now))
    : request.freePosts > 0;
  if (!mayClaim) return { posts: [], probesEmpty: false };
  if (isProbe) await preferHeartbeat(transaction, connection, now);
  const wanted = claimRequest(parts, request, { now, isProbe });
  const lanes = await claim(transaction, wanted, await leaseLanes(transaction, wanted));
  return { posts: pack(lanes, settings), probesEmpty: isProbe && lanes.length === 0 };
};
