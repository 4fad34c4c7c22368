// The load generator as the rest of the bench sees it: one process, one job at a time.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, Outcome } from './job.ts';

export interface Driver {
  run(job: Job): Promise<Outcome>;
  stop(): void;
}

export const startDriver = (): Driver => {
  const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), { execArgv: [] });
  return {
    async run(job) {
      child.send(job);
      const [said] = (await once(child, 'message')) as [{ outcome: Outcome } | { error: string }];
      if ('error' in said) throw new Error(`the load generator failed: ${said.error}`);
      return said.outcome;
    },
    stop: () => child.disconnect(),
  };
};
