// POST /sys_import.do: a file in a form, as the platform's own upload address takes it.
import { Fault } from '../../kit/fault.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { readForm } from '../attachment/read_form.ts';
import type { ImportParts } from './import_set_api.ts';
import { jobOf, requireImporter } from './job_of.ts';
import { sayJob } from './say_job.ts';

const uploadForm =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const job = await readForm(asked.headers['content-type']?.toString() ?? '', asked.stream(), async ({ name, type, body }) => {
      const wanted = await jobOf(parts, asked, { name, mediaType: type });
      if (wanted.isDryRun)
        throw new Fault('bad_request', 'imports.bad_request', 'A dry run is asked for at /api/causeway/imports');
      return parts.imports.jobs.upload(asked.caller, wanted, body);
    });
    return sayJob(parts, job, 201);
  };

export const makeUploadFormApi = (parts: ImportParts): Api => ({
  name: 'sys_import',
  base: '/sys_import.do',
  versions: [''],
  operations: [{ method: 'POST', path: '', produces: ['application/json'], handle: uploadForm(parts) }],
});
