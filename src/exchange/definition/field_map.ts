// A remote task definition as one side reads it: its own table, what it sends and what it takes. Reads rows; must not change them.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { providerTaskFields, providerTaskKey } from './provider_task_map.ts';

export type Side = 'provider' | 'consumer';
export type Direction = 'inbound' | 'outbound';

export interface MappedField {
  /** The word on the wire. */
  readonly name: string;
  readonly label: string;
  /** On the sending side; may lead through references. */
  readonly source: string;
  /** On the receiving side. */
  readonly target: string;
  readonly syncWhen: string;
}

/** Which side this instance is on. */
export const sideOf = (connection: Row): Side =>
  connection.sys_class_name === 'sn_sb_pro_consumer_connection' ? 'provider' : 'consumer';

export const otherSide = (side: Side): Side => (side === 'provider' ? 'consumer' : 'provider');

export const prefixOf = (side: Side): 'pro' | 'con' => (side === 'provider' ? 'pro' : 'con');

export const fieldTable = (side: Side, direction: Direction): string =>
  `sn_sb_${prefixOf(side)}_remote_task_def_${direction}_field`;

export const definitionTable = (side: Side): string => `sn_sb_${prefixOf(side)}_remote_task_def`;

export const localTable = (definition: Row, side: Side): string => definition[`${side}_table`] ?? '';

/** Definitions that are not offered any more still serve the tasks that have them, until they are archived. */
export const isInService = ({ state, revision, provider_definition }: Row): boolean =>
  // A provider who works on the next revision has not taken back the last one.
  state === 'published' || state === 'inactive' || (state === 'draft' && !provider_definition && Number(revision || 0) > 0);

/** Of a provider's earlier revision, see releases.ts. */
const releasedRows = (release: string, direction: Direction): Row[] => {
  const { to_provider, to_consumer } = JSON.parse(release) as { to_provider?: Row[]; to_consumer?: Row[] };
  return (direction === 'inbound' ? to_provider : to_consumer) ?? [];
};

export const readFieldMap = async (
  within: RecordsInTransaction,
  { definition, side, direction }: { definition: Row; side: Side; direction: Direction },
): Promise<MappedField[]> => {
  if (definition.sys_id === providerTaskKey) return providerTaskFields(definition, side, direction);
  const rows = definition.release
    ? releasedRows(definition.release, direction)
    : await within.findBy(fieldTable(side, direction), { definition: definition.sys_id ?? '', active: 'true' });
  return rows.map((row) => ({
    name: row.name ?? '',
    label: row.label || (row.name ?? ''),
    source: row.source ?? '',
    target: row.target ?? '',
    syncWhen: row.sync_when ?? '',
  }));
};
