// Files and data sources into staging tables, in the background: begin, look, cancel. Ours; the console and `causeway import` use it.
import { formatNamed, formatOf } from '../../imports/formats/index.ts';
import type { NewJob } from '../../imports/jobs/import_jobs.ts';
import { Fault } from '../../kit/fault.ts';
import { type Caller, hasRole } from '../../records/caller.ts';
import type { Row } from '../../records/records.ts';
import type { Answer, Api, Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';

const json = ['application/json'] as const;

export const requireImporter = ({ caller }: { caller: Caller }): void => {
  if (!hasRole(caller, 'import_admin', 'import_transformer'))
    throw new Fault('forbidden', 'imports.not_an_importer', 'User Not Authorized', {
      explanation: 'Imports take the role import_transformer or import_admin',
    });
};

const isTrue = (text: string | undefined): boolean => (text ?? '').toLowerCase() === 'true';

const wrong = (explanation: string): Fault =>
  new Fault('bad_request', 'imports.bad_request', 'The import cannot begin', { explanation });

const whole = (text: string | undefined, fallback: number): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : fallback);

const mapIn = async ({ records }: ImportParts, table: string, name: string): Promise<string> => {
  if (name === '') return '';
  const maps = await records.findBy('sys_transform_map', { source_table: table }, { limit: 200 });
  const found =
    maps.find((map) => map.sys_id === name) ?? maps.find((map) => map.name?.toLowerCase() === name.trim().toLowerCase());
  if (!found?.sys_id) throw wrong(`There is no transform map ${name.slice(0, 100)} from ${table.slice(0, 80)}`);
  return found.sys_id;
};

/** What the parameters of a request ask for. Making a table takes import_admin. */
export const jobOf = async (parts: ImportParts, asked: Asked, file: { name: string; mediaType: string }): Promise<NewJob> => {
  const { parameters, caller } = asked;
  const table = parameters.get('table') ?? parameters.get('sysparm_import_set_tablename') ?? '';
  if (table === '') throw wrong('The parameter table names the staging table');
  const known = parts.records.dictionary().table(table);
  const isDryRun = isTrue(parameters.get('dry_run'));
  if (!known && !isDryRun && !hasRole(caller, 'import_admin'))
    throw wrong(`There is no table ${table.slice(0, 80)}, and making one takes the role import_admin`);
  const named = parameters.get('format') ?? '';
  const format = named === '' ? formatOf(file.name, file.mediaType) : formatNamed(named);
  if (!format) throw wrong('The format is one of CSV, JSON, XML and Excel; it is told by the file name or by format=');
  const transforms = parameters.get('transform') ?? parameters.get('sysparm_transform_after_load') ?? 'true';
  const isTabbed = /\.tsv$/i.test(file.name);
  return {
    name: file.name || `${format.name} into ${table}`,
    table,
    label: parameters.get('label') ?? '',
    format: format.name,
    read: {
      delimiter: parameters.get('delimiter') || (isTabbed ? '\t' : ','),
      headerRow: whole(parameters.get('header_row'), 1),
      sheet: whole(parameters.get('sheet'), 1),
      path: parameters.get('path') ?? '',
    },
    map: await mapIn(parts, table, parameters.get('map') ?? ''),
    transform: isTrue(transforms),
    isDryRun,
    dataSource: '',
  };
};

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

const upload =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const file = {
      name: asked.parameters.get('file_name') ?? '',
      mediaType: asked.headers['content-type']?.toString() ?? '',
    };
    const job = await jobOf(parts, asked, file);
    return sayJob(parts, await parts.imports.jobs.upload(asked.caller, job, asked.stream()), 202);
  };

const load =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const sysId = asked.segments.get('source') ?? '';
    const [source] = await parts.records.findBy('sys_data_source', { sys_id: sysId, active: 'true' }, { limit: 1 });
    if (source?.type !== 'REST') throw wrong('There is no active data source of type REST with this sys_id');
    const job: NewJob = {
      name: source.name ?? '',
      table: source.import_set_table_name ?? '',
      label: source.import_set_table_label ?? '',
      format: source.format || 'JSON',
      read: {
        delimiter: source.csv_delimiter || ',',
        headerRow: whole(source.header_row, 1),
        sheet: whole(source.sheet_number, 1),
        path: source.path ?? '',
      },
      map: '',
      transform: true,
      isDryRun: false,
      dataSource: sysId,
    };
    return sayJob(parts, await parts.imports.jobs.load(asked.caller, job), 202);
  };

const look =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    return sayJob(parts, asked.segments.get('job') ?? '', 200);
  };

const cancel =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const job = asked.segments.get('job') ?? '';
    await parts.imports.jobs.cancel(job);
    return sayJob(parts, job, 200);
  };

export const makeImportJobsApi = (parts: ImportParts): Api => ({
  name: 'causeway/imports',
  base: '/api/causeway',
  versions: [''],
  operations: [
    { method: 'POST', path: '/imports', produces: json, handle: upload(parts) },
    { method: 'GET', path: '/imports/:job', produces: json, handle: look(parts) },
    { method: 'POST', path: '/imports/:job/cancel', produces: json, handle: cancel(parts) },
    { method: 'POST', path: '/data_sources/:source/load', produces: json, handle: load(parts) },
  ],
});
