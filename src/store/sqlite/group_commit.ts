// The queue before the one writer. Works run strictly one after another, each behind its own savepoint; those that wait when the
// writer is free share one commit, and each caller is answered only after that commit. Must not know what the works write.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { overloaded } from '../overloaded.ts';
import type { CommitOptions } from '../store.ts';
import { makeTransactionState, type TransactionState } from '../transaction_state.ts';
import type { Connection } from './connection.ts';
import { busyFault, isBusy, sqliteFault } from './faults.ts';
import { makeWait } from './wait.ts';

export interface GroupCommit {
  /** Throws `store.overloaded` when too many wait already. */
  run<T>(work: (state: TransactionState) => Promise<T>, options?: CommitOptions): Promise<T>;
  /** Runs what waits, then refuses. */
  drain(): Promise<void>;
}

interface Waiting {
  isRelaxed: boolean;
  work: (state: TransactionState) => Promise<unknown>;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

interface Done {
  waiting: Waiting;
  state: TransactionState;
  answer: unknown;
}

/** Works that share one commit at most: the first of them waits for the last. */
const groupLimit = 512;
const waitingLimit = 5000;
/** Waits between attempts to get the lock from another process. Many short ones: a busy neighbour lets go for moments only. */
const busyDelayMs = { first: 1, most: 20 };
const busyPatienceMs = 5000;

// The others of a group that was lost are told so, not what the one that lost it did.
const notWritten = (cause: unknown): Fault =>
  new Fault('unavailable', 'store.not_written', 'The change could not be stored', {
    cause,
    detail: cause instanceof Error ? cause.message : String(cause),
    retryAfterSeconds: 1,
  });

export const makeGroupCommit = (parts: { connection: Connection; clock: Clock; random: () => number }): GroupCommit => {
  const { connection, clock, random } = parts;
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;

  const wait = makeWait(clock);

  // BEGIN IMMEDIATE takes the write lock of the file. Its wait is spent on the clock, not inside SQLite: that would hold up the loop.
  const begin = async (): Promise<void> => {
    for (let attempt = 0, waitedMs = 0; ; attempt += 1) {
      try {
        return connection.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (!isBusy(error)) throw sqliteFault(error);
        if (waitedMs >= busyPatienceMs) throw busyFault(error);
        const delayMs = Math.min(busyDelayMs.most, busyDelayMs.first * 2 ** attempt) * (0.5 + random());
        waitedMs += delayMs;
        await wait(delayMs);
      }
    }
  };

  // In write-ahead mode NORMAL leaves out the wait for the disk at commit, and nothing else. It cannot be set inside a transaction.
  let isNormal = false;
  const setSynchronous = (normal: boolean): void => {
    if (normal !== isNormal) connection.exec(normal ? 'PRAGMA synchronous = NORMAL' : 'PRAGMA synchronous = FULL');
    isNormal = normal;
  };

  const runOne = async (waiting: Waiting): Promise<Done | undefined> => {
    const state = makeTransactionState();
    try {
      connection.exec('SAVEPOINT work');
      const answer = await waiting.work(state);
      state.finish();
      connection.exec('RELEASE work');
      return { waiting, state, answer };
    } catch (error) {
      state.close();
      waiting.reject(error);
      // A full disk and its like roll back everything; then there is no savepoint left, and nothing to commit either.
      if (!connection.isInTransaction) throw error;
      connection.exec('ROLLBACK TO work');
      connection.exec('RELEASE work');
      return undefined;
    }
  };

  const runGroup = async (): Promise<void> => {
    const isRelaxed = queue.every((waiting) => waiting.isRelaxed);
    try {
      setSynchronous(isRelaxed);
      await begin();
    } catch (error) {
      for (const waiting of queue.splice(0)) waiting.reject(error);
      return;
    }
    const done: Done[] = [];
    try {
      for (let count = 0; count < groupLimit; count += 1) {
        // A relaxed group takes no work that must reach the disk; that one opens the next group, which makes both durable.
        if (isRelaxed && queue[0]?.isRelaxed === false) break;
        const waiting = queue.shift();
        if (!waiting) break;
        const outcome = await runOne(waiting);
        if (outcome) done.push(outcome);
      }
      connection.exec('COMMIT');
    } catch (error) {
      const fault = notWritten(error);
      for (const { waiting } of done) waiting.reject(fault);
      if (connection.isInTransaction) connection.exec('ROLLBACK');
      return;
    }
    for (const { waiting, state, answer } of done) {
      try {
        state.committed();
        waiting.resolve(answer);
      } catch (error) {
        waiting.reject(error);
      }
    }
  };

  const runAll = async (): Promise<void> => {
    // One turn of the event loop: the requests that arrived with this one join its commit.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    while (queue.length > 0) {
      await runGroup();
      // The answers go out, and new requests come in, before the next group takes the thread.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    running = undefined;
  };

  return {
    run: <T>(work: (state: TransactionState) => Promise<T>, { isRelaxed = false }: CommitOptions = {}) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) return reject(new Error('the store is closed'));
        if (queue.length >= waitingLimit) return reject(overloaded());
        queue.push({ isRelaxed, work, resolve: resolve as (answer: unknown) => void, reject });
        running ??= runAll();
      }),
    async drain() {
      isClosed = true;
      await running;
      wait.end();
    },
  };
};
