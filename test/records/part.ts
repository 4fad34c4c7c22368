// Opens a record layer on a fresh database of an engine, with a clock that stands still. For the tests of this folder.
import { randomBytes } from 'node:crypto';
import { type ManualClock, makeManualClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeSealer, type Sealer } from '../../src/kit/seal.ts';
import type { Caller } from '../../src/records/caller.ts';
import { type OpenedRecords, type OpenRecordsParts, openRecords } from '../../src/records/open_records.ts';
import type { Selection } from '../../src/records/records.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Store } from '../../src/store/store.ts';
import type { Engine, TestDatabase } from '../parts/engines.ts';
import { adminPassword, madeInstance, startedAt } from '../parts/made_instance.ts';

export { adminPassword, startedAt };

export interface Opened extends OpenedRecords {
  store: Store;
  clock: ManualClock;
  sealer: Sealer;
  location: string;
  /** Another process, as far as the database can tell. */
  openAgain(options?: Partial<OpenRecordsParts>): Promise<OpenedRecords & { store: Store; close(): Promise<void> }>;
  close(): Promise<void>;
}

export const openOn = async (engine: Engine, options: Partial<OpenRecordsParts> = {}): Promise<Opened> =>
  openAt(await madeInstance(engine, options), options);

/** On an empty database, as an instance that starts for the first time. */
export const openFirst = async (engine: Engine, options: Partial<OpenRecordsParts> = {}): Promise<Opened> =>
  openAt(await engine.fresh(), options);

const openAt = async ({ location, drop }: TestDatabase, options: Partial<OpenRecordsParts>): Promise<Opened> => {
  const clock = makeManualClock(startedAt);
  const sealer = makeSealer(randomBytes(32));
  const open = async (more: Partial<OpenRecordsParts>) => {
    const store = await openStore({ location, clock, random: Math.random });
    const opened = await openRecords({ store, clock, ids: makeIds(clock), sealer, adminPassword, ...more });
    return { ...opened, store };
  };
  const first = await open(options);
  return {
    ...first,
    clock,
    sealer,
    location,
    async openAgain(more = {}) {
      const again = await open({ ...options, ...more });
      return { ...again, close: () => again.store.close() };
    },
    async close() {
      await first.store.close();
      await drop();
    },
  };
};

export const callerWith = (roles: readonly string[], more: Partial<Caller> = {}): Caller => ({
  userSysId: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  userName: 'someone',
  displayName: 'Some One',
  roles: new Set(roles),
  timeZone: 'UTC',
  isSystem: false,
  origin: '',
  ...more,
});

/** Rows of a selection as objects of stored values. */
export const valuesOf = ({ columns, rows }: Selection): Array<Record<string, unknown>> =>
  rows.map((row) => Object.fromEntries(columns.map((column) => [column.key, column.valueAt < 0 ? null : row[column.valueAt]])));

export const only = (selection: Selection): Record<string, unknown> => valuesOf(selection)[0] ?? {};
