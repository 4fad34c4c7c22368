// The main thread's end of one worker: sends steps, answers calls, watches the time, and ends a worker that does not come back.
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Clock } from '../kit/clock.ts';
import { answerCount, type CallAnswer, cancelFlag, type FromWorker, type Report, type Step, type ToWorker } from './messages.ts';

export interface LinkParts {
  clock: Clock;
  objects: ReadonlyMap<string, string>;
  memoryBytes: number;
}

export interface WorkerLink {
  /** False once the worker is gone; the pool then makes another. */
  isAlive(): boolean;
  /** One step at a time. `answer` is asked for every call of the script; what it throws ends the run and is thrown from here. */
  perform(step: Step, answer: (name: string, inputJson: string) => Promise<CallAnswer>): Promise<Report>;
  /** Drops the sandbox that a session kept. */
  forget(): void;
  close(): Promise<void>;
}

// A worker that was asked to stop gets this long before it is ended from outside: loops inside the engine's own functions
// (joining a billion empty strings) never look up.
const graceMs = 250;

const lost = (ending: Report['ending'], detail: string): Report => ({
  ending,
  thrown: undefined,
  resultJson: '',
  logs: [],
  cpuMs: 0,
  isWorkerSpent: true,
  detail,
});

export const openLink = ({ clock, objects, memoryBytes }: LinkParts): WorkerLink => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const { port1: answers, port2: theirs } = new MessageChannel();
  // The engine's stack limit must be reached long before the thread's own: past that, the engine's memory is lost.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { shared, answers: theirs, objects, memoryBytes },
    transferList: [theirs],
    env: {},
    execArgv: [],
    // The engine writes there when it aborts; the report or the error event tells the same.
    stderr: true,
    resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 256 },
  });
  worker.stderr.resume();
  worker.unref();
  let alive = true;
  let isReady = false;
  let onMessage: ((message: FromWorker) => void) | undefined;
  let onGone: ((detail: string) => void) | undefined;
  const gone = (detail: string): void => {
    alive = false;
    answers.close();
    onGone?.(detail);
  };
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') isReady = true;
    onMessage?.(message);
  });
  worker.on('error', (error) => gone(String(error)));
  worker.on('exit', (code) => gone(`exit ${code}`));
  const post = (message: ToWorker): void => worker.postMessage(message);

  const reply = (answer: CallAnswer): void => {
    answers.postMessage(answer);
    Atomics.add(shared, answerCount, 1);
    Atomics.notify(shared, answerCount);
  };

  return {
    isAlive: () => alive,
    perform(step, answer) {
      const { limits } = step;
      return new Promise<Report>((resolve, reject) => {
        if (!alive) return resolve(lost('broken', 'the worker is gone'));
        let isOpen = true;
        let isWaiting = false;
        let failure: { error: unknown } | undefined;
        let stopComputing = (): void => {};
        let stopGrace = (): void => {};
        let computedMs = 0;

        const settle = (report: Report): void => {
          if (!isOpen) return;
          isOpen = false;
          stopWall();
          stopComputing();
          stopGrace();
          onMessage = undefined;
          onGone = undefined;
          worker.unref();
          if (failure) reject(failure.error);
          else resolve(report);
        };
        let cancelledAs: 'cpu_exceeded' | 'cancelled' | undefined;
        const cancel = (ending: 'cpu_exceeded' | 'cancelled'): void => {
          cancelledAs ??= ending;
          Atomics.store(shared, cancelFlag, 1);
          if (isWaiting) {
            isWaiting = false;
            reply({ end: true });
          }
          stopGrace();
          stopGrace = clock.after(graceMs, () => {
            alive = false;
            settle(lost(ending, 'the worker did not stop and was ended'));
            void worker.terminate();
          });
        };
        // Processor time is measured inside; this outer watch only catches what never looks up, and so allows for a busy machine.
        const watchComputing = (): void => {
          const sinceMs = clock.now();
          const stop = clock.after(Math.max(0, limits.cpuMs * 2 + 500 - computedMs), () => cancel('cpu_exceeded'));
          stopComputing = () => {
            computedMs += clock.now() - sinceMs;
            stop();
            stopComputing = () => {};
          };
        };
        const stopWall = clock.after(limits.wallMs, () => cancel('cancelled'));

        const answerCall = async (name: string, inputJson: string): Promise<void> => {
          isWaiting = true;
          stopComputing();
          let given: CallAnswer;
          try {
            given = await answer(name, inputJson);
          } catch (error) {
            failure = { error };
            given = { end: true };
          }
          // Cancelled meanwhile: the worker has its answer already.
          if (!isWaiting || !isOpen) return;
          isWaiting = false;
          watchComputing();
          reply(given);
        };

        onGone = (detail) => settle(lost('broken', detail));
        onMessage = (message) => {
          if (message.kind === 'ready') watchComputing();
          if (message.kind === 'call') void answerCall(message.name, message.inputJson);
          if (message.kind === 'done') {
            if (message.report.isWorkerSpent) {
              alive = false;
              void worker.terminate();
            }
            // The worker knows that it was cancelled, not for what.
            const { report } = message;
            settle(report.ending === 'cancelled' && cancelledAs ? { ...report, ending: cancelledAs } : report);
          }
        };
        Atomics.store(shared, cancelFlag, 0);
        worker.ref();
        // A worker that is still starting is none of the script's time: on a busy machine that alone takes longer than a script may.
        if (isReady) watchComputing();
        post({ kind: 'step', step });
      });
    },
    forget() {
      if (alive) post({ kind: 'forget' });
    },
    async close() {
      alive = false;
      await worker.terminate();
    },
  };
};
