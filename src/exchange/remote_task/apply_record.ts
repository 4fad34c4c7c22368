// Applies what a peer says of a pair: makes the record here, changes it, pauses the pair or lets it go on. Only fields that the definition
// lists are touched, as the system: what a peer may do is what was agreed, not what some user's roles allow.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { findCorrelation, learnRemoteId } from '../correlation/correlations.ts';
import { definitionTable, isInService, localTable, prefixOf, sideOf } from '../definition/field_map.ts';
import { providerTaskKey } from '../definition/provider_task_map.ts';
import { inForce } from '../definition/releases.ts';
import { isTaskTable } from '../definition/task_tables.ts';
import type { Message } from '../message.ts';
import { noteCaller, peerCaller } from '../origin.ts';
import { makeTakeOrder } from '../provider_task/take_order.ts';
import { makeTakeOpened, makeTakeTask } from '../provider_task/take_task.ts';
import { refused } from '../refused.ts';
import type { Applier, Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { makeBeginPair } from './begin_pair.ts';
import { companyName, findConnection, findTie, type Pair, readPair, recordOf } from './pair.ts';
import { type ReadPayload, readPayload } from './payload.ts';
import type { SendChanges } from './send_changes.ts';
import { makeTakeFields } from './take_fields.ts';

/** Of a provider's definitions only those that this consumer was offered. */
const findDefinition = async (within: RecordsInTransaction, connection: Row, key: string): Promise<Row | undefined> => {
  if (key === '') return undefined;
  const side = sideOf(connection);
  const own = connection.sys_id ?? '';
  if (side === 'provider') {
    const [held] = await within.findBy('sn_sb_pro_entitlement', { connection: own, entity: key }, { limit: 1 });
    if (!held || held.status === 'withdrawn') return undefined;
  }
  const match: Record<string, string> = side === 'provider' ? { sys_id: key } : { connection: own, provider_definition: key };
  const [found] = await within.findBy(definitionTable(side), match, { limit: 1 });
  return found && inForce(within, found, connection);
};

export const makeRecordApplier = (parts: TasksParts, sendChanges: SendChanges): Applier => {
  const { records } = parts;
  const takeFields = makeTakeFields(parts, sendChanges);
  const beginPair = makeBeginPair(parts, sendChanges);
  const takeTask = makeTakeTask(parts, takeFields);
  const takeOrder = makeTakeOrder(parts, takeTask, beginPair);
  const takeOpened = makeTakeOpened(takeTask, beginPair);
  const rootOf = (table: string): string => records().dictionary().table(table)?.chain[0]?.name ?? table;

  const begin = async (transaction: Transaction, connection: Row, payload: ReadPayload): Promise<Outcome> => {
    const within = records().within(transaction);
    const definition = await findDefinition(within, connection, payload.definition);
    if (!definition)
      return refused('exchange.definition_unknown', `There is no remote task definition ${payload.definition} here`);
    if (!isInService(definition))
      return refused('exchange.definition_inactive', `The remote task definition ${definition.name} is not active here`);
    const side = sideOf(connection);
    const caller = peerCaller(connection.sys_id ?? '', payload.hops + 1, `sb_user.${connection.connection_id}`);
    const table = localTable(definition, side);
    if (!isTaskTable(records().dictionary(), table))
      return refused(
        'exchange.definition_unfit',
        `The definition ${definition.name} is for ${table}, which is no table of tasks here`,
      );
    const found = await takeFields.translated(within, { definition, connection, side }, payload.fields);
    if ('refused' in found) return refused(found.code, found.refused);
    const isSame = definition.maintain_sys_id === 'true' && payload.sysId !== '';
    if (isSame && (await within.findBy(rootOf(table), { sys_id: payload.sysId }, { limit: 1 })).length > 0)
      return refused(
        'exchange.sys_id_taken',
        `The definition keeps the sys_id, and there is another record here with ${payload.sysId}`,
      );
    const parent = await within.insert(caller, table, { ...found.values, ...(isSame ? { sys_id: payload.sysId } : {}) });
    const task = await within.insert(caller, `sn_sb_${prefixOf(side)}_remote_task`, {
      number: payload.number,
      definition: definition.sys_id ?? '',
      connection: connection.sys_id ?? '',
      parent: parent.sys_id ?? '',
      status: 'connected',
      short_description: parent.short_description ?? '',
    });
    await beginPair(transaction, { pair: { task, connection, definition, side }, record: parent, payload, taken: found.fields });
    return { outcome: 'applied' };
  };

  const continueWith = async (
    transaction: Transaction,
    { pair, payload, operation }: { pair: Pair; payload: ReadPayload; operation: string },
  ): Promise<Outcome> => {
    const within = records().within(transaction);
    const { task, connection, correlation, definition, side } = pair;
    if (!recordOf(task)) return refused('exchange.parent_gone', 'The record that belonged to this one was deleted');
    if (!isInService(definition))
      return refused('exchange.definition_inactive', `The remote task definition ${definition.name} is not active here`);
    if (operation !== 'update' && operation !== 'insert' && definition.sys_id === providerTaskKey)
      return refused('exchange.bad_payload', 'A provider task is not disconnected');
    await learnRemoteId(within, noteCaller, correlation, payload.correlation);
    const caller = peerCaller(connection.sys_id ?? '', payload.hops + 1, `sb_user.${connection.connection_id}`);
    const setStatus = (status: string) => within.update(caller, task.sys_class_name ?? '', task.sys_id ?? '', { status });
    if (operation === 'disconnect') {
      await setStatus('disconnected');
      return { outcome: 'applied' };
    }
    const table = correlation.local_table || localTable(definition, side);
    const [row] = await within.findBy(table, { sys_id: correlation.local_record ?? '' }, { limit: 1, forUpdate: true });
    if (!row) return refused('exchange.parent_gone', 'The record that belonged to this one was deleted');
    const isReconnected = operation === 'connect' && task.status !== 'connected';
    // First what changed here meanwhile: so that both sides see that they changed the same field.
    if (isReconnected) await sendChanges(transaction, { pair, row, operation: 'update', by: '', hops: payload.hops + 1 });
    const outcome = await takeFields.into(transaction, { pair, row, payload, company: await companyName(within, connection) });
    if (outcome.outcome !== 'refused' && (isReconnected || task.status === 'new')) await setStatus('connected');
    return outcome;
  };

  return {
    kinds: ['record'],
    async apply(transaction: Transaction, message: Message, { sysId }): Promise<Outcome> {
      const payload = readPayload(message.payload);
      if (!payload) return refused('exchange.bad_payload', 'The change is not as the protocol says');
      const within = records().within(transaction);
      const connection = await findConnection(within, sysId);
      if (!connection) return refused('exchange.no_connection', 'The connection is gone here');
      const names = { local: payload.peerCorrelation, remote: payload.correlation };
      const correlation = await findCorrelation(within, sysId, names);
      if (!correlation)
        return message.operation === 'insert'
          ? payload.definition === providerTaskKey
            ? (sideOf(connection) === 'provider' ? takeOrder : takeOpened)(transaction, connection, payload)
            : begin(transaction, connection, payload)
          : refused('exchange.correlation_unknown', 'No record here belongs to this one');
      const task = await findTie(within, correlation.remote_task);
      const pair = task && (await readPair(within, task, { connection, correlation }));
      if (!pair) return refused('exchange.correlation_unknown', 'No record here belongs to this one');
      return continueWith(transaction, { pair, payload, operation: message.operation });
    },
  };
};
