// Remote tasks that could not begin because the peer did not have their definition active begin again when it has.
import { isFault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { RecordsInTransaction } from '../../records/records.ts';

const curable: ReadonlySet<string> = new Set(['exchange.definition_unknown', 'exchange.definition_inactive']);

export const retryErrored = async (
  within: RecordsInTransaction,
  match: { definition: string; connection: string },
): Promise<void> => {
  for (const task of await within.findBy('sn_sb_remote_task', { ...match, status: 'error' })) {
    if (!task.parent || !curable.has(task.refusal_code ?? '')) continue;
    try {
      await within.update(systemCaller, task.sys_class_name ?? '', task.sys_id ?? '', { status: 'connected' });
    } catch (error) {
      // It stays in Error, with what it says.
      if (!isFault(error)) throw error;
    }
  }
};
