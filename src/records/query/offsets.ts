// When the clocks of a zone change, as a list, so that SQL can turn a stored UTC text into a wall time. Engines need not know zones,
// and both count alike.
import { wireMoment } from '../../kit/clock.ts';
import { toWall } from '../zoned.ts';
import { dayMs } from './moments.ts';

export interface Offset {
  /** Stored form of the first moment with this offset; '' for the first entry. */
  readonly from: string;
  /** Seconds east of UTC. */
  readonly seconds: number;
}

// Before, the first offset is used; after, the last. Rules for later years are guesses anyway.
const firstMs = Date.UTC(1970, 0, 1);
const lastMs = Date.UTC(2060, 0, 1);
const stepMs = 14 * dayMs;

/** All offsets of a zone from 1970 to 2060, in order. Takes some ten milliseconds: keep it. */
export const readOffsets = (zone: string): readonly Offset[] => {
  const offsetAt = (atMs: number): number => toWall(atMs, zone) - atMs;
  const offsets: Offset[] = [{ from: '', seconds: offsetAt(firstMs) / 1000 }];
  for (let atMs = firstMs; atMs < lastMs; atMs += stepMs) {
    if (offsetAt(atMs) === offsetAt(atMs + stepMs)) continue;
    let [before, after] = [atMs, atMs + stepMs];
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (offsetAt(middle) === offsetAt(before)) before = middle;
      else after = middle;
    }
    offsets.push({ from: wireMoment(after), seconds: offsetAt(after) / 1000 });
  }
  return offsets;
};
