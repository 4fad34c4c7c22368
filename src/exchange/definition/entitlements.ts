// Rows that say what a consumer may use and has activated. Kept by the exchange alone.
import type { RecordsInTransaction } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';
import { prefixOf, type Side } from './field_map.ts';

export const setEntitlement = async (
  within: RecordsInTransaction,
  { side, connection, entity }: { side: Side; connection: string; entity: string },
  values: { status?: string; revision?: string; consumer_active_revision?: string },
): Promise<void> => {
  const [known] = await within.findBy('sn_sb_entitlement', { connection, entity }, { limit: 1 });
  if (known) await within.update(noteCaller, 'sn_sb_entitlement', known.sys_id ?? '', values);
  else await within.insert(noteCaller, `sn_sb_${prefixOf(side)}_entitlement`, { connection, entity, ...values });
};
