// Items of the catalogue, as something that is offered: the form a consumer's people will see, and nothing of how it is delivered.
import { chosenTypes, knownTypes } from '../../catalog/read_form.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { readNeeded, type TaskFeature } from '../definition/needed_features.ts';
import { type OfferedKind, pickTexts, readHead } from '../definition/offered_kind.ts';
import { invalid } from '../definition/refusals.ts';
import { noteCaller } from '../origin.ts';

const variables = 'item_option_new';
const choices = 'question_choice';

const shared = ['name', 'short_description', 'description', 'price', 'recurring_price', 'delivery_time'] as const;
const variableKeys = ['name', 'question_text', 'type', 'mandatory', 'order', 'default_value', 'help_text'] as const;
const choiceKeys = ['value', 'text', 'order'] as const;
const neededByAll: readonly TaskFeature[] = ['provider_tasks'];
const mostVariables = 200;
const mostChoices = 500;
const longestText = 4000;

interface OfferedVariable {
  values: Record<string, string>;
  choices: Record<string, string>[];
}

const readVariable = (given: unknown): OfferedVariable | undefined => {
  const each = (given ?? {}) as Record<string, unknown>;
  const values = pickTexts(each, variableKeys, longestText);
  const offered: unknown[] = Array.isArray(each.choices) ? each.choices : [];
  if (!values.name || !knownTypes.has(values.type ?? '') || offered.length > mostChoices) return undefined;
  return { values, choices: offered.map((choice) => pickTexts((choice ?? {}) as Record<string, unknown>, choiceKeys)) };
};

const readVariables = (given: unknown): OfferedVariable[] | undefined => {
  if (!Array.isArray(given) || given.length > mostVariables) return undefined;
  const read = given.map(readVariable).filter((each) => each !== undefined);
  const names = new Set(read.map(({ values }) => values.name));
  return read.length === given.length && names.size === read.length ? read : undefined;
};

const takeChoices = async (
  within: RecordsInTransaction,
  question: string,
  offered: readonly Record<string, string>[],
): Promise<void> => {
  const known = new Map((await within.findBy(choices, { question })).map((row) => [row.value ?? '', row.sys_id ?? '']));
  for (const choice of offered) {
    const id = known.get(choice.value ?? '');
    known.delete(choice.value ?? '');
    if (id === undefined) await within.insert(noteCaller, choices, { ...choice, question });
    else await within.update(noteCaller, choices, id, { ...choice, inactive: 'false' });
  }
  for (const id of known.values()) await within.update(noteCaller, choices, id, { inactive: 'true' });
};

/** What is offered no more is switched off: old orders still say what was asked. */
const takeVariables = async (within: RecordsInTransaction, item: string, offered: readonly OfferedVariable[]): Promise<void> => {
  const known = new Map((await within.findBy(variables, { cat_item: item })).map((row) => [row.name ?? '', row.sys_id ?? '']));
  for (const { values, choices: itsChoices } of offered) {
    const id = known.get(values.name ?? '');
    known.delete(values.name ?? '');
    const row =
      id === undefined
        ? await within.insert(noteCaller, variables, { ...values, cat_item: item })
        : await within.update(noteCaller, variables, id, { ...values, active: 'true' });
    await takeChoices(within, row.sys_id ?? '', itsChoices);
  }
  for (const id of known.values()) await within.update(noteCaller, variables, id, { active: 'false' });
};

const activeVariables = (within: RecordsInTransaction, item: Row): Promise<Row[]> =>
  within.findBy(variables, { cat_item: item.sys_id ?? '', active: 'true' });

const activeChoices = (within: RecordsInTransaction, variable: Row): Promise<Row[]> =>
  within.findBy(choices, { question: variable.sys_id ?? '', inactive: 'false' });

export const itemKind: OfferedKind = {
  operation: 'record_producer',
  providerTable: 'sn_sb_pro_remote_record_producer',
  consumerTable: 'sn_sb_con_remote_record_producer',
  partTables: [variables, choices],
  localElements: new Set(['order', 'owner', 'group', 'vendor', 'model', 'active']),
  onEdit: 'back_to_draft',
  activeValues: { active: 'true' },
  idleValues: { active: 'false' },
  async ownersOf(within, table, part) {
    const [variable] =
      table === variables || !part.question ? [part] : await within.findBy(variables, { sys_id: part.question }, { limit: 1 });
    const item = variable?.cat_item ?? '';
    return item === '' ? [] : within.findBy('sn_sb_pro_remote_record_producer', { sys_id: item }, { limit: 1 });
  },
  async requirePublishable(within, dictionary, item) {
    const target = item.table_name ? dictionary.table(item.table_name) : undefined;
    const isOurs = target?.chain.some(({ name }) => name.startsWith('sn_sb_'));
    if (item.table_name && (isOurs || !target?.chain.some(({ name }) => name === 'task')))
      throw invalid(`${item.table_name} is no table of tasks that an order can be turned into`);
    const rows = await activeVariables(within, item);
    if (rows.length === 0) throw invalid('It has no variable');
    if (rows.length > mostVariables) throw invalid(`It has more than ${mostVariables} variables`);
    if (new Set(rows.map(({ name }) => name)).size < rows.length) throw invalid('Two of its variables have the same name');
    for (const row of rows) {
      const { name = '', type = '', map_to_field, field = '' } = row;
      if (name === '') throw invalid('A variable has no name');
      if (!knownTypes.has(type)) throw invalid(`Variables of the type of ${name} are not supported: ${type}`);
      if (chosenTypes.has(type) && (await activeChoices(within, row)).length === 0) throw invalid(`${name} has no choices`);
      if (map_to_field === 'true' && target && !target.fields.has(field))
        throw invalid(`${name} is mapped to no field: ${field}`);
    }
  },
  async write(within, item) {
    const written: Record<string, unknown>[] = [];
    for (const row of await activeVariables(within, item)) {
      const offered = chosenTypes.has(row.type ?? '') ? await activeChoices(within, row) : [];
      written.push({ ...pickTexts(row, variableKeys, longestText), choices: offered.map((each) => pickTexts(each, choiceKeys)) });
    }
    const head = pickTexts(item, ['sys_id', 'state', 'revision', ...shared], longestText);
    const definition = { ...head, name: head.name || head.short_description || 'Item' };
    return { definition, requires: neededByAll, variables: written };
  },
  read(payload) {
    const given = (payload ?? {}) as Record<string, unknown>;
    const head = readHead(given.definition, shared, longestText);
    const offered = readVariables(given.variables);
    const needed = readNeeded(given.requires);
    if (!head || !offered || !needed) return undefined;
    return {
      key: head.sys_id ?? '',
      state: head.state ?? '',
      revision: head.revision ?? '',
      needed,
      values: pickTexts(head, shared, longestText),
      takeParts: (within, copy) => takeVariables(within, copy, offered),
    };
  },
};
