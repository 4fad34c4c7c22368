// Which claimed lanes travel together: POSTs of at most so many rows and bytes; a lane's rows stay in one POST, in order. Pure.
import { eventOverheadBytes, type Numbered } from '../envelope/write_batch.ts';
import type { ClaimedLane } from '../outbox/claim.ts';

export interface Limits {
  batchRows: number;
  batchBytes: number;
}

const bytesOf = (lane: ClaimedLane): number =>
  lane.rows.reduce((sum, row) => sum + Buffer.byteLength(row.payloadText) + eventOverheadBytes, 0);

export const pack = (lanes: readonly ClaimedLane[], limits: Limits): ClaimedLane[][] => {
  const posts: ClaimedLane[][] = [];
  let open: { lanes: ClaimedLane[]; rows: number; bytes: number } | undefined;
  for (const lane of lanes) {
    if (lane.goesAlone > 0) {
      posts.push([lane]);
      continue;
    }
    const bytes = bytesOf(lane);
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
