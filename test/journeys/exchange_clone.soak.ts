// The database of yesterday, and a copy, on both engines.
import { test } from 'node:test';
import { tellCloneStory } from '../exchange/whole/clone_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => {
  for (const restored of ['consumer', 'provider'] as const)
    test(
      `a restored ${restored} stands still until it is adopted and both sides have the same again`,
      {
        timeout: 300_000,
      },
      () => tellCloneStory(engine, restored),
    );
});
