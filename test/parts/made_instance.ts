// Databases on which an instance was made before, for tests that are not about how one is made. What two instances must not share (keys,
// registrations, names of processes) is not in them: what starts on a copy makes its own.
import { randomBytes } from 'node:crypto';
import { makeManualClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeSealer } from '../../src/kit/seal.ts';
import { openRecords } from '../../src/records/open_records.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Engine, TestDatabase } from './engines.ts';

export const adminPassword = 'correct horse battery staple';

/** When all instances of the tests were made, and when clocks begin that stand still. */
export const startedAt = Date.parse('2026-11-01T08:00:00Z');

/** As openRecords leaves an empty database: built-in tables and rows, and an admin with `adminPassword`. */
export const madeInstance = (engine: Engine, options: { demoData?: boolean } = {}): Promise<TestDatabase> => {
  const { demoData = false } = options;
  return engine.copy(demoData ? 'demo' : 'plain', async (location) => {
    const clock = makeManualClock(startedAt);
    const store = await openStore({ location, clock, random: Math.random });
    try {
      await openRecords({ store, clock, ids: makeIds(clock), sealer: makeSealer(randomBytes(32)), demoData, adminPassword });
    } finally {
      await store.close();
    }
  });
};
