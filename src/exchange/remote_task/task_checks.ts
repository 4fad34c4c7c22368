// What holds of every remote task: one for a record and a definition, with a connection, between the tables that the definition names. People
// connect and disconnect it; everything else of the tie is fixed once it is made.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';
import type { Dictionary } from '../../records/dictionary.ts';
import type { Records, RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { definitionTable, isInService, localTable, prefixOf, sideOf } from '../definition/field_map.ts';
import { maySpeakFor } from '../definition/task_tables.ts';
import { idPrefixAt } from '../journal/journals.ts';
import { originOf } from '../origin.ts';
import { findConnection, findDefinition } from './pair.ts';

type Values = Record<string, string>;

const refusal = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.remote_task_invalid', 'The remote task is not valid', { explanation });

const fixed = (what: string): Fault =>
  new Fault('conflict', 'exchange.remote_task_fixed', 'This cannot be changed on a remote task', { explanation: what });

const allowedMoves = new Map([
  ['new', new Set(['disconnected'])],
  ['connected', new Set(['disconnected'])],
  ['disconnected', new Set(['connected'])],
  ['error', new Set(['connected', 'disconnected'])],
]);

/** Whoever ties a record to one elsewhere may work on it here. One that is hidden from him is none. */
const requireParent = async (
  within: RecordsInTransaction,
  { caller, table, sysId }: { caller: Caller; table: string; sysId: string },
): Promise<Row> => {
  try {
    return await within.update(caller, table, sysId, {});
  } catch (error) {
    if (isFault(error, 'records.not_found')) throw refusal(`A remote task needs a record of ${table} as its parent`);
    throw error;
  }
};

const connectsTo = async (
  within: RecordsInTransaction,
  dictionary: Dictionary,
  { className, values, caller }: { className: string; values: Values; caller: Caller },
): Promise<void> => {
  const connection = await findConnection(within, values.connection);
  if (!connection) throw refusal('A remote task needs a connection');
  if (connection.active !== 'true') throw refusal('The connection is not active');
  const definition = await findDefinition(within, values.definition);
  if (!definition || !isInService(definition)) throw refusal('A remote task needs an active remote task definition');
  const side = sideOf(connection);
  if (className !== `sn_sb_${prefixOf(side)}_remote_task` || definition.sys_class_name !== definitionTable(side))
    throw refusal(`On this connection this instance is the ${side}, and task and definition are made for that`);
  if (side === 'consumer' && definition.connection !== values.connection)
    throw refusal('The definition belongs to another connection');
  const table = localTable(definition, side);
  if (!maySpeakFor(dictionary, definition.sys_id, table)) throw refusal(`${table} is no table of tasks here`);
  const parent = await requireParent(within, { caller, table, sysId: values.parent ?? '' });
  values.short_description ||= parent.short_description ?? '';
  values.company ||= connection.company ?? '';
};

export const makeTaskChecks = ({ records, clock }: { records: () => Records; clock: Clock }): Rule => ({
  name: 'exchange: what holds of a remote task',
  tables: ['sn_sb_remote_task'],
  async check(transaction, { table, operation, before, values, caller }) {
    if (operation === 'delete') return;
    const [within, dictionary] = [records().within(transaction), records().dictionary()];
    const isOwn = originOf(caller) !== undefined;
    if (operation === 'insert') {
      await connectsTo(within, dictionary, { className: table.name, values, caller });
      if (!isOwn) values.status = 'new';
      values.pair_key = `${values.parent}:${values.definition}`;
      const [other] = await within.findBy('sn_sb_remote_task', { pair_key: values.pair_key }, { limit: 1 });
      if (other) throw refusal(`The record has a remote task of this definition: ${other.number}`);
      return;
    }
    if (values.parent !== before.parent) {
      if (values.parent !== '') throw fixed('The parent stays the one it was made for');
      Object.assign(values, { status: 'error', status_reason: 'The parent was deleted', pair_key: '' });
      return;
    }
    if (values.definition === '' && before.definition && !(await findDefinition(within, before.definition))) {
      Object.assign(values, { status: 'disconnected', status_reason: 'The definition was deleted', pair_key: '' });
      return;
    }
    if (values.definition !== before.definition || values.connection !== before.connection || values.number !== before.number)
      throw fixed('Number, definition and connection stay what they were');
    if (values.status === before.status) return;
    if (!isOwn && !allowedMoves.get(before.status ?? '')?.has(values.status ?? ''))
      throw fixed(`A remote task that is ${before.status} does not become ${values.status}`);
    if (values.status === 'connected') {
      if (!isOwn) await connectsTo(within, dictionary, { className: table.name, values, caller });
      Object.assign(values, { status_reason: '', disconnected_at: '', journal_cursor: '' });
    }
    if (values.status === 'disconnected')
      Object.assign(values, { disconnected_at: wireMoment(clock.now()), journal_cursor: idPrefixAt(clock.now()) });
  },
});
