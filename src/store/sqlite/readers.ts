// Long reads, away from the thread that answers requests. Each runs in a process of its own, because nothing else stops a scan inside
// SQLite: node:sqlite has no interrupt, and a worker thread that is terminated still finishes its statement (measured: 7.6 s late).
import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../../kit/clock.ts';
import { Fault, type FaultKind } from '../../kit/fault.ts';
import { overloaded } from '../overloaded.ts';
import { queryCancelled } from '../query_cancelled.ts';
import type { Value } from '../store.ts';
import type { ReaderAnswer, ReaderQuestion } from './reader_process.ts';

export interface Readers {
  /** Throws `store.query_cancelled` after `timeLimitMs` (counted from now) and `store.overloaded` when too many wait already. */
  read(sql: string, parameters: readonly Value[], timeLimitMs: number): Promise<Value[][]>;
  /** Waits for what runs, then ends the processes. */
  close(): Promise<void>;
}

interface Task extends ReaderQuestion {
  resolve: (rows: Value[][]) => void;
  reject: (error: unknown) => void;
  forgetLimit: () => void;
}

interface Reader {
  process: ChildProcess;
  task: Task | undefined;
}

const readerLimit = 2;
const waitingLimit = 64;
/** An idle reader holds 45 MB. */
const idleMs = 60_000;

export const makeReaders = (parts: { path: string; clock: Clock }): Readers => {
  const { path, clock } = parts;
  const readers = new Set<Reader>();
  const waiting: Task[] = [];
  let isClosed = false;
  let quiet: (() => void) | undefined;
  let forgetIdle: (() => void) | undefined;

  const end = (reader: Reader): void => {
    readers.delete(reader);
    reader.process.removeAllListeners();
    reader.process.on('error', () => {});
    reader.process.kill('SIGKILL');
  };

  const start = (): Reader => {
    const child = fork(new URL('./reader_process.ts', import.meta.url), [path], {
      serialization: 'advanced',
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const reader: Reader = { process: child, task: undefined };
    readers.add(reader);
    const lost = (cause: unknown): void => {
      end(reader);
      settle(reader, (task) =>
        task.reject(new Fault('unavailable', 'store.reader_lost', 'The database did not finish the query', { cause })),
      );
    };
    child.on('message', (answer) => settle(reader, (task) => conclude(task, answer as ReaderAnswer)));
    child.on('error', lost);
    child.on('exit', (code, signal) => lost(new Error(`the reader process ended with ${signal ?? code}`)));
    return reader;
  };

  const settle = (reader: Reader, conclusion: (task: Task) => void): void => {
    const { task } = reader;
    reader.task = undefined;
    // An idle reader must not keep this process alive.
    reader.process.unref();
    reader.process.channel?.unref();
    if (task) {
      task.forgetLimit();
      conclusion(task);
    }
    next();
  };

  const next = (): void => {
    forgetIdle?.();
    while (waiting.length > 0) {
      const idle = [...readers].find((reader) => !reader.task);
      if (!idle && readers.size >= readerLimit) return;
      const task = waiting.shift();
      if (task) give(idle ?? start(), task);
    }
    if ([...readers].some((reader) => reader.task)) return;
    quiet?.();
    forgetIdle = clock.after(idleMs, () => readers.forEach(end));
  };

  const give = (reader: Reader, task: Task): void => {
    reader.task = task;
    reader.process.ref();
    reader.process.channel?.ref();
    reader.process.send({ sql: task.sql, parameters: task.parameters } satisfies ReaderQuestion, () => {
      // A failure to send is told by 'exit' or 'error' as well.
    });
  };

  const cancel = (task: Task): void => {
    const at = waiting.indexOf(task);
    if (at >= 0) waiting.splice(at, 1);
    const reader = [...readers].find((candidate) => candidate.task === task);
    task.reject(queryCancelled());
    if (!reader) return;
    end(reader);
    next();
  };

  return {
    read: (sql, parameters, timeLimitMs) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new Error('the store is closed'));
        if (waiting.length >= waitingLimit) {
          return reject(overloaded());
        }
        const task: Task = { sql, parameters, resolve, reject, forgetLimit: clock.after(timeLimitMs, () => cancel(task)) };
        waiting.push(task);
        next();
      }),
    async close() {
      isClosed = true;
      if (waiting.length > 0 || [...readers].some((reader) => reader.task))
        await new Promise<void>((resolve) => (quiet = resolve));
      forgetIdle?.();
      readers.forEach(end);
    },
  };
};

const conclude = (task: Task, answer: ReaderAnswer): void => {
  if ('rows' in answer) task.resolve(answer.rows);
  else if ('error' in answer) task.reject(new Error(answer.error));
  else
    task.reject(
      new Fault(answer.fault.kind as FaultKind, answer.fault.code, answer.fault.message, { detail: answer.fault.detail }),
    );
};
