// The rows behind judgements: for each field of a pair the value last agreed upon and how often each side changed it.

import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';
import type { KnownField } from './judge_field.ts';

export interface KeptField extends KnownField {
  /** The peer did not take what was sent last. */
  readonly isRefused?: boolean;
}

const table = 'sn_sb_field_version';

export interface FieldVersions {
  get(element: string): KeptField | undefined;
  set(element: string, known: KeptField): Promise<void>;
}

const readKnown = (row: Row): KeptField => ({
  ownVersion: Number(row.own_version || 0),
  peerVersion: Number(row.peer_version || 0),
  value: row.value ?? '',
  changedMs: Number(row.changed_ms || 0),
  isRefused: row.refused === 'true',
});

/** All fields of one remote task, read at once. */
export const readFieldVersions = async (within: RecordsInTransaction, remoteTask: string): Promise<FieldVersions> => {
  const rows = await within.findBy(table, { remote_task: remoteTask });
  const ids = new Map(rows.map((row) => [row.element ?? '', row.sys_id ?? '']));
  const known = new Map(rows.map((row) => [row.element ?? '', readKnown(row)]));
  return {
    get: (element) => known.get(element),
    async set(element, next) {
      known.set(element, next);
      const values = {
        value: next.value,
        own_version: String(next.ownVersion),
        peer_version: String(next.peerVersion),
        changed_ms: String(next.changedMs),
        refused: String(next.isRefused ?? false),
      };
      const id = ids.get(element);
      if (id !== undefined) {
        await within.update(noteCaller, table, id, values);
        return;
      }
      const row = await within.insert(noteCaller, table, { ...values, remote_task: remoteTask, element });
      ids.set(element, row.sys_id ?? '');
    },
  };
};
