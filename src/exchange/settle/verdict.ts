// What an answer means for a lane: which rows are done, which wait, which are in error, and when the lane goes on. Pure.
import type { CarrierOutcome, RowResult } from '../carriers/carrier.ts';
import type { ClaimedLane } from '../outbox/claim.ts';
import type { Queued } from '../queue_row.ts';
import type { Outcome } from '../seams.ts';
import type { TransportSettings } from '../transport_settings.ts';
import { backoffMs } from './backoff.ts';

export type RowErrorClass = 'permanent' | 'transient' | 'auth';

export interface RowError {
  readonly queued: Queued;
  readonly class: RowErrorClass;
  readonly code: string;
  readonly detail: string;
  readonly httpStatus: number;
}

export interface LaneVerdict {
  readonly lane: ClaimedLane;
  doneSeq: number;
  peerSeq: number;
  errorSeq: number;
  isHeld: boolean;
  dueAt: number;
  failures: number;
  goesAlone: number;
  /** Rows in Error that the lane went on without, as the policy says: each a hole in what the peer has. */
  gaps: number;
  /** The peer has the lane up to here only: what came after is sent again. */
  healFrom: number | undefined;
  readonly settled: { queued: Queued; outcome: Outcome }[];
  readonly sent: Queued[];
  readonly errors: RowError[];
  /** Back to Ready. `isCounted`: the attempt was one. */
  readonly waiting: { queued: Queued; isCounted: boolean; code: string; detail: string; httpStatus: number }[];
}

export interface VerdictContext {
  settings: TransportSettings;
  now: number;
  random: () => number;
}

const begin = (lane: ClaimedLane, now: number): LaneVerdict => ({
  lane,
  doneSeq: lane.doneSeq,
  peerSeq: lane.peerSeq,
  errorSeq: 0,
  isHeld: false,
  dueAt: now,
  failures: lane.failures,
  goesAlone: lane.goesAlone,
  gaps: 0,
  healFrom: undefined,
  settled: [],
  sent: [],
  errors: [],
  waiting: [],
});

const wait = (
  verdict: LaneVerdict,
  rows: readonly Queued[],
  isCounted: boolean,
  why: { code: string; detail: string; httpStatus: number },
): void => {
  for (const queued of rows) verdict.waiting.push({ queued, isCounted, ...why });
};

const hold = (verdict: LaneVerdict, error: RowError): void => {
  verdict.errors.push(error);
  verdict.errorSeq = error.queued.message.seq;
  verdict.isHeld = true;
};

const tryLater = (verdict: LaneVerdict, { settings, now, random }: VerdictContext): void => {
  verdict.failures += 1;
  verdict.dueAt = now + backoffMs(settings.backoffMs, verdict.failures, random());
};

const nothing = { code: '', detail: '', httpStatus: 0 };

const forAnswer = (verdict: LaneVerdict, results: ReadonlyMap<string, RowResult>, context: VerdictContext): void => {
  const { rows } = verdict.lane;
  for (const [at, queued] of rows.entries()) {
    const { seq, messageId } = queued.message;
    const result = results.get(messageId);
    const rest = rows.slice(at);
    if (!result) {
      wait(verdict, rest, true, {
        code: 'exchange.bad_answer',
        detail: 'The peer said nothing of this message',
        httpStatus: 200,
      });
      tryLater(verdict, context);
      return;
    }
    if (result.outcome === 'held') {
      wait(verdict, rest, false, nothing);
      return;
    }
    if (result.outcome === 'gap') {
      verdict.healFrom = result.have;
      // The first time at once; a peer that forgets again and again is asked less and less often.
      tryLater(verdict, context);
      wait(verdict, rest, false, {
        code: 'exchange.gap',
        detail: `The peer has this lane up to ${result.have} only`,
        httpStatus: 200,
      });
      return;
    }
    if (result.outcome === 'stale') {
      verdict.peerSeq = Math.max(verdict.peerSeq, result.have);
      const detail = `The peer has this lane up to ${result.have} already and does not know this message`;
      hold(verdict, { queued, class: 'permanent', code: 'exchange.sequence_behind', detail, httpStatus: 200 });
      wait(verdict, rest.slice(1), false, nothing);
      return;
    }
    verdict.goesAlone = Math.max(0, verdict.goesAlone - 1);
    if (result.outcome === 'refused') {
      verdict.settled.push({ queued, outcome: { ...result, permanent: true } });
      const error: RowError = { queued, class: 'permanent', code: result.code, detail: result.detail, httpStatus: 200 };
      if (context.settings.lanePolicy === 'hold') {
        hold(verdict, error);
        wait(verdict, rest.slice(1), false, nothing);
        return;
      }
      verdict.errors.push(error);
      verdict.gaps += 1;
      verdict.doneSeq = seq;
      continue;
    }
    if (result.outcome === 'stored') verdict.sent.push(queued);
    else verdict.settled.push({ queued, outcome: result });
    verdict.doneSeq = seq;
    verdict.peerSeq = Math.max(verdict.peerSeq, seq);
    verdict.failures = 0;
  }
};

type Failed = Extract<CarrierOutcome, { kind: 'failed' }>;

const forFailure = (verdict: LaneVerdict, failed: Failed, rowsInPost: number, context: VerdictContext): void => {
  const { settings, now } = context;
  const { rows } = verdict.lane;
  const [head, ...rest] = rows;
  if (!head) return;
  const why = { code: failed.code, detail: failed.detail, httpStatus: failed.httpStatus };
  if (failed.class === 'permanent') {
    if (rowsInPost > 1) {
      // One of them is bad: each goes alone once, and the bad one is found.
      verdict.goesAlone = rows.length;
      wait(verdict, rows, false, why);
      return;
    }
    verdict.goesAlone = Math.max(0, verdict.goesAlone - 1);
    verdict.settled.push({
      queued: head,
      outcome: { outcome: 'refused', code: failed.code, detail: failed.detail, permanent: true },
    });
    if (settings.lanePolicy === 'hold') {
      hold(verdict, { queued: head, class: 'permanent', ...why });
      return;
    }
    verdict.errors.push({ queued: head, class: 'permanent', ...why });
    verdict.gaps += 1;
    verdict.doneSeq = head.message.seq;
    return;
  }
  // Heartbeats stay Ready: they are how the end of it is noticed.
  if (failed.class === 'auth' && settings.compatAuthErrors && head.message.kind !== 'heartbeat') {
    for (const queued of rows) verdict.errors.push({ queued, class: 'auth', ...why });
    verdict.errorSeq = head.message.seq;
    verdict.isHeld = true;
    return;
  }
  // The whole connection pauses; no row has had its try.
  if (failed.class !== 'transient') {
    wait(verdict, rows, false, why);
    return;
  }
  // A heartbeat is kept for as long as it takes: held, it would keep the connection Down after the peer is back.
  if (head.message.kind !== 'heartbeat' && now - head.message.createdAt > settings.retentionMs) {
    hold(verdict, {
      queued: head,
      class: 'transient',
      code: 'exchange.retention_exceeded',
      detail: failed.detail,
      httpStatus: failed.httpStatus,
    });
    wait(verdict, rest, true, why);
    return;
  }
  tryLater(verdict, context);
  wait(verdict, rows, true, why);
};

/** `lanes` are those of one POST. */
export const judge = (lanes: readonly ClaimedLane[], outcome: CarrierOutcome, context: VerdictContext): LaneVerdict[] => {
  const rowsInPost = lanes.reduce((sum, lane) => sum + lane.rows.length, 0);
  const results = new Map(outcome.kind === 'answered' ? outcome.results.map((result) => [result.id, result] as const) : []);
  return lanes.map((lane) => {
    const verdict = begin(lane, context.now);
    if (outcome.kind === 'answered') forAnswer(verdict, results, context);
    else forFailure(verdict, outcome, rowsInPost, context);
    return verdict;
  });
};

/** Of a lane whose rows were not sent. */
export const letGo = (lane: ClaimedLane, now: number): LaneVerdict => {
  const verdict = begin(lane, now);
  wait(verdict, lane.rows, false, nothing);
  return verdict;
};
