// What every client's story begins with: an instance of its own, on both engines.
import { after, before } from 'node:test';
import { type Engine, forEachEngine } from '../../parts/engines.ts';
import { type RunningInstance, runInstance } from '../../parts/running_instance.ts';

export const headers = { accept: 'application/json', 'content-type': 'application/json' };

export interface ClientStory {
  ask: RunningInstance['ask'];
  /** There as soon as the tests run that the story registers. */
  running: () => RunningInstance;
  engine: Engine;
}

export const tellClient = (story: (parts: ClientStory) => void): void =>
  forEachEngine((engine) => {
    let running: RunningInstance;
    before(async () => {
      running = await runInstance(engine);
    });
    after(() => running.stop());
    story({ ask: (path, options) => running.ask(path, options), running: () => running, engine });
  });
