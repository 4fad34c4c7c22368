// Files and data sources into staging tables, in the background: begin, look, cancel. Ours; the console and `causeway import` use it.
import type { Answer, Api, Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';
import { jobOf, requireImporter } from './job_of.ts';
import { loadSource } from './load_source.ts';
import { sayJob } from './say_job.ts';
import { transformSet } from './transform_set.ts';

const json = ['application/json'] as const;

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
    { method: 'POST', path: '/data_sources/:source/load', produces: json, handle: loadSource(parts) },
    { method: 'POST', path: '/import_sets/:set/transform', produces: json, handle: transformSet(parts) },
  ],
});
