// The provider's definitions: checked before they are published, fixed while they are, offered to the consumers they are meant for.
import { Fault } from '../../kit/fault.ts';
import type { Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { fieldAt } from '../remote_task/read_source.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { setEntitlement } from './entitlements.ts';
import { fieldTable } from './field_map.ts';
import { writeOffer } from './offer.ts';

const definitions = 'sn_sb_pro_remote_task_def';

const invalid = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.definition_invalid', 'The definition cannot be published', { explanation });

const published = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.definition_published', 'The definition cannot be changed', { explanation });

export const makePublishRules = ({ records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>): readonly Rule[] => {
  const requirePublishable = async (transaction: Transaction, definition: Row): Promise<void> => {
    const within = records().within(transaction);
    const dictionary = records().dictionary();
    const table = dictionary.table(definition.provider_table ?? '');
    if (!table?.chain.some(({ name }) => name === 'task'))
      throw invalid(`${definition.provider_table} is no table of tasks here`);
    const match = { definition: definition.sys_id ?? '', active: 'true' };
    const outbound = await within.findBy(fieldTable('provider', 'outbound'), match);
    const inbound = await within.findBy(fieldTable('provider', 'inbound'), match);
    if (outbound.length + inbound.length === 0) throw invalid('It lists no field');
    for (const { name, source = '' } of outbound)
      if (!fieldAt(dictionary, table, source)) throw invalid(`The source of ${name} is no field: ${source}`);
    for (const { name, target = '' } of inbound)
      if (!table.fields.has(target)) throw invalid(`The target of ${name} is no field: ${target}`);
  };

  const offer = async (transaction: Transaction, definition: Row, connection: Row): Promise<void> => {
    const within = records().within(transaction);
    const place = { side: 'provider', connection: connection.sys_id ?? '', entity: definition.sys_id ?? '' } as const;
    const isOver = definition.state === 'archived' || definition.state === 'retired';
    await setEntitlement(within, place, { revision: definition.revision ?? '0', ...(isOver ? { status: 'withdrawn' } : {}) });
    const payload = await writeOffer(within, definition);
    await enqueue(transaction, { connection: place.connection, kind: 'config', operation: 'definition', payload });
  };

  const isFor = (definition: Row, connection: Row): boolean =>
    !definition.consumers || definition.consumers.split(',').includes(connection.sys_id ?? '');

  return [
    {
      name: 'exchange: what holds of a definition of this provider',
      tables: [definitions],
      async check(transaction, { operation, before, values }) {
        if (operation === 'delete') {
          if (before.state !== 'retired' && Number(before.revision || 0) > 0)
            throw published('Only a retired one can be deleted');
          return;
        }
        if (operation === 'insert') Object.assign(values, { state: 'draft', revision: '0' });
        const isMoved = values.state !== before.state;
        if (before.state === 'retired') throw published('It is retired');
        if (operation === 'update' && before.state !== 'draft') {
          const touched = Object.keys(values).filter((key) => !key.startsWith('sys_') && values[key] !== before[key]);
          if (touched.some((key) => key !== 'state')) throw published('Set it back to Draft to work on the next revision');
        }
        if (operation === 'update' && isMoved && before.state === 'draft' && values.state === 'published') {
          await requirePublishable(transaction, values);
          values.revision = String(Number(before.revision || 0) + 1);
        }
      },
      async applied(transaction, { operation, after, changed }) {
        if (operation !== 'update' || !changed.includes('state') || after.state === 'draft') return;
        const match = { state: 'onboarded', active: 'true' };
        const connections = await records().within(transaction).findBy('sn_sb_pro_consumer_connection', match);
        for (const connection of connections) if (isFor(after, connection)) await offer(transaction, after, connection);
      },
    },
    {
      name: 'exchange: fields of a published definition stay as they are',
      tables: [fieldTable('provider', 'inbound'), fieldTable('provider', 'outbound')],
      async check(transaction, { before, values }) {
        for (const definition of new Set([before.definition, values.definition])) {
          const match = { sys_id: definition ?? '' };
          const [row] = definition ? await records().within(transaction).findBy(definitions, match, { limit: 1 }) : [];
          if (row && row.state !== 'draft') throw published('Set the definition back to Draft to work on the next revision');
        }
      },
    },
    {
      name: 'exchange: a new consumer is offered what is published',
      tables: ['sn_sb_pro_consumer_connection'],
      async applied(transaction, { operation, after, changed }) {
        if (operation !== 'update' || !changed.includes('state') || after.state !== 'onboarded') return;
        const rows = await records().within(transaction).findBy(definitions, { state: 'published' });
        for (const row of rows) if (isFor(row, after)) await offer(transaction, row, after);
      },
    },
  ];
};
