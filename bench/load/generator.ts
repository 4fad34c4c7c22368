// The load generator: a process of its own that takes one job after another and says what happened. Started by drive.ts only.
// It must not share a process with anything that is measured.
import { type Answered, openConnection } from './connection.ts';
import type { Job, Outcome } from './job.ts';

const quantile = (sorted: Float64Array, share: number): number =>
  sorted.length === 0 ? 0 : (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** Hands out requests in turn; undefined when there is none left. */
const makeTurn = (requests: readonly string[], isOnce: boolean): (() => string | undefined) => {
  let next = 0;
  return () => {
    if (next >= requests.length) {
      if (isOnce) return undefined;
      next = 0;
    }
    next += 1;
    return requests[next - 1];
  };
};

const runLoad = async (
  load: { port: number; connections: number; turn: () => string | undefined },
  isOver: () => boolean,
  note: (answer: Answered | undefined, tookMs: number) => void,
): Promise<void> => {
  const runOne = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let sentAt = 0;
    const next = () => {
      const request = isOver() ? undefined : load.turn();
      if (request === undefined) {
        connection.close();
        return resolve();
      }
      sentAt = performance.now();
      connection.send(request);
    };
    const answered = (answer: Answered) => {
      note(answer, performance.now() - sentAt);
      next();
    };
    const lost = () => {
      note(undefined, 0);
      resolve();
    };
    const connection = await openConnection({ port: load.port, answered, lost });
    next();
    await promise;
  };
  await Promise.all(Array.from({ length: load.connections }, runOne));
};

const run = async (job: Job): Promise<Outcome> => {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let bytes = 0;
  let besideCount = 0;
  let isDone = false;
  const startedAt = performance.now();
  const endAt = startedAt + job.durationMs;
  const beside =
    job.beside &&
    runLoad(
      { port: job.port, connections: job.beside.connections, turn: makeTurn(job.beside.requests, false) },
      () => isDone,
      () => {
        besideCount += 1;
      },
    );
  await runLoad(
    { port: job.port, connections: job.connections, turn: makeTurn(job.requests, job.isOnce ?? false) },
    () => performance.now() >= endAt,
    (answer, tookMs) => {
      const status = String(answer?.status ?? 'lost');
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (!answer) return;
      bytes += answer.bytes;
      times.push(tookMs);
    },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  await beside;
  const sorted = Float64Array.from(times).sort();
  return {
    count: sorted.length,
    perSecond: sorted.length / seconds,
    statuses,
    bytes,
    latencyMs: {
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      p999: quantile(sorted, 0.999),
      most: sorted.at(-1) ?? 0,
    },
    besideCount,
  };
};

process.on('disconnect', () => process.exit(0));
process.on('message', (job: Job) => {
  run(job).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
