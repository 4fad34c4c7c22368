// Users as identity needs them: the row, and the caller with all roles made from it. Cached until anything about users changes.
// Must not decide whether a user may come in: user_state.ts does.

import { makeBoundedMap } from '../kit/bounded_map.ts';
import type { Caller } from '../records/caller.ts';
import { makeMomentFormats } from '../records/moment_formats.ts';
import type { Records, Row } from '../records/records.ts';
import type { Topics } from './parts.ts';
import { loadRoleNames } from './roles.ts';
import { usersTopic } from './topics.ts';

export interface Users {
  bySysId(sysId: string): Promise<Row | undefined>;
  /** undefined when there is none, or more than one. */
  byUserName(userName: string): Promise<Row | undefined>;
  /** Rows whose stored value of `field` is `value`; case counts except in user_name and email. `field` comes from configuration. */
  byField(field: string, value: string): Promise<Row[]>;
  callerOf(user: Row): Promise<Caller>;
}

const caseless = new Set(['user_name', 'email']);
const sameText = (field: string, one: string, other: string): boolean =>
  caseless.has(field) ? one.toLowerCase() === other.toLowerCase() : one === other;

const zoneOf = (user: Row): string => {
  const zone = user.time_zone ?? '';
  try {
    return zone === '' ? 'UTC' : new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
};

export const makeUsers = (parts: { records: Pick<Records, 'findBy' | 'dictionary'>; topics: Topics }): Users => {
  const { records, topics } = parts;
  const callers = makeBoundedMap<string, Promise<Caller>>(10_000);
  const rows = makeBoundedMap<string, Promise<Row[]>>(20_000);
  let seen = Number.NaN;

  const dropStale = () => {
    const now = topics.topic(usersTopic);
    if (now === seen) return;
    seen = now;
    callers.clear();
    rows.clear();
  };

  /** A failed load is not kept. */
  const remembered = <T>(
    cache: { get(key: string): Promise<T> | undefined; set(key: string, value: Promise<T>): void; delete(key: string): void },
    key: string,
    load: () => Promise<T>,
  ): Promise<T> => {
    dropStale();
    const known = cache.get(key);
    if (known) return known;
    const loading = load();
    cache.set(key, loading);
    loading.catch(() => cache.delete(key));
    return loading;
  };

  const byField = async (field: string, value: string): Promise<Row[]> =>
    // Longer than any column that names a user: nothing to find, and nothing a caller may fill the cache with.
    value === '' || value.length > 255
      ? []
      : remembered(rows, `${field}\0${value}`, async () => {
          // The store compares text without case and drops what it cannot store (NUL): what it finds is compared again here.
          const found = await records.findBy('sys_user', { [field]: value }, { limit: 100 });
          return found.filter((row) => sameText(field, row[field] ?? '', value));
        });

  return {
    byField,
    bySysId: async (sysId) => (await byField('sys_id', sysId))[0],
    async byUserName(userName) {
      const found = await byField('user_name', userName);
      return found.length === 1 ? found[0] : undefined;
    },
    callerOf: (user) =>
      remembered(callers, user.sys_id ?? '', async () => ({
        userSysId: user.sys_id ?? '',
        userName: user.user_name ?? '',
        displayName: user.name || [user.first_name, user.last_name].filter(Boolean).join(' ') || (user.user_name ?? ''),
        roles: await loadRoleNames(records, user.sys_id ?? ''),
        timeZone: zoneOf(user),
        formats: makeMomentFormats(user.date_format ?? '', user.time_format ?? ''),
        isSystem: false,
        origin: '',
      })),
  };
};
