// What a provider opens for a consumer by itself: a provider task for a case, an incident, a change or another task of its own. The consumer
// needs no configuration for it.
import { Fault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';
import type { Dictionary } from '../../records/dictionary.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { sideOf } from '../definition/field_map.ts';
import { hasFeature } from '../definition/needed_features.ts';
import { findConnection } from '../remote_task/pair.ts';
import { received, stateFromWork } from './moves.ts';

const table = 'sn_sb_pro_provider_task';

const refusal = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.provider_task_invalid', 'The provider task cannot be opened', { explanation });

/** The record that people work on, with all its fields; undefined where it is none. */
export const findWork = async (within: RecordsInTransaction, sysId: string | undefined): Promise<Row | undefined> => {
  const [base] = sysId ? await within.findBy('task', { sys_id: sysId }, { limit: 1 }) : [];
  const className = base?.sys_class_name || 'task';
  return className === 'task' ? base : (await within.findBy(className, { sys_id: sysId ?? '' }, { limit: 1 }))[0];
};

/** Connections to the consumer that a record is about. */
export const connectionsAbout = async (within: RecordsInTransaction, work: Row): Promise<Row[]> => {
  const company = work.account || work.company;
  return company ? within.findBy('sn_sb_pro_consumer_connection', { company, state: 'onboarded', active: 'true' }) : [];
};

const connectionFor = async (within: RecordsInTransaction, work: Row, given: string | undefined): Promise<Row> => {
  const found = given ? [await findConnection(within, given)] : await connectionsAbout(within, work);
  const [connection] = found;
  if (!connection || found.length > 1)
    throw refusal(`Its connection has to be named: ${found.length} are to the company of the record`);
  if (sideOf(connection) !== 'provider' || connection.active !== 'true' || connection.state !== 'onboarded')
    throw refusal('It needs an active connection to a consumer');
  return connection;
};

/** Throws `exchange.provider_task_invalid`, `exchange.feature_missing`, and what a change of the record by the caller would. */
export const fillOpened = async (
  within: RecordsInTransaction,
  dictionary: Dictionary,
  { values, caller }: { values: Record<string, string>; caller: Caller },
): Promise<void> => {
  const work = await findWork(within, values.parent);
  const chain = dictionary.table(work?.sys_class_name || 'task')?.chain ?? [];
  if (!work || chain.some(({ name }) => name.startsWith('sn_sb_')))
    throw refusal('Its parent is a case, an incident, a change or another task of this instance');
  // Whoever sends it elsewhere may work on it here.
  await within.update(caller, work.sys_class_name || 'task', work.sys_id ?? '', {});
  if (work.active === 'false') throw refusal('The record that it is about is closed');
  const connection = await connectionFor(within, work, values.connection);
  if (!hasFeature(connection, 'proactive_tasks'))
    throw new Fault('conflict', 'exchange.feature_missing', 'This cannot be opened for this consumer', {
      explanation: 'It needs proactive_tasks, which the consumer does not know.',
    });
  const known = await within.findBy(table, { parent: work.sys_id ?? '', connection: connection.sys_id ?? '' });
  const other = known.find(({ status }) => status !== 'error');
  if (other) throw refusal(`The record has a provider task on this connection: ${other.number}`);
  Object.assign(values, {
    connection: connection.sys_id ?? '',
    company: connection.company ?? '',
    state: stateFromWork(work, chain) ?? received,
    priority: work.priority ?? '',
    approval: work.approval ?? '',
    status: 'new',
    record_producer: '',
    vars_json: '',
  });
  values.short_description ||= work.short_description ?? '';
  values.description ||= work.description ?? '';
};
