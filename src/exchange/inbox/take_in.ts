// Takes messages of one connection in, inside one transaction: each exactly once, each lane in its order, effect and memory together.
// Throws what an applier throws, and `exchange.not_a_peer` where the connection is gone; receive.ts then takes them in one by one.
import type { Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import type { Received } from '../envelope/read_batch.ts';
import type { ConnectionBook, ConnectionView } from '../seams.ts';
import { type Appliers, applyOne } from './applying.ts';
import { type InboundRow, type KnownRow, readKnown, writeInbound } from './inbound_rows.ts';
import { type LaneMark, type LockedLanes, lockLanes, writeMarks } from './lane_marks.ts';

export interface TakeInParts {
  appliers: Appliers;
  connection: ConnectionView;
  isThere: ConnectionBook['isThere'];
  now: number;
  /** Keep what is new and apply nothing: it could not be applied just now. */
  storeOnly?: boolean;
}

type Seat = { take: 'apply' | 'store' } | { result: RowResult };

/** Where a message stands: already here, out of its order, or next. Pure. */
const seatOf = (
  { message, previousSeq }: Received,
  mark: LaneMark,
  known: KnownRow | undefined,
  isBlocked: boolean,
  storeOnly: boolean,
): Seat => {
  const id = message.messageId;
  if (known?.state === 'processed') {
    // A renumbered message holds its new place too, or the next one would seem to come too early.
    if (previousSeq <= mark.storedSeq && message.seq > mark.storedSeq && mark.doneSeq === mark.storedSeq) {
      Object.assign(mark, { storedSeq: message.seq, doneSeq: message.seq, isChanged: true });
    }
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

/** Results in the order of the messages. */
export const takeIn = async (
  transaction: Transaction,
  received: readonly Received[],
  parts: TakeInParts,
): Promise<RowResult[]> => {
  const { connection, appliers, now, storeOnly = false } = parts;
  const { marks, known } = await lockAndRead(transaction, received, parts);
  const rows: InboundRow[] = [];
  const results: RowResult[] = [];
  const blocked = new Set<string>();
  for (const each of received) {
    const { message } = each;
    const mark = marks.get(message.lane);
    if (!mark) throw new Error(`lane ${message.lane} was not locked`);
    const before = known.get(message.messageId);
    const seat = seatOf(each, mark, before, blocked.has(message.lane), storeOnly);
    let result: RowResult;
    if ('result' in seat) result = seat.result;
    else {
      const isOld = before?.state === 'error' && before.seq > 0;
      const seq = isOld ? before.seq : message.seq;
      const outcome = seat.take === 'apply' ? await applyOne(appliers, transaction, message, connection) : undefined;
      result = outcome ? { id: message.messageId, ...outcome } : { id: message.messageId, outcome: 'stored' };
      const ignored = outcome?.outcome === 'ignored' ? outcome.reason : null;
      rows.push({
        received: each,
        laneRow: mark.row,
        seq,
        state: outcome ? 'processed' : 'ready',
        code: ignored === null ? null : 'exchange.ignored',
        detail: ignored,
      });
      mark.storedSeq = Math.max(mark.storedSeq, seq);
      if (outcome) mark.doneSeq = seq;
      if (isOld) mark.errorSeq = 0;
      mark.isChanged = true;
      // The same message twice in one batch.
      known.set(message.messageId, {
        state: outcome ? 'processed' : 'ready',
        seq,
        code: ignored === null ? '' : 'exchange.ignored',
        detail: ignored ?? '',
      });
    }
    if (blocking.has(result.outcome)) blocked.add(message.lane);
    results.push(result);
  }
  // The commit travels with both.
  writeInbound(transaction, connection.sysId, rows, now);
  writeMarks(transaction, marks.values(), now);
  return results;
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
