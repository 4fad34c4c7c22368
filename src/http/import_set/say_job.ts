// A background import as it is answered: how far it is, what its maps did, what a rehearsal found.
import { Fault } from '../../kit/fault.ts';
import type { Row } from '../../records/records.ts';
import type { Answer } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';

const describeJob = async ({ records }: ImportParts, job: Row): Promise<unknown> => {
  const { import_set: set = '' } = job;
  const runs = set === '' ? [] : await records.findBy('sys_import_set_run', { set }, { limit: 100 });
  const number = (text: string | undefined): number => Number(text || 0);
  return {
    sys_id: job.sys_id,
    name: job.name,
    state: job.state,
    phase: job.phase,
    dry_run: job.dry_run === 'true',
    import_set: set,
    table: job.table_name,
    rows_loaded: number(job.rows_loaded),
    rows_done: number(job.rows_done),
    bytes_read: number(job.bytes_read),
    bytes_total: number(job.bytes_total),
    message: job.message,
    report: job.report ? JSON.parse(job.report) : null,
    runs: runs.map((run) => ({
      map: run.sys_transform_map,
      state: run.state,
      total: number(run.total),
      inserts: number(run.inserts),
      updates: number(run.updates),
      ignored: number(run.ignored),
      skipped: number(run.skipped),
      errors: number(run.errors),
      message: run.message,
    })),
  };
};

export const sayJob = async (parts: ImportParts, sysId: string, status: number): Promise<Answer> => {
  const job = await parts.imports.jobs.find(sysId);
  if (!job) throw new Fault('not_found', 'imports.no_job', 'No Record found', { explanation: 'There is no such import' });
  return { status, body: JSON.stringify({ result: await describeJob(parts, job) }) };
};
