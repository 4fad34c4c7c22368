// Second half of a job: every map over every row of the set, in order. The place reached is written with the targets, so that a job taken
// up again goes on behind the last row that was done.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { ImportSets } from '../import_sets.ts';
import { rowsAtOnce } from '../rows_at_once.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMap, TransformMaps } from '../transform/transform_map.ts';
import { openTransform } from '../transform/transformer.ts';
import type { Leases } from './leases.ts';

export interface TransformSetParts {
  records: Records;
  clock: Clock;
  sets: ImportSets;
  maps: TransformMaps;
  openScripts: ScriptOpener;
  leases: Leases;
}

/** The maps that a job runs. Throws `imports.no_map` when the one it names is gone. */
export const mapsOfJob = async (maps: TransformMaps, job: Row): Promise<readonly TransformMap[]> => {
  if (!job.transform_map) return maps.of(job.table_name ?? '');
  const map = await maps.find(job.table_name ?? '', job.transform_map);
  if (map) return [map];
  throw new Fault('bad_request', 'imports.no_map', 'The transform map of this import is gone');
};

const runMap = async (parts: TransformSetParts, job: Row, set: Row, map: TransformMap, position: number): Promise<void> => {
  const { records, sets, leases } = parts;
  const sysId = job.sys_id ?? '';
  const setId = set.sys_id ?? '';
  // Counted from the row as it is now: the maps before this one moved it.
  const isGoingOn = Number(job.map_position || 0) === position;
  let last = isGoingOn ? Number(job.last_row || 0) : 0;
  const run = await openTransform({
    ...parts,
    map,
    importSet: set,
    lane: `import:${setId}`,
    noteAfter: (row, logs, failure) => sets.noteAfter(set, map, row, logs, failure),
  });
  try {
    const finish = (state: string, message = '') =>
      records.write(async (transaction) => {
        await leases.hold(transaction, sysId, { map_position: String(position + 1), last_row: '0' });
        await sets.finishRun(records.within(transaction), setId, map.sysId, state, message);
      });
    if (last === 0) {
      const { refusal, logs } = await run.start();
      await sets.logRun(set, map, logs);
      if (refusal) {
        await finish('cancelled', refusal);
        return;
      }
    }
    const limit = rowsAtOnce(records.dictionary().table(job.table_name ?? '')?.fields.size ?? 1);
    for (;;) {
      const query = `sys_import_set=${setId}^sys_import_row>${last}^ORDERBYsys_import_row`;
      const rows = await records.find(job.table_name ?? '', query, { limit });
      if (rows.length === 0) break;
      await run.transform(rows, async (transaction, done, outcomes) => {
        const reached = done.at(-1)?.sys_import_row ?? '0';
        const [now] = await records.within(transaction).findBy('sys_import_job', { sys_id: sysId }, { limit: 1 });
        const rowsDone = String(Number(now?.rows_done || 0) + done.length);
        await leases.hold(transaction, sysId, { map_position: String(position), last_row: reached, rows_done: rowsDone });
        await sets.settle(transaction, { set, map, rows: done, outcomes });
      });
      last = Number(rows.at(-1)?.sys_import_row ?? last);
    }
    const { logs } = await run.complete();
    await sets.logRun(set, map, logs);
    await finish('complete');
  } finally {
    run.close();
  }
};

export const transformSet = async (parts: TransformSetParts, job: Row): Promise<void> => {
  const { records, clock, leases } = parts;
  const [set] = await records.findBy('sys_import_set', { sys_id: job.import_set ?? '' }, { limit: 1 });
  if (!set) throw new Fault('not_found', 'imports.no_set', 'The import set is gone');
  const all = job.transform === 'true' ? await mapsOfJob(parts.maps, job) : [];
  for (const [position, map] of all.entries()) {
    if (position >= Number(job.map_position || 0)) await runMap(parts, job, set, map, position);
  }
  if (job.transform !== 'true') return;
  await records.write(async (transaction) => {
    await leases.hold(transaction, job.sys_id ?? '', {});
    const processed = { state: 'processed', completed: wireMoment(clock.now()) };
    await records.within(transaction).update(systemCaller, 'sys_import_set', set.sys_id ?? '', processed);
  });
};
