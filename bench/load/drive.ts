// The load generator as the rest of the bench sees it: one process, one job at a time. One that does not come back is replaced.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job, Outcome } from './job.ts';

export interface Driver {
  /** Rejects when the answers do not end a minute after the job should have. */
  run(job: Job): Promise<Outcome>;
  stop(): void;
}

const graceMs = 60_000;

type Said = { outcome: Outcome } | { error: string };

const startGenerator = (): ChildProcess => fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), { execArgv: [] });

export const startDriver = (): Driver => {
  let child = startGenerator();
  const answerOf = async (job: Job, signal: AbortSignal): Promise<Said> => {
    const answer = once(child, 'message', { signal }) as Promise<[Said]>;
    const end = once(child, 'exit', { signal });
    const late = wait(job.durationMs + graceMs, undefined, { signal });
    // Whichever comes first ends the wait for the others.
    for (const each of [answer, end, late]) each.catch(() => undefined);
    child.send(job);
    return Promise.race([
      answer.then(([said]) => said),
      end.then(([code]) => ({ error: `it ended with ${code}` })),
      late.then(() => ({ error: 'the server under load stopped answering' })),
    ]);
  };
  return {
    async run(job) {
      const waiting = new AbortController();
      const said = await answerOf(job, waiting.signal);
      waiting.abort();
      if ('outcome' in said) return said.outcome;
      child.kill();
      child = startGenerator();
      throw new Error(`the load generator failed: ${said.error}`);
    },
    stop: () => void child.kill(),
  };
};
