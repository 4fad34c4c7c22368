// The long crash story: 20,000 changes on 5,000 records while each process is killed at least 30 times.
// To replay: CAUSEWAY_SEED=<the printed seed>.
import { test } from 'node:test';
import { tellCrashStory } from '../exchange/whole/crash_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => {
  test('20,000 changes survive 60 kills and a bad network', { timeout: 5_400_000 }, async (context) => {
    const seed = Number(process.env.CAUSEWAY_SEED ?? Date.now() % 1_000_000);
    const story = { changes: 20_000, records: 5_000, kills: 60, seed, limitMs: 1_200_000 };
    await tellCrashStory(engine, story, (line) => context.diagnostic(line));
  });
});
