// The permanent fix with two processes and under load, either side killed before and after every step.
import { test } from 'node:test';
import { allBlows, tellAuthChangeStory } from '../exchange/whole/auth_change_story.ts';
import { engines } from '../parts/engines.ts';

for (const engine of engines) {
  test(`credentials change through a kill at every step, nothing is lost or doubled, on ${engine.name}`, (t) =>
    tellAuthChangeStory(engine, allBlows, (line) => t.diagnostic(line)));
}
