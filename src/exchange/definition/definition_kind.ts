// Remote task definitions, as something that is offered: what makes one fit to be published, how it travels, and what a consumer keeps of
// his own when he takes one over.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';
import { fieldAt, isSecret } from '../remote_task/read_source.ts';
import { definitionTable, fieldTable } from './field_map.ts';
import { readNeeded, type TaskFeature } from './needed_features.ts';
import { type OfferedKind, pickTexts, readHead } from './offered_kind.ts';
import { invalid, unfit } from './refusals.ts';
import { isTaskTable } from './task_tables.ts';

interface OfferedField {
  name: string;
  label: string;
  source: string;
  target: string;
  sync_when: string;
}

const shared = [
  'name',
  'description',
  'provider_table',
  'consumer_table',
  'conflict_winner',
  'send_attachments',
  'maintain_sys_id',
] as const;
const fieldKeys = ['name', 'label', 'source', 'target', 'sync_when'] as const;
const mostFields = 500;

const neededBy = (definition: Row): TaskFeature[] => [
  ...(definition.send_attachments === 'true' ? (['attachments'] as const) : []),
  ...(definition.maintain_sys_id === 'true' ? (['maintain_sys_id'] as const) : []),
];

const readFields = (given: unknown): OfferedField[] | undefined => {
  if (!Array.isArray(given) || given.length > mostFields) return undefined;
  const fields = given.map((each) => pickTexts((each ?? {}) as Record<string, unknown>, fieldKeys) as unknown as OfferedField);
  return fields.every(({ name, source, target }) => name !== '' && source !== '' && target !== '') ? fields : undefined;
};

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

const [inbound, outbound] = [fieldTable('provider', 'inbound'), fieldTable('provider', 'outbound')];

const fieldsOf = async (within: RecordsInTransaction, definition: Row, table: string): Promise<Row[]> =>
  within.findBy(table, { definition: definition.sys_id ?? '', active: 'true' });

export const definitionKind: OfferedKind = {
  operation: 'definition',
  providerTable: definitionTable('provider'),
  consumerTable: definitionTable('consumer'),
  partTables: [inbound, outbound],
  localElements: new Set(),
  onEdit: 'refuse',
  activeValues: {},
  idleValues: {},
  ownersOf: async (within, _table, { definition }) =>
    definition ? within.findBy(definitionTable('provider'), { sys_id: definition }, { limit: 1 }) : [],
  async requirePublishable(within, dictionary, definition) {
    const table = dictionary.table(definition.provider_table ?? '');
    if (!table || !isTaskTable(dictionary, table.name)) throw invalid(`${definition.provider_table} is no table of tasks here`);
    const [sent, taken] = [await fieldsOf(within, definition, outbound), await fieldsOf(within, definition, inbound)];
    if (sent.length + taken.length === 0) throw invalid('It lists no field');
    for (const { name, source = '' } of sent) {
      const field = fieldAt(dictionary, table, source);
      if (!field) throw invalid(`The source of ${name} is no field: ${source}`);
      if (isSecret(field)) throw invalid(`The source of ${name} is a secret, which is never sent: ${source}`);
    }
    for (const { name, target = '' } of taken)
      if (!table.fields.has(target)) throw invalid(`The target of ${name} is no field: ${target}`);
  },
  requireFit(dictionary, { consumer_table = '' }) {
    if (!isTaskTable(dictionary, consumer_table)) throw unfit(`${consumer_table} is no table of tasks here`);
  },
  async write(within, definition) {
    const written = async (table: string) => (await fieldsOf(within, definition, table)).map((row) => pickTexts(row, fieldKeys));
    return {
      definition: pickTexts(definition, ['sys_id', 'state', 'revision', ...shared]),
      requires: neededBy(definition),
      to_provider: await written(inbound),
      to_consumer: await written(outbound),
    };
  },
  read(payload) {
    const given = (payload ?? {}) as Record<string, unknown>;
    const head = readHead(given.definition, shared);
    const [toProvider, toConsumer] = [readFields(given.to_provider), readFields(given.to_consumer)];
    const needed = readNeeded(given.requires);
    if (!head || !toProvider || !toConsumer || !needed) return undefined;
    return {
      key: head.sys_id ?? '',
      state: head.state ?? '',
      revision: head.revision ?? '',
      needed,
      values: pickTexts(head, shared),
      async takeParts(within, copy) {
        const [sent, taken] = [fieldTable('consumer', 'outbound'), fieldTable('consumer', 'inbound')];
        await takeFields(within, copy, { table: sent, own: 'source', offered: toProvider });
        await takeFields(within, copy, { table: taken, own: 'target', offered: toConsumer });
      },
    };
  },
};
