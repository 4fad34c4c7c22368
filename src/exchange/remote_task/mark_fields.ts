// What the peer did not take of a change, or was never sent, it lacks: said again when the pair is connected again, unless a later version of
// it got through.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { readFieldVersions } from '../conflict/field_versions.ts';
import { readFieldMap } from '../definition/field_map.ts';
import { readPair } from './pair.ts';
import { readPayload } from './payload.ts';

/** `payload` of a message that this side sent. */
export const markFields = async (
  within: RecordsInTransaction,
  task: Row,
  payload: unknown,
  isRefused: boolean,
): Promise<void> => {
  const pair = await readPair(within, task);
  const sent = readPayload(payload)?.fields ?? [];
  if (!pair || sent.length === 0) return;
  const map = await readFieldMap(within, { ...pair, direction: 'outbound' });
  const versions = await readFieldVersions(within, task.sys_id ?? '');
  for (const { key, version } of sent) {
    const source = map.find(({ name }) => name === key)?.source ?? '';
    const known = versions.get(source);
    if (known?.ownVersion === version && known.isRefused !== isRefused) await versions.set(source, { ...known, isRefused });
  }
};
