// Rows that say what a consumer may use and has activated. Kept by the exchange alone.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';
import { prefixOf, type Side } from './field_map.ts';

/** `offered`: active where some revision of it is, else pending. */
type Status = 'offered' | 'active' | 'withdrawn';

export const setEntitlement = async (
  within: RecordsInTransaction,
  { side, connection, entity }: { side: Side; connection: string; entity: Row },
  { status, ...values }: { status: Status; revision?: string; consumer_active_revision?: string },
): Promise<void> => {
  const place = { connection, entity: entity.sys_id ?? '' };
  const [known] = await within.findBy('sn_sb_entitlement', place, { limit: 1 });
  const active = Number(values.consumer_active_revision ?? known?.consumer_active_revision ?? 0);
  const written = { ...values, status: status === 'offered' ? (active > 0 ? 'active' : 'pending') : status };
  if (known) await within.update(noteCaller, 'sn_sb_entitlement', known.sys_id ?? '', written);
  else
    await within.insert(noteCaller, `sn_sb_${prefixOf(side)}_entitlement`, {
      ...place,
      entity_table: entity.sys_class_name ?? '',
      ...written,
    });
};

/** Of something that was deleted. */
export const dropEntitlements = async (within: RecordsInTransaction, entity: string): Promise<void> => {
  for (const row of await within.findBy('sn_sb_entitlement', { entity }))
    await within.remove(noteCaller, 'sn_sb_entitlement', row.sys_id ?? '');
};
