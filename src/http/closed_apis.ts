// APIs that an administrator has closed by name: `glide.rest.apis.disabled`, as `Table API, Batch API` or `now/table`.
// To a caller a closed API is one that does not exist; who may call an open one is decided elsewhere.
import type { Properties } from '../records/properties.ts';
import { makeTopicCache } from '../records/topic_cache.ts';
import type { Store } from '../store/store.ts';
import type { Api } from './api.ts';

export const makeClosedApis = (parts: { properties: Pick<Properties, 'get'>; store: Pick<Store, 'topic'> }) => {
  const closed = makeTopicCache<ReadonlySet<string>>({
    store: parts.store,
    topics: ['properties'],
    async make() {
      const said = await parts.properties.get('glide.rest.apis.disabled');
      return new Set(said.split(',').flatMap((name) => name.trim().toLowerCase() || []));
    },
  });
  return ({ name, title }: Pick<Api, 'name' | 'title'>): Promise<boolean> | boolean => {
    const isAmong = (names: ReadonlySet<string>): boolean =>
      names.size > 0 && (names.has(name) || (title !== undefined && names.has(title.toLowerCase())));
    const names = closed.current();
    return names instanceof Promise ? names.then(isAmong) : isAmong(names);
  };
};
