// What this instance offers and what it is offered, as an administrator looks at it: remote task definitions and items of the catalogue side
// by side, each published or activated by one gesture. Writes in the name of whoever asks; the rules of the tables decide.
import { Fault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import { definitionKind } from '../definition/definition_kind.ts';
import type { OfferedKind } from '../definition/offered_kind.ts';
import { itemKind } from '../item/item_kind.ts';

export interface OfferReport {
  readonly sys_id: string;
  readonly table: string;
  readonly name: string;
  readonly kind: 'remote task' | 'item';
  readonly role: 'provider' | 'consumer';
  readonly state: string;
  /** Published or offered last; 0 for none. */
  readonly revision: number;
  /** At a consumer; 0 where none is active. */
  readonly active_revision: number;
  /** At a provider: one for each consumer; at a consumer: the one connection it came on. */
  readonly connections: readonly { readonly connection_id: string; readonly status: string; readonly active_revision: number }[];
}

export interface Offers {
  list(): Promise<OfferReport[]>;
  /** By sys_id (a provider's too) or by name. Throws `exchange.offer_unknown`, `exchange.offer_ambiguous`, and what keeps it from being published. */
  publish(caller: Caller, wanted: string, options: { dryRun: boolean }): Promise<OfferReport>;
  /** Takes the offered revision over. Throws as `publish` does. */
  activate(caller: Caller, wanted: string, options: { dryRun: boolean }): Promise<OfferReport>;
}

const kinds: readonly (readonly [OfferedKind, OfferReport['kind']])[] = [
  [definitionKind, 'remote task'],
  [itemKind, 'item'],
];

const unknown = (wanted: string): Fault =>
  new Fault('not_found', 'exchange.offer_unknown', 'There is no such definition or item', {
    explanation: `None has the sys_id or the name ${wanted}.`,
  });

const ambiguous = (count: number): Fault =>
  new Fault('conflict', 'exchange.offer_ambiguous', 'The name is not enough', {
    explanation: `${count} are called so: give the sys_id.`,
  });

export const makeOffers = ({ records }: { records: Records }): Offers => {
  const held = async (role: OfferReport['role'], entity: string): Promise<OfferReport['connections']> => {
    const table = role === 'provider' ? 'sn_sb_pro_entitlement' : 'sn_sb_con_entitlement';
    const rows = await records.findBy(table, { entity });
    const found: OfferReport['connections'][number][] = [];
    for (const { connection = '', status = '', consumer_active_revision } of rows) {
      const [row] = await records.findBy('sn_sb_connection', { sys_id: connection }, { limit: 1 });
      found.push({ connection_id: row?.connection_id ?? '', status, active_revision: Number(consumer_active_revision || 0) });
    }
    return found;
  };

  const report = async (row: Row, kind: OfferReport['kind'], role: OfferReport['role'], table: string): Promise<OfferReport> => ({
    sys_id: row.sys_id ?? '',
    table,
    name: row.name ?? '',
    kind,
    role,
    state: row.state ?? '',
    revision: Number((role === 'provider' ? row.revision : row.offered_revision) || 0),
    active_revision: Number(row.active_revision || 0),
    connections: await held(role, row.sys_id ?? ''),
  });

  const tableOf = (kind: OfferedKind, role: OfferReport['role']): string =>
    role === 'provider' ? kind.providerTable : kind.consumerTable;

  const find = async (role: OfferReport['role'], wanted: string): Promise<OfferReport> => {
    const found: OfferReport[] = [];
    for (const [kind, name] of kinds) {
      const table = tableOf(kind, role);
      const byId = await records.findBy(table, { sys_id: wanted });
      // A consumer may name it as the provider does.
      const byTheirs = role === 'consumer' ? await records.findBy(table, { provider_definition: wanted }) : [];
      const ids = [...byId, ...byTheirs];
      for (const row of ids.length > 0 ? ids : await records.findBy(table, { name: wanted }))
        found.push(await report(row, name, role, table));
    }
    const [first] = found;
    if (!first) throw unknown(wanted);
    if (found.length > 1) throw ambiguous(found.length);
    return first;
  };

  const again = async ({ table, kind, role, sys_id }: OfferReport): Promise<OfferReport> => {
    const [row] = await records.findBy(table, { sys_id }, { limit: 1 });
    return report(row ?? {}, kind, role, table);
  };

  return {
    async list() {
      const all: OfferReport[] = [];
      for (const [kind, name] of kinds)
        for (const role of ['provider', 'consumer'] as const)
          for (const row of await records.find(tableOf(kind, role), 'ORDERBYname'))
            all.push(await report(row, name, role, tableOf(kind, role)));
      return all;
    },
    async publish(caller, wanted, { dryRun }) {
      const found = await find('provider', wanted);
      if (dryRun || found.state === 'published') return found;
      await records.update(caller, found.table, found.sys_id, { state: 'published' });
      return again(found);
    },
    async activate(caller, wanted, { dryRun }) {
      const found = await find('consumer', wanted);
      const isOver = found.state === 'archived' || found.state === 'retired';
      if (isOver)
        throw new Fault('conflict', 'exchange.offer_over', 'This is not offered any more', {
          explanation: `The provider has set it to ${found.state}.`,
        });
      if (dryRun || (found.state === 'published' && found.active_revision === found.revision)) return found;
      const values: Record<string, string> =
        found.state === 'published' ? { active_revision: String(found.revision) } : { state: 'published' };
      await records.update(caller, found.table, found.sys_id, values);
      return again(found);
    },
  };
};
