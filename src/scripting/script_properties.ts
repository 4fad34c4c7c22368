// Properties as scripts may read them: what is a password or marked private is not theirs, and read roles count.
import { type Caller, hasRole } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { makeTopicCache } from '../records/topic_cache.ts';
import type { Store } from '../store/store.ts';

// More properties than any instance has; a limit only so that nothing is without one.
const most = 50_000;

const rolesOf = (row: Row): string[] => (row.read_roles ?? '').split(',').filter((role) => role !== '');

/** '' where there is no such property, or the caller may not see it. */
export const makeScriptProperties = ({
  records,
  store,
}: {
  records: Pick<Records, 'find'>;
  store: Pick<Store, 'topic'>;
}): ((name: string, caller: Caller) => Promise<string>) => {
  const cache = makeTopicCache({
    store,
    topics: ['properties'],
    async make() {
      const rows = await records.find('sys_properties', 'is_private!=true^typeNOT INpassword,password2', { limit: most });
      return new Map(rows.map((row) => [row.name ?? '', { value: row.value ?? '', roles: rolesOf(row) }]));
    },
  });
  return async (name, caller) => {
    const found = (await cache.current()).get(name);
    if (!found || (found.roles.length > 0 && !hasRole(caller, ...found.roles))) return '';
    return found.value;
  };
};
