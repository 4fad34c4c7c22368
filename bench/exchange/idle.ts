// From commit here to applied there on a pair that does nothing else. One bare POST on the same idle pair is taken in turns with it:
// a machine that has to wake up is slower than one in full swing, for both.
import type { Bench, EngineName, Row } from '../part.ts';
import type { End } from './end.ts';
import { messageBytes } from './throughput.ts';

/** Longer than what one message leaves behind to be settled. */
const quietMs = 15;
const quiet = () => new Promise((resolve) => setTimeout(resolve, quietMs));

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

export const idle = async (
  bench: Bench,
  engine: EngineName,
  { sender, receiver }: { sender: End; receiver: End },
): Promise<Row> => {
  const [own, bare]: [number[], number[]] = [[], []];
  const warmUp = 10;
  for (let n = -warmUp; n < (bench.isQuick ? 60 : 300); n += 1) {
    await quiet();
    const { ms } = await sender.ask<{ ms: number }>('/raw_one', { bytes: messageBytes });
    await quiet();
    const number = 1_000_000_000 + warmUp + n;
    const [{ committedAt }, applied] = await Promise.all([
      sender.ask<{ committedAt: number }>('/one', { n: number }),
      receiver.ask<{ at: number }>('/applied', number),
    ]);
    if (n < 0) continue;
    bare.push(ms);
    own.push(applied.at - committedAt);
  }
  for (const times of [own, bare]) times.sort((a, b) => a - b);
  return {
    id: 'exchange_idle',
    title: 'commit here to applied there, idle, p50 / one raw POST',
    engine,
    value: at(own, 0.5) / at(bare, 0.5),
    floor: 50,
    target: 15,
    reach: 6,
    isLessBetter: true,
    detail: { p50Ms: at(own, 0.5), p99Ms: at(own, 0.99), rawPostMs: at(bare, 0.5), rawPostP99Ms: at(bare, 0.99) },
  };
};
