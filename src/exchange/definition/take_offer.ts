// The consumer's copies of a provider's definitions. Nothing that a provider offers takes effect before somebody here activates it: the first
// revision stands as a draft to look at, later ones wait beside the active one. An offer never removes anything.
import { isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { noteCaller, originOf } from '../origin.ts';
import type { Applier, Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { setEntitlement } from './entitlements.ts';
import { fieldTable } from './field_map.ts';
import { type Offer, type OfferedField, readOffer, sharedOf } from './offer.ts';

const definitions = 'sn_sb_con_remote_task_def';

const refused = (code: string, detail: string): Outcome => ({ outcome: 'refused', code, detail, permanent: true });

/** What was set here stays: which of our fields it is, what it is called, when it goes. What is offered no more is switched off. */
const takeFields = async (
  within: RecordsInTransaction,
  definition: string,
  { table, own, offered }: { table: string; own: 'source' | 'target'; offered: readonly OfferedField[] },
): Promise<void> => {
  const known = new Map((await within.findBy(table, { definition })).map((row) => [row.name ?? '', row]));
  for (const field of offered) {
    const row = known.get(field.name);
    known.delete(field.name);
    const other = own === 'source' ? 'target' : 'source';
    if (row) await within.update(noteCaller, table, row.sys_id ?? '', { [other]: field[other], active: 'true' });
    else await within.insert(noteCaller, table, { ...field, definition });
  }
  for (const row of known.values()) await within.update(noteCaller, table, row.sys_id ?? '', { active: 'false' });
};

const takeAllFields = async (within: RecordsInTransaction, definition: string, offer: Offer): Promise<void> => {
  const [outbound, inbound] = [fieldTable('consumer', 'outbound'), fieldTable('consumer', 'inbound')];
  await takeFields(within, definition, { table: outbound, own: 'source', offered: offer.to_provider });
  await takeFields(within, definition, { table: inbound, own: 'target', offered: offer.to_consumer });
};

const over: ReadonlySet<string> = new Set(['archived', 'retired']);

export const makeOfferRules = ({ records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>): readonly Rule[] => [
  {
    name: 'exchange: activating a definition of a provider',
    tables: [definitions],
    async check(_transaction, { operation, before, values, caller }) {
      if (operation !== 'update' || originOf(caller)) return;
      // Activating is one gesture: the offered revision is the one that becomes active.
      const isFirst = before.state === 'draft' && values.state === 'published';
      if (isFirst || values.active_revision !== before.active_revision) values.active_revision = values.offered_revision ?? '0';
    },
    async applied(transaction, { operation, after, changed }) {
      if (operation !== 'update' || !changed.includes('active_revision')) return;
      const offer = readOffer(JSON.parse(after.offered || 'null'));
      if (!offer) return;
      const within = records().within(transaction);
      await within.update(noteCaller, definitions, after.sys_id ?? '', {
        ...sharedOf(offer),
        revision: after.active_revision ?? '0',
      });
      await takeAllFields(within, after.sys_id ?? '', offer);
      const place = { side: 'consumer', connection: after.connection ?? '', entity: after.sys_id ?? '' } as const;
      const consumer_active_revision = after.active_revision ?? '0';
      await setEntitlement(within, place, { status: 'active', consumer_active_revision });
      await enqueue(transaction, {
        connection: place.connection,
        kind: 'config',
        operation: 'activated',
        payload: { definition: after.provider_definition, revision: consumer_active_revision },
      });
    },
  },
];

export const makeConfigApplier = ({ records }: Pick<TasksParts, 'records'>): Applier => {
  const takeOffer = async (within: RecordsInTransaction, connection: string, offer: Offer): Promise<Outcome> => {
    const { sys_id: key = '', revision = '0', state = '' } = offer.definition;
    const [known] = await within.findBy(definitions, { connection, provider_definition: key }, { limit: 1 });
    const entitle = (entity: Row, status: string) =>
      setEntitlement(within, { side: 'consumer', connection, entity: entity.sys_id ?? '' }, { status, revision });
    if (known && over.has(state)) {
      await within.update(noteCaller, definitions, known.sys_id ?? '', { state });
      await entitle(known, 'withdrawn');
      return { outcome: 'applied' };
    }
    if (over.has(state)) return { outcome: 'ignored', reason: 'It was never offered here' };
    if (known && Number(revision) < Number(known.offered_revision || 0))
      return { outcome: 'ignored', reason: 'A later revision was offered' };
    const offered = { offered: JSON.stringify(offer), offered_revision: revision };
    const isActive = Number(known?.active_revision || 0) > 0;
    const row = known
      ? await within.update(noteCaller, definitions, known.sys_id ?? '', { ...offered, ...(isActive ? {} : sharedOf(offer)) })
      : await within.insert(noteCaller, definitions, {
          ...sharedOf(offer),
          ...offered,
          connection,
          provider_definition: key,
          state: 'draft',
        });
    if (!isActive) await takeAllFields(within, row.sys_id ?? '', offer);
    await entitle(row, isActive ? 'active' : 'pending');
    return { outcome: 'applied' };
  };

  const noteActivated = async (within: RecordsInTransaction, connection: string, payload: unknown): Promise<Outcome> => {
    const { definition, revision } = (payload ?? {}) as Record<string, unknown>;
    if (typeof definition !== 'string' || typeof revision !== 'string' || !/^\d{1,9}$/.test(revision))
      return refused('exchange.bad_payload', 'The activation is not as the protocol says');
    const [known] = definition
      ? await within.findBy('sn_sb_pro_entitlement', { connection, entity: definition }, { limit: 1 })
      : [];
    if (!known) return refused('exchange.definition_unknown', 'This definition was not offered on this connection');
    const values = { status: 'active', consumer_active_revision: revision };
    await setEntitlement(within, { side: 'provider', connection, entity: definition }, values);
    return { outcome: 'applied' };
  };

  return {
    kinds: ['config'],
    async apply(transaction, { operation, payload }, { sysId }): Promise<Outcome> {
      const within = records().within(transaction);
      try {
        if (operation === 'activated') return await noteActivated(within, sysId, payload);
        const offer = operation === 'definition' ? readOffer(payload) : undefined;
        if (!offer) return refused('exchange.bad_payload', 'The configuration is not as the protocol says');
        const [asConsumer] = await within.findBy('sn_sb_con_provider_connection', { sys_id: sysId }, { limit: 1 });
        if (!asConsumer) return refused('exchange.definition_unknown', 'On this connection this instance is the provider');
        return await takeOffer(within, sysId, offer);
      } catch (error) {
        if (!isFault(error)) throw error;
        return refused(error.code, error.explanation ?? error.message);
      }
    },
  };
};
