// A definition as it travels to a consumer, written and read. Pure but for looking up rows.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { fieldTable } from './field_map.ts';

export interface OfferedField {
  name: string;
  label: string;
  source: string;
  target: string;
  sync_when: string;
}

export interface Offer {
  definition: Record<string, string>;
  to_provider: OfferedField[];
  to_consumer: OfferedField[];
}

const shared = ['name', 'description', 'provider_table', 'consumer_table', 'conflict_winner', 'send_attachments'] as const;
const fieldKeys = ['name', 'label', 'source', 'target', 'sync_when'] as const;
const mostFields = 500;
const longest = 1000;

const pick = (row: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, typeof row[key] === 'string' ? row[key].slice(0, longest) : '']));

export const writeOffer = async (within: RecordsInTransaction, definition: Row): Promise<Offer> => {
  const fieldsOf = async (direction: 'inbound' | 'outbound') => {
    const match = { definition: definition.sys_id ?? '', active: 'true' };
    const rows = await within.findBy(fieldTable('provider', direction), match);
    return rows.map((row) => pick(row, fieldKeys) as unknown as OfferedField);
  };
  return {
    definition: pick(definition, ['sys_id', 'state', 'revision', ...shared]),
    to_provider: await fieldsOf('inbound'),
    to_consumer: await fieldsOf('outbound'),
  };
};

const list = (given: unknown): OfferedField[] | undefined => {
  if (!Array.isArray(given) || given.length > mostFields) return undefined;
  const fields = given.map((each) => pick((each ?? {}) as Record<string, unknown>, fieldKeys) as unknown as OfferedField);
  return fields.every(({ name, source, target }) => name !== '' && source !== '' && target !== '') ? fields : undefined;
};

/** Undefined when it is not an offer. */
export const readOffer = (payload: unknown): Offer | undefined => {
  const given = (payload ?? {}) as Record<string, unknown>;
  const definition = pick((given.definition ?? {}) as Record<string, unknown>, ['sys_id', 'state', 'revision', ...shared]);
  const [toProvider, toConsumer] = [list(given.to_provider), list(given.to_consumer)];
  if (!toProvider || !toConsumer || definition.sys_id === '' || definition.name === '') return undefined;
  if (!/^\d{1,9}$/.test(definition.revision ?? '')) return undefined;
  return { definition, to_provider: toProvider, to_consumer: toConsumer };
};

export const sharedOf = ({ definition }: Offer): Record<string, string> => pick(definition, shared);
