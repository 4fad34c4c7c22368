// Takes messages of one connection in, inside one transaction: each exactly once, each lane in its order, effect and memory together.
// Throws what an applier throws, and `exchange.not_a_peer` where the connection is gone; receive.ts then takes them in one by one.
import type { Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import type { Received } from '../envelope/read_batch.ts';
import type { ConnectionBook, ConnectionView } from '../seams.ts';
import { type Appliers, applyMany } from './applying.ts';
import { type InboundRow, ignoredCode, type KnownRow, readKnown, writeInbound } from './inbound_rows.ts';
import { type LaneMark, type LockedLanes, lockLanes, writeMarks } from './lane_marks.ts';

export interface TakeInParts {
  appliers: Appliers;
  connection: ConnectionView;
  isThere: ConnectionBook['isThere'];
  now: number;
  /** Keep what is new and apply nothing: it could not be applied just now. */
  storeOnly?: boolean;
}

/** A renumbered message holds its new place too, or the next one would seem to come too early. */
const holdPlace = ({ message, previousSeq }: Received, mark: LaneMark): void => {
  if (previousSeq <= mark.storedSeq && message.seq > mark.storedSeq && mark.doneSeq === mark.storedSeq)
    Object.assign(mark, { storedSeq: message.seq, doneSeq: message.seq, isChanged: true });
};

type Seat = { take: 'apply' | 'store' } | { result: RowResult };

/** Where a message stands: already here, out of its order, or next. Pure. */
const seatOf = (
  received: Received,
  mark: LaneMark,
  known: KnownRow | undefined,
  isBlocked: boolean,
  storeOnly: boolean,
): Seat => {
  const { message, previousSeq } = received;
  const id = message.messageId;
  if (known?.state === 'processed') {
    holdPlace(received, mark);
    return { result: known.code === '' ? { id, outcome: 'applied' } : { id, outcome: 'ignored', reason: known.detail } };
  }
  if (known?.state === 'skipped')
    return { result: { id, outcome: 'ignored', reason: 'An administrator of the peer skipped it' } };
  if (known?.state === 'ready') return { result: { id, outcome: 'stored' } };
  if (isBlocked) return { result: { id, outcome: 'held' } };
  // Refused after it had been stored: it has its place, and what is behind it waits for it.
  if (known?.state === 'error' && known.seq > 0) return { take: storeOnly || known.seq !== mark.errorSeq ? 'store' : 'apply' };
  if (message.seq <= mark.storedSeq) return { result: { id, outcome: 'stale', have: mark.storedSeq } };
  if (previousSeq > mark.storedSeq) return { result: { id, outcome: 'gap', have: mark.storedSeq } };
  return { take: storeOnly || mark.doneSeq < mark.storedSeq ? 'store' : 'apply' };
};

const blocking: ReadonlySet<RowResult['outcome']> = new Set<RowResult['outcome']>(['held', 'gap', 'stale', 'refused']);

/** The lanes, locked, and what came before on them. Both are asked for at once; the second is looked up when the first are locked. */
const lockAndRead = async (
  transaction: Transaction,
  received: readonly Received[],
  { connection: { sysId: connection }, isThere, now }: Pick<TakeInParts, 'connection' | 'isThere' | 'now'>,
): Promise<Pick<LockedLanes, 'marks'> & { known: Map<string, KnownRow> }> => {
  const [{ marks, isContested }, known] = await Promise.all([
    lockLanes(transaction, { connection, isThere }, received, now),
    readKnown(transaction, connection, received),
  ]);
  return { marks, known: isContested ? await readKnown(transaction, connection, received) : known };
};

interface Entering {
  readonly received: Received;
  readonly mark: LaneMark;
  readonly seq: number;
  readonly isApplied: boolean;
}

/** Gives each message its seat, and moves the marks on as if all that are to be applied were: where one is not, nothing of this happens. Pure. */
const seatAll = (
  received: readonly Received[],
  { marks, known }: { marks: LockedLanes['marks']; known: ReadonlyMap<string, KnownRow> },
  storeOnly: boolean,
): (RowResult | Entering)[] => {
  const entering = new Map<string, Entering>();
  const blocked = new Set<string>();
  return received.map((each) => {
    const { lane, messageId } = each.message;
    const mark = marks.get(lane);
    if (!mark) throw new Error(`lane ${lane} was not locked`);
    // The same message twice in one batch.
    const twin = entering.get(messageId);
    if (twin) {
      if (twin.isApplied) holdPlace(each, mark);
      return twin;
    }
    const before = known.get(messageId);
    const seat = seatOf(each, mark, before, blocked.has(lane), storeOnly);
    if ('result' in seat) {
      if (blocking.has(seat.result.outcome)) blocked.add(lane);
      return seat.result;
    }
    const isOld = before?.state === 'error' && before.seq > 0;
    const entry = { received: each, mark, seq: isOld ? before.seq : each.message.seq, isApplied: seat.take === 'apply' };
    mark.storedSeq = Math.max(mark.storedSeq, entry.seq);
    if (entry.isApplied) mark.doneSeq = entry.seq;
    if (isOld) mark.errorSeq = 0;
    mark.isChanged = true;
    entering.set(messageId, entry);
    return entry;
  });
};

/** Results in the order of the messages. */
export const takeIn = async (
  transaction: Transaction,
  received: readonly Received[],
  parts: TakeInParts,
): Promise<RowResult[]> => {
  const { connection, appliers, now, storeOnly = false } = parts;
  const locked = await lockAndRead(transaction, received, parts);
  const seats = seatAll(received, locked, storeOnly);
  const entering = new Set(seats.filter((seat) => 'seq' in seat));
  const applied = [...entering].filter(({ isApplied }) => isApplied);
  const messages = applied.map((entry) => entry.received.message);
  const outcomes = await applyMany(appliers, transaction, messages, connection);
  const outcomeOf = new Map(applied.map((entry, at) => [entry, outcomes[at]]));
  const rows = [...entering].map((entry): InboundRow => {
    const outcome = outcomeOf.get(entry);
    const ignored = outcome?.outcome === 'ignored' ? outcome.reason : null;
    return {
      received: entry.received,
      laneRow: entry.mark.row,
      seq: entry.seq,
      state: entry.isApplied ? 'processed' : 'ready',
      code: ignored === null ? null : ignoredCode,
      detail: ignored,
    };
  });
  // The commit travels with both.
  writeInbound(transaction, connection.sysId, rows, now);
  writeMarks(transaction, locked.marks.values(), now);
  return seats.map((seat): RowResult => {
    if (!('seq' in seat)) return seat;
    return { id: seat.received.message.messageId, ...(outcomeOf.get(seat) ?? { outcome: 'stored' }) };
  });
};

/** Remembers that a message was refused. It keeps no place in its lane unless it had one: the sender decides what comes next. */
export const rememberRefusal = async (
  transaction: Transaction,
  received: Received,
  refusal: { code: string; detail: string },
  { connection, isThere, now }: Pick<TakeInParts, 'connection' | 'isThere' | 'now'>,
): Promise<void> => {
  const { marks, known: all } = await lockAndRead(transaction, [received], { connection, isThere, now });
  const mark = marks.get(received.message.lane);
  const known = all.get(received.message.messageId);
  if (!mark || (known && known.state !== 'error')) return;
  const seq = known?.seq ? known.seq : null;
  writeInbound(
    transaction,
    connection.sysId,
    [{ received, laneRow: mark.row, seq, state: 'error', code: refusal.code, detail: refusal.detail }],
    now,
  );
};
