// A worker thread that reads one file, batch by batch, as it is asked. Started by read_apart.ts only; it has nothing but the bytes.
import { parentPort, workerData } from 'node:worker_threads';
import { isFault } from '../../kit/fault.ts';
import { rowsAtOnce } from '../rows_at_once.ts';
import type { Bytes } from '../source_row.ts';
import { excel } from './excel.ts';
import { json } from './json.ts';
import type { FromReader, ReaderStart } from './reader_messages.ts';
import { xml } from './xml.ts';

const port = parentPort;
if (port === null) throw new Error('imports/formats/reader.ts runs as a worker thread');
const { format: name, file, options } = workerData as ReaderStart;
const format = [json, xml, excel].find((each) => each.name === name);
if (!format) throw new Error(`${name} is no format that is read apart`);

async function* once(): Bytes {
  yield file;
}

const rows = format.read(once(), options)[Symbol.asyncIterator]();

const nextBatch = async (): Promise<FromReader> => {
  const batch: [string, string][][] = [];
  let isFull = false;
  while (!isFull) {
    const { done, value } = await rows.next();
    if (done) break;
    batch.push([...value]);
    isFull = batch.length >= rowsAtOnce(value.size);
  }
  return batch.length === 0 ? { kind: 'end' } : { kind: 'rows', rows: batch };
};

port.on('message', () => {
  nextBatch().then(
    (message) => port.postMessage(message),
    (error: unknown) => {
      // A bug ends the thread, and is loud there.
      if (!isFault(error)) throw error;
      const { kind, code, message, explanation } = error;
      const refused: FromReader = { kind: 'refused', fault: { kind, code, message, explanation: explanation ?? '' } };
      port.postMessage(refused);
    },
  );
});
