// Two or more contenders under the same load, in short slices that take turns, so that whatever else the machine does falls on all
// alike. What counts is the ratio within each round; the middle one of them is the answer.
import type { Driver } from './load/drive.ts';
import type { Job, Outcome } from './load/job.ts';
import type { ServerProcess } from './servers/process.ts';

export interface Contender {
  name: string;
  server: ServerProcess;
  /** Called for each slice: requests that work only once are made here. */
  load: () => Promise<Pick<Job, 'requests' | 'isOnce' | 'beside'>> | Pick<Job, 'requests' | 'isOnce' | 'beside'>;
}

export interface Measured {
  perSecond: number;
  /** Microseconds of processor time of the server per request; undefined where the system does not tell. */
  cpuMicros: number | undefined;
  p50: number;
  p99: number;
  p999: number;
}

export interface Comparison {
  of(name: string): Measured;
  /** How often `name` answered as a multiple of `other`. */
  ratio(name: string, other: string): number;
}

export interface Pace {
  rounds: number;
  sliceMs: number;
  connections: number;
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const refuseFailures = (name: string, { statuses }: Outcome): void => {
  const bad = Object.entries(statuses).filter(([status]) => !status.startsWith('2'));
  if (bad.length > 0) throw new Error(`${name} did not answer as it should: ${JSON.stringify(statuses)}`);
};

interface Slice {
  outcome: Outcome;
  cpuMicros: number | undefined;
}

const runSlice = async (driver: Driver, { name, server, load }: Contender, pace: Pace): Promise<Slice> => {
  const { sliceMs: durationMs, connections } = pace;
  const before = server.cpuSeconds();
  const outcome = await driver.run({ port: server.port, connections, durationMs, ...(await load()) });
  const after = server.cpuSeconds();
  refuseFailures(name, outcome);
  const cpuMicros = before === undefined || after === undefined ? undefined : ((after - before) / outcome.count) * 1e6;
  return { outcome, cpuMicros };
};

/** Throws when any answer was not a success. The first round warms up and is not counted. */
export const compare = async (driver: Driver, contenders: readonly Contender[], pace: Pace): Promise<Comparison> => {
  const slices = new Map<string, Slice[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= pace.rounds; round += 1) {
    for (const contender of contenders) {
      const slice = await runSlice(driver, contender, pace);
      if (round > 0) slices.get(contender.name)?.push(slice);
    }
  }
  const of = (name: string): Measured => {
    const own = slices.get(name) ?? [];
    const middle = (read: (slice: Slice) => number) => median(own.map(read));
    const isWeighed = own.every(({ cpuMicros }) => cpuMicros !== undefined);
    return {
      perSecond: middle(({ outcome }) => outcome.perSecond),
      cpuMicros: isWeighed ? middle(({ cpuMicros }) => cpuMicros ?? 0) : undefined,
      p50: middle(({ outcome }) => outcome.latencyMs.p50),
      p99: middle(({ outcome }) => outcome.latencyMs.p99),
      p999: middle(({ outcome }) => outcome.latencyMs.p999),
    };
  };
  const rates = (name: string): number[] => (slices.get(name) ?? []).map(({ outcome }) => outcome.perSecond);
  return {
    of,
    ratio: (name, other) => median(rates(name).map((rate, at) => rate / (rates(other)[at] ?? Number.NaN))),
  };
};
