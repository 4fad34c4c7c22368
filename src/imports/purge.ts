// What imports leave behind and nobody needs for ever: old sets with their rows, errors and log, open sets of yesterday, dead uploads.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';

const dayMs = 86_400_000;
const keepDays = 7;
const batch = 200;

export const makePurge = ({ records, clock }: { records: Records; clock: Clock }) => {
  const removeAll = async (table: string, query: string): Promise<void> => {
    for (;;) {
      const rows = await records.find(table, query, { limit: batch });
      if (rows.length === 0) return;
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const row of rows) await within.remove(systemCaller, table, row.sys_id ?? '');
      });
    }
  };

  const removeSet = async (set: string): Promise<void> => {
    await removeAll('sys_import_set_row_error', `import_set=${set}`);
    await removeAll('import_log', `import_set=${set}`);
    await removeAll('sys_import_set_row', `sys_import_set=${set}`);
    await removeAll('sys_import_set_run', `set=${set}`);
    await removeAll('sys_import_job', `import_set=${set}`);
    await records.write((transaction) => records.within(transaction).remove(systemCaller, 'sys_import_set', set));
  };

  return async (): Promise<void> => {
    const nowMs = clock.now();
    const midnight = wireMoment(nowMs - (nowMs % dayMs));
    const open = await records.find('sys_import_set', `state=loading^mode=synchronous^sys_created_on<${midnight}`, {
      limit: 500,
    });
    for (const set of open) {
      await records.write((transaction) =>
        records.within(transaction).update(systemCaller, 'sys_import_set', set.sys_id ?? '', { state: 'processed' }),
      );
    }
    const oldest = wireMoment(nowMs - keepDays * dayMs);
    const old = await records.find('sys_import_set', `sys_created_on<${oldest}^state!=loading`, { limit: 100 });
    for (const set of old) await removeSet(set.sys_id ?? '');
    const dead = await records.find('sys_import_job', `state=uploading^sys_updated_on<${wireMoment(nowMs - dayMs)}`, {
      limit: 100,
    });
    for (const job of dead) {
      await removeAll('sys_import_upload', `job=${job.sys_id}`);
      await records.write((transaction) =>
        records.within(transaction).update(systemCaller, 'sys_import_job', job.sys_id ?? '', {
          state: 'failed',
          message: 'The upload was never finished',
        }),
      );
    }
  };
};
