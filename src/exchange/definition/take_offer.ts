// The consumer's copies of what a provider offers. Nothing that a provider offers takes effect before somebody here activates it: the first
// revision stands as a draft to look at, later ones wait beside the active one. An offer never removes anything.
import { isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { noteCaller, originOf } from '../origin.ts';
import { refused } from '../refused.ts';
import { retryErrored } from '../remote_task/retry_errored.ts';
import type { Applier, Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { dropEntitlements, setEntitlement } from './entitlements.ts';
import { requireFeatures, taskFeatures } from './needed_features.ts';
import { configKind, type OfferedKind, type ReadOffer } from './offered_kind.ts';
import { longestOffer } from './releases.ts';

const over: ReadonlySet<string> = new Set(['archived', 'retired']);

export const makeOfferRules = (
  { records, enqueue, features = taskFeatures }: Pick<TasksParts, 'records' | 'enqueue' | 'features'>,
  kind: OfferedKind,
): readonly Rule[] => [
  {
    name: `exchange: activating a ${kind.operation} of a provider`,
    tables: [kind.consumerTable],
    async check(transaction, { operation, before, values, caller }) {
      if (operation !== 'update' || originOf(caller)) return;
      // Activating is one gesture: the offered revision is the one that becomes active.
      const isFirst = before.state === 'draft' && values.state === 'published';
      if (!isFirst && values.active_revision === before.active_revision) return;
      const connection = { sys_id: values.connection ?? '' };
      const [provider] = await records().within(transaction).findBy('sn_sb_connection', connection, { limit: 1 });
      const offer = kind.read(JSON.parse(values.offered || 'null'));
      requireFeatures(offer?.needed ?? [], features, provider);
      if (offer) kind.requireFit?.(records().dictionary(), offer.values);
      Object.assign(values, kind.activeValues, { active_revision: values.offered_revision ?? '0' });
    },
    async applied(transaction, { operation, before, after, changed }) {
      const within = records().within(transaction);
      if (operation === 'delete') await dropEntitlements(within, before.sys_id ?? '');
      const isActivated = changed.includes('active_revision') || (before.state === 'draft' && after.state === 'published');
      if (operation !== 'update' || !isActivated) return;
      const offer = kind.read(JSON.parse(after.offered || 'null'));
      if (!offer) return;
      const consumer_active_revision = after.active_revision ?? '0';
      const values = { ...offer.values, revision: consumer_active_revision };
      await within.update(noteCaller, kind.consumerTable, after.sys_id ?? '', values);
      await offer.takeParts(within, after.sys_id ?? '');
      const place = { side: 'consumer', connection: after.connection ?? '', entity: after } as const;
      await setEntitlement(within, place, { status: 'active', consumer_active_revision });
      await enqueue(transaction, {
        connection: place.connection,
        kind: configKind,
        operation: 'activated',
        payload: { definition: after.provider_definition, revision: consumer_active_revision },
      });
      await retryErrored(within, { definition: after.sys_id ?? '', connection: place.connection });
    },
  },
];

/** What a peer offers, and what a peer activates of what was offered to it. */
export const makeConfigApplier = ({ records }: Pick<TasksParts, 'records'>, kinds: readonly OfferedKind[]): Applier => {
  const takeOffer = async (
    within: RecordsInTransaction,
    connection: string,
    kind: OfferedKind,
    { offer, payload }: { offer: ReadOffer; payload: unknown },
  ): Promise<Outcome> => {
    const { key, revision, state } = offer;
    const [known] = await within.findBy(kind.consumerTable, { connection, provider_definition: key }, { limit: 1 });
    const entitle = (entity: Row, status: 'offered' | 'withdrawn') =>
      setEntitlement(within, { side: 'consumer', connection, entity }, { status, revision });
    if (known && over.has(state)) {
      await within.update(noteCaller, kind.consumerTable, known.sys_id ?? '', { state, ...kind.idleValues });
      await entitle(known, 'withdrawn');
      return { outcome: 'applied' };
    }
    if (over.has(state)) return { outcome: 'ignored', reason: 'It was never offered here' };
    if (known && Number(revision) < Number(known.offered_revision || 0))
      return { outcome: 'ignored', reason: 'A later revision was offered' };
    const text = JSON.stringify(payload);
    if (text.length > longestOffer) return refused('exchange.bad_payload', `An offer is at most ${longestOffer} characters long`);
    const offered = { offered: text, offered_revision: revision };
    // What was archived and is offered again has to be activated again.
    const again: Record<string, string> = over.has(known?.state ?? '') ? { state: 'draft' } : {};
    const isActive = Number(known?.active_revision || 0) > 0;
    const row = known
      ? await within.update(noteCaller, kind.consumerTable, known.sys_id ?? '', {
          ...offered,
          ...again,
          ...(isActive ? {} : offer.values),
        })
      : await within.insert(noteCaller, kind.consumerTable, {
          ...offer.values,
          ...kind.idleValues,
          ...offered,
          connection,
          provider_definition: key,
          state: 'draft',
        });
    if (!isActive) await offer.takeParts(within, row.sys_id ?? '');
    await entitle(row, 'offered');
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
    const status = known.status === 'withdrawn' ? 'withdrawn' : 'active';
    const entity = { sys_id: definition };
    await setEntitlement(within, { side: 'provider', connection, entity }, { status, consumer_active_revision: revision });
    await retryErrored(within, { definition, connection });
    return { outcome: 'applied' };
  };

  return {
    kinds: [configKind],
    async apply(transaction, { operation, payload }, { sysId }): Promise<Outcome> {
      const within = records().within(transaction);
      try {
        if (operation === 'activated') return await noteActivated(within, sysId, payload);
        const kind = kinds.find((each) => each.operation === operation);
        const offer = kind?.read(payload);
        if (!kind || !offer) return refused('exchange.bad_payload', 'The configuration is not as the protocol says');
        const [asConsumer] = await within.findBy('sn_sb_con_provider_connection', { sys_id: sysId }, { limit: 1 });
        if (!asConsumer) return refused('exchange.definition_unknown', 'On this connection this instance is the provider');
        return await takeOffer(within, sysId, kind, { offer, payload });
      } catch (error) {
        if (!isFault(error)) throw error;
        return refused(error.code, error.explanation ?? error.message);
      }
    },
  };
};
