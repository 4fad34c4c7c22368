// The database of yesterday, and a copy: on the embedded engine. On both it is exchange_clone.soak.ts.
import { test } from 'node:test';
import { tellCloneStory } from '../exchange/whole/clone_story.ts';
import { engines } from '../parts/engines.ts';

for (const engine of engines.filter(({ name }) => name === 'sqlite'))
  test(
    'a restored database stands still until it is adopted and both sides have the same again; a copy is detached',
    {
      timeout: 120_000,
    },
    () => tellCloneStory(engine),
  );
