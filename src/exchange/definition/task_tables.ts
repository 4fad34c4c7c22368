// Which tables a definition may stand for. What a peer sends is written as the system: only into records that people work on together, never
// among users, roles and settings, nor into what the exchange keeps for itself.
import type { Dictionary } from '../../records/dictionary.ts';
import { providerTaskKey } from './provider_task_map.ts';

export const isTaskTable = (dictionary: Dictionary, name: string): boolean => {
  const chain = dictionary.table(name)?.chain.map((table) => table.name) ?? [];
  return chain.includes('task') && !chain.some((each) => each.startsWith('sn_sb_'));
};

/** The exchange's own definition stands for its own table. */
export const maySpeakFor = (dictionary: Dictionary, definition: string | undefined, table: string): boolean =>
  definition === providerTaskKey || isTaskTable(dictionary, table);
