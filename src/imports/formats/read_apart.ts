// Formats that must be read whole are read in a thread of their own: taking a document apart holds a thread for seconds, and needs memory
// by the gigabyte. Neither may be that of the calls which the instance answers meanwhile.
import { once as firstEvent } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../kit/fault.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { type Format, type FormatOptions, readWhole, unreadable } from './format.ts';
import type { FromReader, ReaderStart } from './reader_messages.ts';

const memoryLimitMb = 2_048;
/** Until the first rows, and between any: a document can be made that keeps a parser busy for hours. */
const timeLimitSeconds = 120;

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}

const tooMuch = (name: string, error: unknown) =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? unreadable(name, `It needs more than ${memoryLimitMb} MiB of memory to be read; split it, or send CSV`, error)
    : error;

/** Aborted when the thread is gone, whether or not somebody waits for it at that moment. */
const endedWith = (worker: Worker): AbortController => {
  const ended = new AbortController();
  worker.on('error', (error) => ended.abort(error));
  worker.on('exit', () => ended.abort());
  return ended;
};

async function* readInThread(name: string, file: Uint8Array, { clock, ...options }: FormatOptions): AsyncIterable<SourceRow> {
  const start: ReaderStart = { format: name, file, options };
  const worker = new Worker(new URL('./reader.ts', import.meta.url), {
    workerData: start,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
  });
  const ended = endedWith(worker);
  const { signal } = ended;
  const tooSlow = () =>
    ended.abort(unreadable(name, `It takes more than ${timeLimitSeconds} seconds to be read; split it, or send CSV`));
  try {
    for (;;) {
      signal.throwIfAborted();
      worker.postMessage('next');
      const inTime = clock?.after(timeLimitSeconds * 1000, tooSlow);
      const [message] = (await firstEvent(worker, 'message', { signal })) as [FromReader];
      inTime?.();
      if (message.kind === 'end') return;
      if (message.kind === 'refused') {
        const { kind, code, message: text, explanation } = message.fault;
        throw new Fault(kind, code, text, { explanation });
      }
      for (const row of message.rows) yield new Map(row);
    }
  } catch (error) {
    throw tooMuch(name, signal.aborted ? signal.reason : error);
  } finally {
    await worker.terminate();
  }
}

/** `fromBytes`: shorter files are read where they are, because a thread takes longer to start. */
export const readApart = (format: Format, fromBytes: number): Format => ({
  ...format,
  async *read(bytes, options) {
    const file = await readWhole(bytes, options.wholeLimitBytes);
    yield* file.length < fromBytes ? format.read(once(file), options) : readInThread(format.name, file, options);
  },
});
