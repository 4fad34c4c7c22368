// Published revisions, kept as they were, and the one that a connection goes by: what the consumer has activated, not what the provider works
// on meanwhile.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';
import { invalid } from './refusals.ts';

const table = 'sn_sb_release';

/** What the column of a release, and that of an offer, holds. */
export const longestOffer = 65_000;

/** Throws `exchange.definition_invalid` where it is too large. */
export const keepRelease = async (within: RecordsInTransaction, row: Row, content: unknown): Promise<void> => {
  const text = JSON.stringify(content);
  if (text.length > longestOffer)
    throw invalid(`It is too large: written down it has ${text.length} characters of ${longestOffer}`);
  const [entity, revision] = [row.sys_id ?? '', row.revision ?? '0'];
  await within.insert(noteCaller, table, { entity_table: row.sys_class_name ?? '', entity, revision, content: text });
};

export const dropReleases = async (within: RecordsInTransaction, entity: string): Promise<void> => {
  for (const row of await within.findBy(table, { entity })) await within.remove(noteCaller, table, row.sys_id ?? '');
};

interface Content {
  definition?: Record<string, string>;
}

/** A provider's definition as this consumer has activated it. `release` holds its fields where they are not those of the rows. */
export const inForce = async (within: RecordsInTransaction, definition: Row, connection: Row): Promise<Row> => {
  if (definition.sys_class_name !== 'sn_sb_pro_remote_task_def') return definition;
  const entity = definition.sys_id ?? '';
  const [held] = await within.findBy('sn_sb_pro_entitlement', { connection: connection.sys_id ?? '', entity }, { limit: 1 });
  const latest = definition.revision ?? '0';
  const active = Number(held?.consumer_active_revision || 0) > 0 ? (held?.consumer_active_revision ?? '') : latest;
  if (active === latest && definition.state !== 'draft') return definition;
  const [release] = await within.findBy(table, { entity, revision: active }, { limit: 1 });
  if (!release?.content) return definition;
  const { state: _state, revision: _revision, ...shared } = (JSON.parse(release.content) as Content).definition ?? {};
  return { ...definition, ...shared, release: release.content };
};
