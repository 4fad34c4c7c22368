// Imports in the background: made here, worked on one at a time by whichever process has a hand free, taken up again after a crash.
import { hostname } from 'node:os';
import { type Clock, sleep } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Sealer } from '../../kit/seal.ts';
import { type Caller, systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { FormatOptions } from '../formats/format.ts';
import { formatNamed } from '../formats/index.ts';
import type { ImportSets } from '../import_sets.ts';
import type { Bytes } from '../source_row.ts';
import type { StagingTables } from '../staging_tables.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMaps } from '../transform/transform_map.ts';
import { cancelledMessage, JobCancelled, LeaseLost, WorkerStopping } from './job.ts';
import { makeLeases } from './leases.ts';
import { loadRows } from './load.ts';
import { rehearse } from './rehearse.ts';
import { transformSet } from './transform_set.ts';
import { makeUploads } from './uploads.ts';

export interface NewJob {
  readonly name: string;
  readonly table: string;
  readonly label: string;
  /** A format's name. */
  readonly format: string;
  readonly read: Partial<FormatOptions>;
  /** sys_id; '' for every active map. */
  readonly map: string;
  readonly transform: boolean;
  readonly isDryRun: boolean;
  readonly dataSource: string;
}

export interface ImportJobs {
  /** Keeps the bytes and queues the job; answers its sys_id. Throws `imports.file_too_large`, `imports.unknown_format`. */
  upload(caller: Caller, job: NewJob, bytes: Bytes): Promise<string>;
  /** Queues a load from the REST address of a data source. */
  load(caller: Caller, job: NewJob): Promise<string>;
  /** Queues the transform of a set that is loaded, also once more: the history of the set begins again. Throws `imports.set_busy`. */
  transformSet(set: string, table: string, caller: Caller, map?: string): Promise<string>;
  find(job: string): Promise<Row | undefined>;
  /** Asks a job to end; what it has done stays. Throws `imports.no_job`. */
  cancel(job: string): Promise<void>;
  /** Resolves when the job has ended, whoever worked on it. */
  finished(job: string): Promise<Row>;
  /** Works on whatever waits until nothing does. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface ImportJobsParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  log: LocalhostLog;
  outbound: Outbound;
  sealer: Sealer;
  staging: StagingTables;
  sets: ImportSets;
  maps: TransformMaps;
  openScripts: ScriptOpener;
  /** Throws Fault when the caller may not create rows in that table. */
  requireCreate: (caller: Caller, table: string) => Promise<void>;
}

const uploadLimitBytes = 512 * 1024 * 1024;
const lookAgainMs = 200;
const ended = new Set(['complete', 'failed', 'cancelled']);

const noJob = (): Fault =>
  new Fault('not_found', 'imports.no_job', 'No Record found', { explanation: 'There is no such import' });

const sentence = (fault: Fault): string => [fault.message, fault.explanation].filter(Boolean).join(': ').slice(0, 1_000);

export const makeImportJobs = (parts: ImportJobsParts): ImportJobs => {
  const { records, clock, ids, log, sets, staging } = parts;
  const worker = `${hostname().slice(0, 20)}-${ids.randomHex(12)}`;
  const uploads = makeUploads({ records, limitBytes: uploadLimitBytes });
  const leases = makeLeases({ records, clock, worker, sets, uploads });
  let isStopping = false;
  let isWanted = false;
  let draining: Promise<void> | undefined;

  // A step that is asked for while the process ends is refused: the job is given back instead.
  const holding: typeof leases = {
    ...leases,
    hold(transaction, job, progress) {
      if (isStopping) throw new WorkerStopping();
      return leases.hold(transaction, job, progress);
    },
  };
  const inside = { ...parts, uploads, leases: holding };

  const closeSet = async (job: Row, state: 'cancelled' | 'failed'): Promise<void> => {
    const { import_set: set = '' } = job;
    if (set !== '') await records.write((transaction) => sets.giveUp(records.within(transaction), set, state));
  };

  const perform = async (job: Row): Promise<void> => {
    const sysId = job.sys_id ?? '';
    if (job.dry_run === 'true') {
      const report = await rehearse(inside, job);
      await leases.end(sysId, 'complete', { report: JSON.stringify(report) });
      return;
    }
    const loaded = job.phase === 'load' ? await loadRows(inside, job) : job;
    await transformSet(inside, loaded);
    await leases.end(sysId, 'complete', {});
  };

  const work = async (job: Row): Promise<void> => {
    const sysId = job.sys_id ?? '';
    const letGo = leases.keep(sysId);
    try {
      await perform(job);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (error instanceof WorkerStopping) return leases.release(sysId);
      if (error instanceof JobCancelled) {
        await uploads.remove(sysId);
        await closeSet(job, 'cancelled');
        return leases.end(sysId, 'cancelled', { message: cancelledMessage });
      }
      // A store that is away ends nothing: the lease runs out and the job is taken up again.
      if (isFault(error) && (error.kind === 'unavailable' || error.kind === 'rate_limited') && error.code.startsWith('store.'))
        return;
      const message = isFault(error) ? sentence(error) : 'The import met a defect of this program; see the localhost log';
      if (!isFault(error)) log.write({ level: 'severe', text: `Import ${sysId} failed: ${(error as Error).stack ?? error}` });
      await uploads.remove(sysId);
      await closeSet(job, 'failed');
      return leases.end(sysId, 'failed', { message });
    } finally {
      letGo();
    }
  };

  const workAll = async (): Promise<void> => {
    while (isWanted && !isStopping) {
      isWanted = false;
      for (let job = await leases.claim(); job; job = isStopping ? undefined : await leases.claim()) await work(job);
    }
  };

  const drain = (): Promise<void> => {
    // Also seen by a round that is just ending, so that a job queued in that moment does not wait for the next.
    isWanted = true;
    draining ??= workAll().finally(() => {
      draining = undefined;
    });
    return draining;
  };

  const begin = async (caller: Caller, job: NewJob, state: 'uploading' | 'ready'): Promise<string> => {
    if (!formatNamed(job.format)) throw new Fault('bad_request', 'imports.unknown_format', 'The format of the file is not known');
    if (!job.isDryRun && records.dictionary().table(job.table)) await parts.requireCreate(caller, job.table);
    const table = job.isDryRun ? undefined : await staging.ensure(job.table, job.label);
    return records.write(async (transaction) => {
      const within = records.within(transaction);
      const description = job.name.slice(0, 255).toWellFormed();
      const newSet = {
        table: job.table,
        label: table?.label ?? '',
        mode: 'asynchronous',
        dataSource: job.dataSource,
        description,
      } as const;
      const set = table ? await sets.create(within, newSet) : undefined;
      const row = await within.insert(systemCaller, 'sys_import_job', {
        name: description,
        state,
        phase: 'load',
        dry_run: String(job.isDryRun),
        import_set: set?.sys_id ?? '',
        data_source: job.dataSource,
        table_name: job.table,
        transform: String(job.transform),
        transform_map: job.map,
        options: JSON.stringify({ format: job.format, read: job.read, userName: caller.userName }),
      });
      return row.sys_id ?? '';
    });
  };

  const update = (job: string, values: Readonly<Record<string, string>>): Promise<Row> =>
    records.write((transaction) => records.within(transaction).update(systemCaller, 'sys_import_job', job, values));

  const kick = (): void => {
    // Whoever asked has its answer already; what goes wrong here is met again by the timer.
    drain().catch((error: Error) => log.write({ level: 'warning', text: `Background imports stopped: ${error.message}` }));
  };

  const find = async (job: string): Promise<Row | undefined> =>
    (await records.findBy('sys_import_job', { sys_id: job }, { limit: 1 }))[0];

  return {
    find,
    drain,
    async upload(caller, job, bytes) {
      const sysId = await begin(caller, job, 'uploading');
      try {
        const total = await uploads.keep(sysId, bytes);
        await update(sysId, { state: 'ready', bytes_total: String(total) });
      } catch (error) {
        await uploads.remove(sysId);
        const row = await update(sysId, {
          state: 'failed',
          message: isFault(error) ? sentence(error) : 'The upload was cut off',
        });
        await closeSet(row, 'failed');
        throw error;
      }
      kick();
      return sysId;
    },
    async load(caller, job) {
      const sysId = await begin(caller, job, 'ready');
      kick();
      return sysId;
    },
    async transformSet(set, table, caller, map = '') {
      await parts.requireCreate(caller, table);
      const options = JSON.stringify({ format: '', read: {}, userName: caller.userName });
      const about = { name: `Transform of ${table}`, phase: 'transform', import_set: set, table_name: table, transform: 'true' };
      const row = await records.write(async (transaction) => {
        const within = records.within(transaction);
        await sets.beginAgain(within, set);
        return within.insert(systemCaller, 'sys_import_job', { ...about, transform_map: map, state: 'ready', options });
      });
      kick();
      return row.sys_id ?? '';
    },
    async cancel(job) {
      const row = await find(job);
      if (!row) throw noJob();
      if (ended.has(row.state ?? '')) return;
      // The jobs before it may take hours.
      if (await leases.cancelWaiting(job)) {
        await uploads.remove(job);
        await closeSet(row, 'cancelled');
        return;
      }
      await update(job, { cancel_requested: 'true' });
      kick();
    },
    async finished(job) {
      for (;;) {
        await drain();
        const row = await find(job);
        if (!row) throw noJob();
        if (ended.has(row.state ?? '') || isStopping) return row;
        await sleep(clock, lookAgainMs);
      }
    },
    async close() {
      isStopping = true;
      await draining;
    },
  };
};
