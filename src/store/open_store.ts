// Picks the engine that a location names. The only way other rooms get a store.
import type { Clock } from '../kit/clock.ts';
import { refuseNestedWrites } from './nested_writes.ts';
import { openPostgresStore } from './postgres/postgres_store.ts';
import { openSqliteStore } from './sqlite/sqlite_store.ts';
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
      ? await openPostgresStore({ url: location, clock, random })
      : await openSqliteStore({ path: location, clock, random }),
  );
