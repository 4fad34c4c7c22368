// The transport's settings as numbers, read from sys_properties when needed: a change counts from the next turn on.
import type { Properties } from '../records/properties.ts';

export interface TransportSettings {
  readonly compatAuthErrors: boolean;
  readonly lanePolicy: 'hold' | 'skip';
  readonly backoffMs: readonly number[];
  readonly retentionMs: number;
  readonly batchRows: number;
  readonly batchBytes: number;
  readonly parallelPosts: number;
  readonly breakerFailures: number;
  readonly processedTtlMs: number;
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

const defaultBackoff = [0, 5, 30, 120, 600, 1800, 3600];

const readBackoff = (text: string): readonly number[] => {
  const seconds = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => /^\d{1,6}$/.test(word))
    .map(Number);
  return (seconds.length > 0 ? seconds : defaultBackoff).map((each) => each * 1000);
};

/** A value that makes no sense is brought to the nearest that does. */
export const readTransportSettings = async (properties: Properties): Promise<TransportSettings> => {
  const [compatAuthErrors, policy, backoff, retention, rows, bytes, posts, breaker, days] = await Promise.all([
    properties.flag('sn_transport.compat_auth_errors'),
    properties.get('sn_transport.lane_policy'),
    properties.get('sn_transport.backoff_seconds'),
    properties.number('sn_transport.retention_hours', 72),
    properties.number('sn_transport.batch_rows', 100),
    properties.number('sn_transport.batch_bytes', 1_048_576),
    properties.number('sn_transport.parallel_posts', 4),
    properties.number('sn_transport.breaker_failures', 5),
    properties.number('sn_transport.processed_days', 7),
  ]);
  return {
    compatAuthErrors,
    lanePolicy: policy.trim().toLowerCase() === 'skip' ? 'skip' : 'hold',
    backoffMs: readBackoff(backoff),
    retentionMs: clamp(retention, 1, 24 * 365) * 3_600_000,
    batchRows: clamp(rows, 1, 1000),
    batchBytes: clamp(bytes, 10_000, 8_388_608),
    parallelPosts: clamp(posts, 1, 64),
    breakerFailures: clamp(breaker, 1, 1000),
    processedTtlMs: clamp(days, 0, 3650) * 86_400_000,
  };
};
