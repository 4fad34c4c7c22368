// Picks the engine that a location names. The only way other rooms get a store.
import type { Clock } from '../kit/clock.ts';
import { refuseNestedWrites } from './nested_writes.ts';
import type { Store } from './store.ts';

export interface StoreParts {
  /** `postgres://…` or `postgresql://…`, else the path of a file. */
  location: string;
  clock: Clock;
  /** From 0 to 1, as Math.random; spreads retries. */
  random: () => number;
}

/**
 * An open store, its own tables in place. Throws `store.unusable` when a file cannot be opened, `store.unreachable` when no PostgreSQL
 * answers there.
 */
export const openStore = async ({ location, clock, random }: StoreParts): Promise<Store> =>
  refuseNestedWrites(
    /^postgres(ql)?:\/\//.test(location)
      ? await openPostgres({ url: location, clock, random })
      : await openSqlite({ path: location, clock, random }),
  );

// Only the engine that is used is loaded: the driver of the other would cost every start its time and memory.
const openPostgres = async (parts: Omit<StoreParts, 'location'> & { url: string }): Promise<Store> =>
  (await import('./postgres/postgres_store.ts')).openPostgresStore(parts);

const openSqlite = async (parts: Omit<StoreParts, 'location'> & { path: string }): Promise<Store> =>
  (await import('./sqlite/sqlite_store.ts')).openSqliteStore(parts);
