// A provider task of the peer, written here under its number and sys_id, whichever side began it.
import { isSysId } from '../../records/field_types/reference.ts';
import type { Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { prefixOf, sideOf } from '../definition/field_map.ts';
import { providerTaskFor } from '../definition/provider_task_map.ts';
import { peerCaller } from '../origin.ts';
import { refused } from '../refused.ts';
import type { BeginPair } from '../remote_task/begin_pair.ts';
import type { ReadPayload } from '../remote_task/payload.ts';
import type { TakeFields, Taken } from '../remote_task/take_fields.ts';
import type { Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';

export interface FirstWord {
  readonly connection: Row;
  readonly payload: ReadPayload;
  readonly sysId: string;
  /** What it says besides the fields that travel. */
  readonly values: Readonly<Record<string, string>>;
}

export const makeTakeTask =
  ({ records }: Pick<TasksParts, 'records'>, takeFields: TakeFields) =>
  async (
    transaction: Transaction,
    { connection, payload, sysId, values }: FirstWord,
  ): Promise<Outcome | { task: Row; taken: readonly Taken[] }> => {
    const within = records().within(transaction);
    const [definition, side] = [providerTaskFor(connection), sideOf(connection)];
    if (!isSysId(sysId) || payload.number === '')
      return refused('exchange.bad_payload', 'The provider task is not as the protocol says');
    const found = await takeFields.translated(within, { definition, connection, side }, payload.fields);
    if ('refused' in found) return refused(found.code, found.refused);
    if ((await within.findBy('task', { sys_id: sysId }, { limit: 1 })).length > 0)
      return refused('exchange.sys_id_taken', `There is another record here with the sys_id ${sysId}`);
    const caller = peerCaller(connection.sys_id ?? '', payload.hops + 1, `sb_user.${connection.connection_id}`);
    const task = await within.insert(caller, `sn_sb_${prefixOf(side)}_provider_task`, {
      ...found.values,
      ...values,
      sys_id: sysId,
      number: payload.number,
      connection: connection.sys_id ?? '',
      company: connection.company ?? '',
      status: 'connected',
    });
    return { task, taken: found.fields };
  };

export type TakeTask = ReturnType<typeof makeTakeTask>;

/** What a provider opened by itself. */
export const makeTakeOpened =
  (takeTask: TakeTask, beginPair: BeginPair) =>
  async (transaction: Transaction, connection: Row, payload: ReadPayload): Promise<Outcome> => {
    const found = await takeTask(transaction, { connection, payload, sysId: payload.sysId, values: {} });
    if ('outcome' in found) return found;
    const pair = { task: found.task, connection, definition: providerTaskFor(connection), side: sideOf(connection) };
    await beginPair(transaction, { pair, record: found.task, payload, taken: found.taken });
    return { outcome: 'applied' };
  };
