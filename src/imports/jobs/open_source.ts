// The rows of a job's source: of the file that was uploaded, or of what the address of its data source answers.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Sealer } from '../../kit/seal.ts';
import type { Records, Row } from '../../records/records.ts';
import { formatNamed } from '../formats/index.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { fetchPages } from './fetch_pages.ts';
import { jobOptions, readOptionsOf } from './job.ts';
import type { Uploads } from './uploads.ts';

export interface SourceParts {
  records: Records;
  clock: Clock;
  uploads: Uploads;
  outbound: Outbound;
  sealer: Sealer;
}

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}

/** As opposed to one whose file is kept with the job. */
export const isFetched = (source: Row): boolean =>
  source.type === 'REST' || (source.type === 'File' && /^HTTPS?$/.test(source.file_retrieval_method ?? ''));

/** With the bytes read so far. Throws `imports.unknown_format`, `imports.unreadable_file`, and what fetching throws. */
export async function* rowsOfJob(parts: SourceParts, job: Row, counted: (bytes: number) => void): AsyncIterable<SourceRow> {
  const options = jobOptions(job);
  const format = formatNamed(options.format);
  if (!format) throw new Fault('bad_request', 'imports.unknown_format', 'The format of the file is not known');
  const [source] = job.data_source
    ? await parts.records.findBy('sys_data_source', { sys_id: job.data_source }, { limit: 1 })
    : [];
  let rows = 0;
  const counting = async function* (bytes: Bytes): Bytes {
    for await (const piece of bytes) {
      counted(piece.length);
      yield piece;
    }
  };
  const documents = async function* (): AsyncIterable<Bytes> {
    if (!source || !isFetched(source)) yield parts.uploads.read(job.sys_id ?? '');
    else for await (const page of fetchPages(parts, source, () => rows)) yield once(page);
  };
  for await (const document of documents()) {
    for await (const row of format.read(counting(document), { ...readOptionsOf(options), clock: parts.clock })) {
      rows += 1;
      yield row;
    }
  }
}
