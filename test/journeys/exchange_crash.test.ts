// The short crash story: kills and a bad network, nothing lost, nothing twice. The long one is exchange_crash.soak.ts.
// To replay: CAUSEWAY_SEED=<the printed seed>.
import { test } from 'node:test';
import { tellCrashStory } from '../exchange/whole/crash_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => {
  test('killed processes and a bad network lose nothing, double nothing and overtake nothing', {
    timeout: 280_000,
  }, async (context) => {
    const seed = Number(process.env.CAUSEWAY_SEED ?? Date.now() % 1_000_000);
    const story = { changes: 90, records: 12, kills: 2, seed, limitMs: 60_000 };
    await tellCrashStory(engine, story, (line) => context.diagnostic(line));
  });
});
