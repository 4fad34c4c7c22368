// First half of a job: rows of the source into the staging table, a batch and the note of how far it is in one transaction. Begun again
// after a crash it passes over the rows that are there.
import { wireMoment } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Row } from '../../records/records.ts';
import { insertStaged } from '../insert_staged.ts';
import { rowsAtOnce } from '../rows_at_once.ts';
import type { SourceRow } from '../source_row.ts';
import type { StagingTables } from '../staging_tables.ts';
import { jobOptions } from './job.ts';
import type { Leases } from './leases.ts';
import { rowsOfJob, type SourceParts } from './open_source.ts';

export interface LoadParts extends SourceParts {
  ids: Ids;
  staging: StagingTables;
  leases: Leases;
}

export async function* inBatches(rows: AsyncIterable<SourceRow>): AsyncIterable<SourceRow[]> {
  let batch: SourceRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < rowsAtOnce(row.size)) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* skip<T>(rows: AsyncIterable<T>, count: number): AsyncIterable<T> {
  let passed = 0;
  for await (const row of rows) {
    passed += 1;
    if (passed > count) yield row;
  }
}

export const loadRows = async (parts: LoadParts, job: Row): Promise<Row> => {
  const { records, staging, leases } = parts;
  const sysId = job.sys_id ?? '';
  const set = job.import_set ?? '';
  const { userName } = jobOptions(job);
  let bytesRead = 0;
  let loaded = Number(job.rows_loaded || 0);
  const source = rowsOfJob(parts, job, (bytes) => {
    bytesRead += bytes;
  });
  for await (const batch of inBatches(skip(source, loaded))) {
    const rows = await staging.fit(job.table_name ?? '', batch, true);
    const table = await staging.require(job.table_name ?? '');
    await records.write(async (transaction) => {
      const progress = { rows_loaded: String(loaded + rows.length), bytes_read: String(bytesRead) };
      await leases.hold(transaction, sysId, progress);
      await insertStaged(transaction, parts, { table, set, first: loaded + 1, rows, userName });
    });
    loaded += rows.length;
  }
  const next = await records.write(async (transaction) => {
    const within = records.within(transaction);
    const done = { state: 'loaded', load_completed: wireMoment(parts.clock.now()) };
    await within.update(systemCaller, 'sys_import_set', set, done);
    if (job.data_source)
      await within.update(systemCaller, 'sys_data_source', job.data_source, { last_load: done.load_completed });
    return leases.hold(transaction, sysId, { phase: 'transform', bytes_read: job.bytes_total || String(bytesRead) });
  });
  await parts.uploads.remove(sysId);
  return next;
};
