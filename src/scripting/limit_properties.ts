// The limits of scripts as an administrator sets them: properties of the instance, with the defaults of limits.ts behind them.
// It must not let a property take a limit away: what makes no sense is as if it were not set.
import type { Properties } from '../records/properties.ts';
import { defaultLimits, type ScriptLimits } from './limits.ts';

const megabyte = 1024 * 1024;

type Live = Omit<ScriptLimits, 'memoryBytes'>;

/** Property, the limit it sets, how much one of it is, and the most that is taken. */
const liveLimits: ReadonlyArray<readonly [name: string, limit: keyof Live, unit: number, most: number]> = [
  ['causeway.script.cpu_ms', 'cpuMs', 1, 600_000],
  ['causeway.script.wall_ms', 'wallMs', 1, 3_600_000],
  ['causeway.script.queries', 'queries', 1, 10_000_000],
  ['causeway.script.rows', 'rows', 1, 100_000_000],
  ['causeway.script.output_mb', 'outputBytes', megabyte, 256],
  ['causeway.script.log_lines', 'logLines', 1, 100_000],
];

const within = async (properties: Pick<Properties, 'number'>, name: string, standard: number, most: number): Promise<number> => {
  const said = await properties.number(name, standard);
  return said >= 1 ? Math.min(said, most) : standard;
};

/** As they are now; read at each run. */
export const readLiveLimits = async (properties: Pick<Properties, 'number'>): Promise<Partial<Live>> => {
  const limits: Partial<Record<keyof Live, number>> = {};
  for (const [name, limit, unit, most] of liveLimits)
    limits[limit] = (await within(properties, name, defaultLimits[limit] / unit, most)) * unit;
  return limits;
};

/** What a runner is made with; a change counts from the next start. */
export const readPoolSettings = async (
  properties: Pick<Properties, 'number'>,
): Promise<{
  limits: { memoryBytes: number };
  poolSize: number;
  sessionCount: number;
  maxWaiting: number;
  maxWaitMs: number;
}> => ({
  limits: { memoryBytes: (await within(properties, 'causeway.script.memory_mb', 64, 2_048)) * megabyte },
  poolSize: await within(properties, 'causeway.script.pool_size', 2, 64),
  sessionCount: await within(properties, 'causeway.script.session_count', 2, 64),
  maxWaiting: await within(properties, 'causeway.script.max_waiting', 200, 100_000),
  maxWaitMs: await within(properties, 'causeway.script.max_wait_ms', 10_000, 600_000),
});
