// A worker's blocking call to the main thread: post, sleep on shared memory, take the answer. Runs in workers only.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { answerCount, type CallAnswer, type FromWorker } from './messages.ts';

export interface SyncCallParts {
  shared: Int32Array;
  answers: MessagePort;
  post: (message: FromWorker) => void;
}

/** The main thread answers every call, also after it gave up on the run; should it be gone, so is this worker. */
export const makeSyncCall =
  ({ shared, answers, post }: SyncCallParts) =>
  (name: string, inputJson: string): CallAnswer => {
    const seen = Atomics.load(shared, answerCount);
    post({ kind: 'call', name, inputJson });
    Atomics.wait(shared, answerCount, seen);
    const received = receiveMessageOnPort(answers) as { message: CallAnswer } | undefined;
    return received?.message ?? { end: true };
  };
