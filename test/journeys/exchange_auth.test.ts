// The permanent fix with two processes and under load, a side killed on the way: short. The long one is exchange_auth.soak.ts.
import { test } from 'node:test';
import { type Blow, tellAuthChangeStory } from '../exchange/whole/auth_change_story.ts';
import { engines } from '../parts/engines.ts';

/** Each engine has one side of the point of no return; the soak has every step. */
const blows: Readonly<Record<string, readonly Blow[]>> = {
  sqlite: [{ step: 'echo', when: 'before', victim: 'follower' }],
  postgres: [{ step: 'flip', when: 'after', victim: 'leader' }],
};

for (const engine of engines) {
  test(`credentials change under load and through kills, nothing is lost or doubled, on ${engine.name}`, (t) =>
    tellAuthChangeStory(engine, blows[engine.name] ?? [], (line) => t.diagnostic(line)));
}
