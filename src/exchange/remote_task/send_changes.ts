// Puts what changed on a record onto the queue for one peer: what the definition lists, translated, with its versions. A field whose value is
// the one last agreed upon is not sent: that is what keeps an echo from coming back.
import { wireMoment } from '../../kit/clock.ts';
import { isJournal } from '../../records/field_types/unstored.ts';
import type { Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { readFieldVersions } from '../conflict/field_versions.ts';
import { localTable, type MappedField, readFieldMap } from '../definition/field_map.ts';
import { longestWay } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { translate } from '../transform/translate.ts';
import { leaveNote } from './note.ts';
import type { Pair } from './pair.ts';
import type { PairPayload, SentField } from './payload.ts';
import { fieldAt, readSource } from './read_source.ts';

export interface ToSend {
  pair: Pair;
  /** The record as it is now. */
  row: Row;
  operation: 'insert' | 'update' | 'connect' | 'disconnect';
  /** Undefined: all that differ from what the peer has. */
  changed?: ReadonlySet<string>;
  by: string;
  hops: number;
  /** All of it, whatever the peer is believed to have: it has lost some. */
  isAgain?: boolean;
  /** Goes out even where no field does. */
  isNeeded?: boolean;
  /** What was ordered, with the first message of a provider task. */
  order?: unknown;
}

export type SendChanges = (transaction: Transaction, toSend: ToSend) => Promise<void>;

const isDue = ({ source, syncWhen }: MappedField, { operation, changed }: ToSend): boolean => {
  if (operation === 'disconnect' || syncWhen === 'never') return false;
  if (operation !== 'insert' && syncWhen !== 'insert_or_update') return false;
  return changed === undefined || changed.has(source.split('.')[0] ?? '');
};

export const payloadOf = (
  { task, correlation, definition }: Pair,
  { by, hops, at }: { by: string; hops: number; at: number },
  changedFields: SentField[],
): PairPayload => ({
  definition: definition.provider_definition || (definition.sys_id ?? ''),
  number: task.number ?? '',
  correlation: correlation.local_correlation_id ?? '',
  peer_correlation: correlation.remote_correlation_id ?? '',
  capture_metadata: { changed_by: by, timestamp: wireMoment(at) },
  changed_fields: changedFields,
  hops,
});

export const makeSendChanges = ({ records, enqueue, clock, log, versionFloor }: TasksParts): SendChanges => {
  const collect = async (transaction: Transaction, toSend: ToSend): Promise<SentField[]> => {
    const { pair, row, operation } = toSend;
    const { definition, connection, side, task } = pair;
    const within = records().within(transaction);
    const dictionary = records().dictionary();
    const table = dictionary.table(row.sys_class_name || localTable(definition, side));
    if (!table) return [];
    const fields = (await readFieldMap(within, { definition, side, direction: 'outbound' })).filter((field) =>
      isDue(field, toSend),
    );
    if (fields.length === 0) return [];
    const versions = await readFieldVersions(within, task.sys_id ?? '');
    const sent: SentField[] = [];
    for (const field of fields) {
      if (isJournal(fieldAt(dictionary, table, field.source)?.type ?? '')) continue;
      const { value, display } = await readSource(within, dictionary, { table, row, path: field.source });
      const known = versions.get(field.source);
      const isMissing =
        operation === 'insert' || toSend.isAgain === true || (operation === 'connect' && known?.isRefused === true);
      if (!isMissing && (known?.value ?? '') === value) continue;
      const said = await translate(within, { definition, connection, side, direction: 'outbound', field, value, display });
      if ('refused' in said) {
        await leaveNote(within, { table: table.name, sysId: row.sys_id ?? '' }, `${field.label} was not sent: ${said.refused}`);
        continue;
      }
      if (said.isUnmapped)
        log.write({
          level: 'warning',
          text: `Exchange: ${task.number}: a value of ${field.source} is in no line of its transform`,
        });
      const ownVersion = Math.max((known?.ownVersion ?? 0) + 1, versionFloor?.() ?? 0);
      const peerVersion = known?.peerVersion ?? 0;
      // Said again it is no younger than it was: what the other side changed since must win over it.
      const at = toSend.isAgain === true ? (known?.changedMs ?? 0) : clock.now();
      await versions.set(field.source, { ownVersion, peerVersion, value, changedMs: at });
      sent.push({ key: field.name, value: said.value, display_value: said.display, version: ownVersion, seen: peerVersion, at });
    }
    return sent;
  };

  return async (transaction, toSend) => {
    const { pair, row, operation, by, hops } = toSend;
    if (hops > longestWay) return;
    const sent = await collect(transaction, toSend);
    if (sent.length === 0 && !toSend.isNeeded) return;
    const correlationId = pair.correlation.local_correlation_id ?? '';
    await enqueue(transaction, {
      connection: pair.connection.sys_id ?? '',
      kind: 'record',
      operation,
      payload: {
        ...payloadOf(pair, { by, hops, at: clock.now() }, sent),
        ...(operation === 'insert' && pair.definition.maintain_sys_id === 'true' ? { sys_id: row.sys_id ?? '' } : {}),
        ...(toSend.order === undefined ? {} : { order: toSend.order }),
      },
      correlationId,
      source: { table: row.sys_class_name ?? '', sysId: row.sys_id ?? '' },
    });
  };
};
