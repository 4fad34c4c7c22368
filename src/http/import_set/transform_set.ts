// POST /import_sets/{sys_id}/transform: the maps over a set that is loaded: rows that waited for it, or once more after a map was corrected.
import type { Answer, Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';
import { mapIn, requireImporter, wrongImport } from './job_of.ts';
import { sayJob } from './say_job.ts';

export const transformSet =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const sysId = asked.segments.get('set') ?? '';
    const [set] = await parts.records.findBy('sys_import_set', { sys_id: sysId }, { limit: 1 });
    if (set?.state !== 'loaded' && set?.state !== 'processed')
      throw wrongImport('There is no import set with this sys_id whose rows are loaded');
    const table = set.table_name ?? '';
    const map = await mapIn(parts, table, asked.parameters.get('map') ?? '');
    return sayJob(parts, await parts.imports.jobs.transformSet(sysId, table, asked.caller, map), 202);
  };
