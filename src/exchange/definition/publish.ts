// What a provider offers: checked before it is published, fixed while it is, offered to the consumers it is meant for, and withdrawn from
// those it is meant for no longer. Nothing that was offered is ever removed at a consumer.
import type { Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { originOf } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { dropEntitlements, setEntitlement } from './entitlements.ts';
import { configKind, type OfferedKind } from './offered_kind.ts';
import { isPublished } from './refusals.ts';
import { dropReleases, keepRelease } from './releases.ts';

const isFor = (row: Row, connection: Row): boolean =>
  !row.consumers || row.consumers.split(',').includes(connection.sys_id ?? '');

export const makePublishRules = (
  { records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>,
  kind: OfferedKind,
): readonly Rule[] => {
  const offer = async (transaction: Transaction, row: Row, connection: Row): Promise<void> => {
    const within = records().within(transaction);
    const place = { side: 'provider', connection: connection.sys_id ?? '', entity: row } as const;
    const isOver = row.state === 'archived' || row.state === 'retired';
    await setEntitlement(within, place, { revision: row.revision ?? '0', status: isOver ? 'withdrawn' : 'offered' });
    const payload = await kind.write(within, row);
    await enqueue(transaction, { connection: place.connection, kind: configKind, operation: kind.operation, payload });
  };

  /** To those it is for; who was offered it before and is left out now hears that it is archived. */
  const offerToAll = async (transaction: Transaction, row: Row): Promise<void> => {
    const within = records().within(transaction);
    const match = { state: 'onboarded', active: 'true' };
    const held = await within.findBy('sn_sb_pro_entitlement', { entity: row.sys_id ?? '' });
    const isHeld = new Set(held.filter(({ status }) => status !== 'withdrawn').map(({ connection }) => connection));
    for (const connection of await within.findBy('sn_sb_pro_consumer_connection', match)) {
      if (isFor(row, connection)) await offer(transaction, row, connection);
      else if (isHeld.has(connection.sys_id)) await offer(transaction, { ...row, state: 'archived' }, connection);
    }
  };

  return [
    {
      name: `exchange: what holds of a ${kind.operation} of this provider`,
      tables: [kind.providerTable],
      async check(transaction, { operation, before, values }) {
        if (operation === 'delete') {
          if (before.state !== 'retired' && Number(before.revision || 0) > 0)
            throw isPublished('Only a retired one can be deleted');
          return;
        }
        if (operation === 'insert') Object.assign(values, { state: 'draft', revision: '0' });
        if (before.state === 'retired') throw isPublished('It is retired');
        const isMoved = values.state !== before.state;
        if (operation === 'update' && before.state !== 'draft' && !(isMoved && values.state === 'draft')) {
          const touched = Object.keys(values).filter((key) => !key.startsWith('sys_') && values[key] !== before[key]);
          if (touched.some((key) => key !== 'state' && !kind.localElements.has(key))) {
            if (kind.onEdit === 'refuse') throw isPublished('Set it back to Draft to work on the next revision');
            values.state = 'draft';
          }
        }
        if (operation === 'update' && before.state === 'draft' && values.state === 'published') {
          await kind.requirePublishable(records().within(transaction), records().dictionary(), values);
          values.revision = String(Number(before.revision || 0) + 1);
        }
      },
      async applied(transaction, { operation, before, after, changed }) {
        const within = records().within(transaction);
        if (operation === 'delete') {
          await dropEntitlements(within, before.sys_id ?? '');
          await dropReleases(within, before.sys_id ?? '');
        }
        if (operation !== 'update' || !changed.includes('state') || after.state === 'draft') return;
        if (changed.includes('revision')) await keepRelease(within, after, await kind.write(within, after));
        await offerToAll(transaction, after);
      },
    },
    {
      name: `exchange: parts of a ${kind.operation} that is published`,
      tables: kind.partTables,
      async check(transaction, { table, before, values, caller }) {
        if (originOf(caller)) return;
        const within = records().within(transaction);
        for (const part of [before, values]) {
          for (const row of await kind.ownersOf(within, table.name, part)) {
            if (row.state === 'draft') continue;
            if (kind.onEdit === 'refuse') throw isPublished('Set the definition back to Draft to work on the next revision');
            await within.update(caller, kind.providerTable, row.sys_id ?? '', { state: 'draft' });
          }
        }
      },
    },
    {
      name: `exchange: a new consumer is offered every published ${kind.operation}`,
      tables: ['sn_sb_pro_consumer_connection'],
      async applied(transaction, { operation, after, changed }) {
        if (operation !== 'update' || !changed.includes('state') || after.state !== 'onboarded') return;
        const rows = await records().within(transaction).findBy(kind.providerTable, { state: 'published' });
        for (const row of rows) if (isFor(row, after)) await offer(transaction, row, after);
      },
    },
  ];
};
