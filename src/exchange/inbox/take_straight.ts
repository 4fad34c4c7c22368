// The usual case of taking messages in: each is new and the next of its lane, so they are written without being looked for. How many rows
// were touched tells whether it was so; where it was not, nothing of it happens, and take_in.ts looks closer.
import type { Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import type { Received } from '../envelope/read_batch.ts';
import { rankOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import { applyMany } from './applying.ts';
import { insertProcessed, markIgnored } from './inbound_rows.ts';
import { createLanes, type LaneRun, moveLanesOn, requireConnection } from './lane_marks.ts';
import type { TakeInParts } from './take_in.ts';

/** Thrown out of the transaction: there is more to it, so that what was written is undone. */
export class NotStraight extends Error {}

/** By lane name, what comes on it. Throws NotStraight where the messages do not follow one another. */
const runsOf = (connection: string, received: readonly Received[]): Map<string, LaneRun> => {
  const runs = new Map<string, LaneRun>();
  const ids = new Set<string>();
  for (const { message, previousSeq } of received) {
    const { messageId, lane: name, seq, kind } = message;
    if (ids.has(messageId)) throw new NotStraight();
    ids.add(messageId);
    const run = runs.get(name);
    if (!run) {
      const row = laneId(connection, 'inbound', name);
      runs.set(name, { row, name, rank: rankOf(kind), previous: previousSeq, first: seq, last: seq });
    } else if (previousSeq > run.last || seq <= run.last) throw new NotStraight();
    else run.last = seq;
  }
  return runs;
};

/** Results in the order of the messages. Throws NotStraight, what an applier throws, and `exchange.not_a_peer`. */
export const takeStraight = async (
  transaction: Transaction,
  received: readonly Received[],
  { connection, appliers, isThere, now }: Omit<TakeInParts, 'storeOnly'>,
): Promise<RowResult[]> => {
  const { sysId } = connection;
  const byName = runsOf(sysId, received);
  const runs = [...byName.values()].sort((one, other) => (one.row < other.row ? -1 : 1));
  const placed = received.map((each) => ({ received: each, laneRow: byName.get(each.message.lane)?.row ?? '' }));
  const known = runs.filter(({ previous }) => previous > 0);
  const fresh = runs.filter(({ previous }) => previous === 0);
  const create = async (): Promise<number> => {
    const there = requireConnection(transaction, sysId, isThere);
    const [created] = await Promise.all([createLanes(transaction, sysId, fresh, now), there]);
    return created;
  };
  const messages = received.map(({ message }) => message);
  // Appliers do not wait for the news that it was so: their statements come behind these, and go with them where it was not.
  const [written, applied] = await Promise.allSettled([
    Promise.all([
      known.length > 0 ? moveLanesOn(transaction, known) : 0,
      fresh.length > 0 ? create() : 0,
      insertProcessed(transaction, sysId, placed, now),
    ]),
    applyMany(appliers, transaction, messages, connection),
  ]);
  if (written.status === 'rejected') throw written.reason;
  const [moved, created, kept] = written.value;
  if (moved + created < runs.length || kept < received.length) throw new NotStraight();
  if (applied.status === 'rejected') throw applied.reason;
  const outcomes = applied.value;
  const results = outcomes.map((outcome, at): RowResult => ({ id: messages[at]?.messageId ?? '', ...outcome }));
  markIgnored(transaction, sysId, results);
  return results;
};
