// The permanent fix with two processes and under load, a side killed at the point of no return: short, on the engine whose transactions
// wait for one another. Every step, either side and both engines: exchange_auth.soak.ts.
import { test } from 'node:test';
import { tellAuthChangeStory } from '../exchange/whole/auth_change_story.ts';
import { type Engine, engines } from '../parts/engines.ts';

test('credentials change under load and through a kill, nothing is lost or doubled', (t) =>
  tellAuthChangeStory(engines[1] as Engine, [{ step: 'flip', when: 'after', victim: 'leader' }], (line) => t.diagnostic(line)));
