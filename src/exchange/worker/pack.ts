// Which claimed rows travel together: POSTs of at most so many rows and bytes; a lane's rows stay in one POST, in order. Pure.
import type { Numbered } from '../envelope/write_batch.ts';
import { eventOverheadBytes } from '../envelope/write_batch.ts';
import type { ClaimedLane } from '../outbox/claim.ts';

export interface Limits {
  batchRows: number;
  batchBytes: number;
}

const bytesOf = (lane: ClaimedLane): number[] => lane.rows.map((row) => Buffer.byteLength(row.payloadText) + eventOverheadBytes);

/** As much of the lane's head as one POST takes, at least one row: a row too large for every POST is for the peer to refuse. */
const cut = (lane: ClaimedLane, { batchRows, batchBytes }: Limits): { lane: ClaimedLane; bytes: number } => {
  const sizes = bytesOf(lane);
  let [bytes, count] = [sizes[0] ?? 0, 1];
  while (count < lane.rows.length && count < batchRows && bytes + (sizes[count] ?? 0) <= batchBytes) {
    bytes += sizes[count] ?? 0;
    count += 1;
  }
  return { lane: count === lane.rows.length ? lane : { ...lane, rows: lane.rows.slice(0, count) }, bytes };
};

export const pack = (lanes: readonly ClaimedLane[], limits: Limits): ClaimedLane[][] => {
  const posts: ClaimedLane[][] = [];
  let open: { lanes: ClaimedLane[]; rows: number; bytes: number } | undefined;
  for (const claimed of lanes) {
    const { lane, bytes } = cut(claimed, limits);
    if (lane.goesAlone > 0) {
      posts.push([lane]);
      continue;
    }
    if (!open || open.rows + lane.rows.length > limits.batchRows || open.bytes + bytes > limits.batchBytes) {
      open = { lanes: [], rows: 0, bytes: 0 };
      posts.push(open.lanes);
    }
    open.lanes.push(lane);
    open.rows += lane.rows.length;
    open.bytes += bytes;
  }
  return posts;
};

/** Each row with the number that the peer must have before it. */
export const numbered = (lanes: readonly ClaimedLane[]): Numbered[] =>
  lanes.flatMap((lane) => {
    let previous = lane.peerSeq;
    return lane.rows.map((queued) => {
      // A row that the peer may hold already, because its answer was lost, asks for no more than what precedes it.
      const previousSeq = Math.min(previous, queued.message.seq - 1);
      previous = queued.message.seq;
      return { queued, previousSeq };
    });
  });
