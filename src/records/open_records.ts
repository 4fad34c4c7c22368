// Opens the record layer on a store: built-in tables in place, caches warm, the first admin made. The one thing instance.ts calls.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import { hashPassword } from '../kit/password.ts';
import type { Sealer } from '../kit/seal.ts';
import type { Store, Transaction } from '../store/store.ts';
import { attachmentStorage } from './attachments/chunks.ts';
import type { TableDefinition } from './definition.ts';
import type { Dictionary } from './dictionary.ts';
import { rateCountTable } from './limits/rate_counts.ts';
import { makeDictionary, readDictionaryRows } from './load_dictionary.ts';
import { makeRightsCache } from './load_rights.ts';
import { makeRecords } from './make_records.ts';
import { makeProperties, type Properties } from './properties.ts';
import type { Records, Rule } from './records.ts';
import type { Rights } from './rights.ts';
import { retiredColumnTable } from './rules/dictionary_shape.ts';
import { builtInRules } from './rules/index.ts';
import { sealProperties } from './seal_properties.ts';
import { syncDictionary } from './sync_dictionary.ts';
import { builtInTables } from './tables/index.ts';
import { adminSysId } from './tables/sys_user_rows.ts';
import { makeTopicCache } from './topic_cache.ts';
import { keyUserNames } from './user_name_key.ts';

export interface OpenRecordsParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  demoData?: boolean;
  /** Password of the user `admin`; counts at the first start only. */
  adminPassword?: string;
  /** Rules of other rooms. Read at each change: the caller may push to it until the instance serves. */
  rules?: readonly Rule[];
  /** Milliseconds a list may take before it is cancelled; 60 s unless told. */
  queryTimeLimitMs?: number;
  definitions?: readonly TableDefinition[];
}

export interface OpenedRecords {
  records: Records;
  properties: Properties;
  /** As they are now. */
  rights: () => Promise<Rights>;
  /** True when this process made the instance just now. */
  isFirstStart: boolean;
  /** Set only at the first start when no password was given: to be shown once and kept nowhere. */
  generatedAdminPassword: string | undefined;
}

const setAdminPassword =
  (hash: string) =>
  async (transaction: Transaction): Promise<void> => {
    const { dialect } = transaction;
    await transaction.run(
      `UPDATE ${dialect.name('sys_user')} SET ${dialect.name('user_password')} = ${dialect.parameter(1)} WHERE sys_id = ${dialect.parameter(2)}`,
      [hash, adminSysId],
    );
  };

/**
 * Brings the built-in tables and rows up to date (one transaction, skipped when nothing changed, safe when two processes start at once)
 * and answers the record layer. The admin's password is set at the first start only.
 */
export const openRecords = async (parts: OpenRecordsParts): Promise<OpenedRecords> => {
  const { store, clock, ids, sealer, rules = [], queryTimeLimitMs } = parts;
  const password = parts.adminPassword || ids.randomToken(15);
  const isFirstStart = await syncDictionary({
    store,
    clock,
    definitions: parts.definitions ?? builtInTables,
    besides: [retiredColumnTable, rateCountTable, ...attachmentStorage],
    demoData: parts.demoData ?? false,
    prepareFirstStart: async () => setAdminPassword(await hashPassword(password)),
  });
  const dictionaries = makeTopicCache<Dictionary>({
    store,
    topics: ['dictionary'],
    make: async (stamp) => makeDictionary(await readDictionaryRows(store), stamp),
  });
  const properties = makeProperties({ store, sealer });
  const rights = makeRightsCache({ store, properties });
  // Transactions cannot wait for a cache to be made, so the first making happens here.
  await Promise.all([dictionaries.current(), rights.current(), sealProperties({ store, sealer }), keyUserNames(store)]);
  const ownRules = builtInRules({ clock, sealer });
  const records = makeRecords({
    store,
    clock,
    ids,
    sealer,
    dictionaries,
    rights,
    properties,
    rules: () => [...ownRules, ...rules],
    queryTimeLimitMs,
  });
  return {
    records,
    properties,
    rights: async () => rights.current(),
    isFirstStart,
    generatedAdminPassword: isFirstStart && !parts.adminPassword ? password : undefined,
  };
};
