// Writes of the CMDB Instance API: an item and its relations are made in one transaction, or not at all.
import { wireMoment } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction } from '../../records/records.ts';
import { notFound } from '../../records/refusals.ts';
import type { Answer, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import type { CmdbParts } from './cmdb_api.ts';
import { classOf } from './read.ts';
import { badItem, type ItemChange, type Relation, readChange } from './read_change.ts';
import { describeItem } from './say_item.ts';

const relations = 'cmdb_rel_ci';

const sysIdOf = (asked: Asked): string => asked.segments.get('sys_id') ?? '';

const answer = async ({ records }: CmdbParts, asked: Asked, status: number, sysId: string): Promise<Answer> => ({
  status,
  body: sayData(asked.accept, await describeItem(records, asked, classOf(records, asked), sysId)),
});

/** What relations lead to must be there, and be seen by the caller. */
const requireEnds = async ({ records }: CmdbParts, { caller }: Asked, { outbound, inbound }: ItemChange): Promise<void> => {
  const requireOne = async (table: string, sysId: string): Promise<void> => {
    try {
      await records.get(caller, table, sysId, { fields: ['sys_id'] });
    } catch (error) {
      if (isFault(error, 'records.not_found')) throw badItem(`A relation names a record that ${table} does not have.`);
      throw error;
    }
  };
  const all = [...outbound, ...inbound];
  for (const type of new Set(all.map((each) => each.type))) await requireOne('cmdb_rel_type', type);
  for (const target of new Set(all.map((each) => each.target))) await requireOne('cmdb_ci', target);
};

const insertRelations = async (within: RecordsInTransaction, { caller }: Asked, item: string, change: ItemChange) => {
  const insert = ({ type }: Relation, parent: string, child: string) => within.insert(caller, relations, { type, parent, child });
  for (const relation of change.outbound) await insert(relation, item, relation.target);
  for (const relation of change.inbound) await insert(relation, relation.target, item);
};

/** Who says so, and when. */
const seen = ({ clock }: CmdbParts, { source }: ItemChange): Record<string, string> =>
  source === '' ? {} : { discovery_source: source, last_discovered: wireMoment(clock.now()) };

export const createItem =
  (parts: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { records } = parts;
    const asClass = classOf(records, asked);
    const change = await readChange(asked);
    const below = records.dictionary().table(String(change.attributes.sys_class_name ?? ''));
    const table = below?.chain.some(({ name }) => name === asClass) ? below.name : asClass;
    await requireEnds(parts, asked, change);
    const found = seen(parts, change);
    if (found.last_discovered) found.first_discovered = found.last_discovered;
    const sysId = await records.write(async (transaction) => {
      const within = records.within(transaction);
      const item = await within.insert(asked.caller, table, { ...found, ...change.attributes });
      await insertRelations(within, asked, item.sys_id ?? '', change);
      return item.sys_id ?? '';
    });
    return answer(parts, asked, 201, sysId);
  };

export const updateItem =
  (parts: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { records } = parts;
    const table = classOf(records, asked);
    const change = await readChange(asked);
    await records.update(
      asked.caller,
      table,
      sysIdOf(asked),
      { ...seen(parts, change), ...change.attributes },
      { fields: ['sys_id'] },
    );
    return answer(parts, asked, 200, sysIdOf(asked));
  };

export const addRelations =
  (parts: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { records } = parts;
    const table = classOf(records, asked);
    await records.get(asked.caller, table, sysIdOf(asked), { fields: ['sys_id'] });
    const change = await readChange(asked);
    await requireEnds(parts, asked, change);
    await records.write((transaction) => insertRelations(records.within(transaction), asked, sysIdOf(asked), change));
    return answer(parts, asked, 201, sysIdOf(asked));
  };

export const removeRelation =
  ({ records }: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = classOf(records, asked);
    await records.get(asked.caller, table, sysIdOf(asked), { fields: ['sys_id'] });
    const sysId = asked.segments.get('relation') ?? '';
    const [relation] = await records.findBy(relations, { sys_id: sysId }, { limit: 1 });
    if (!relation || ![relation.parent, relation.child].includes(sysIdOf(asked))) throw notFound();
    await records.remove(asked.caller, relations, sysId);
    return { status: 204 };
  };
