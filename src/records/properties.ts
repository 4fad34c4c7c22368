// Settings of sys_properties, as every room reads them: cached, and dropped in every process when a row changes.
import { isFault } from '../kit/fault.ts';
import type { Sealer } from '../kit/seal.ts';
import type { Store, Value } from '../store/store.ts';
import { sealedValueContext } from './rules/secret_properties.ts';
import { makeTopicCache } from './topic_cache.ts';

export interface Properties {
  /** The value, '' where it is empty or there is no such property. */
  get(name: string): Promise<string>;
  /** `true` in any case is yes; absent or empty: `fallback`. */
  flag(name: string, fallback?: boolean): Promise<boolean>;
  /** A whole number; absent, empty or no number: `fallback`. */
  number(name: string, fallback: number): Promise<number>;
}

/** '' where it cannot be opened: one secret of a lost key must not take all settings along. */
const opened = (sealer: Sealer, sealed: Value): string => {
  try {
    return sealer.open(String(sealed), sealedValueContext);
  } catch (error) {
    if (isFault(error)) return '';
    throw error;
  }
};

export const makeProperties = ({ store, sealer }: { store: Store; sealer: Sealer }): Properties => {
  const { dialect } = store;
  const cache = makeTopicCache<ReadonlyMap<string, string>>({
    store,
    topics: ['properties'],
    async make() {
      const rows = await store.read(
        `SELECT ${dialect.name('name')}, ${dialect.name('value')}, sealed_value FROM ${dialect.name('sys_properties')}`,
      );
      return new Map(
        rows.map(([name, value, sealed]) => [String(name ?? ''), sealed ? opened(sealer, sealed) : String(value ?? '')]),
      );
    },
  });
  const get = async (name: string): Promise<string> => (await cache.current()).get(name) ?? '';
  return {
    get,
    async flag(name, fallback = false) {
      const value = (await get(name)).trim().toLowerCase();
      return value === '' ? fallback : value === 'true';
    },
    async number(name, fallback) {
      const value = (await get(name)).trim();
      return /^-?\d{1,15}$/.test(value) ? Number(value) : fallback;
    },
  };
};
