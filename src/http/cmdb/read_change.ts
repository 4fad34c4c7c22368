// Bodies of the CMDB Instance API: attributes, relations and the source of both. JSON only, because they are nested.
// It must not look at any record.
import { Fault } from '../../kit/fault.ts';
import type { Values } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import { valuesOf } from '../bodies/read_values.ts';

export interface Relation {
  readonly type: string;
  readonly target: string;
}

export interface ItemChange {
  readonly attributes: Values;
  readonly outbound: readonly Relation[];
  readonly inbound: readonly Relation[];
  readonly source: string;
}

const mostRelations = 1000;

export const badItem = (explanation: string): Fault =>
  new Fault('bad_request', 'http.bad_item', 'Exception while reading request', { explanation });

const entriesOf = (given: unknown, name: string): ReadonlyMap<string, unknown> => {
  if (given === undefined || given === null) return new Map();
  if (typeof given !== 'object' || Array.isArray(given)) throw badItem(`${name} must be an object of fields and values.`);
  return new Map(Object.entries(given));
};

const relationsOf = (given: unknown, name: string): Relation[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.length > mostRelations)
    throw badItem(`${name} must be a list of at most ${mostRelations} relations.`);
  return given.map((each) => {
    const relation = entriesOf(each, name);
    const [type, target] = [relation.get('type'), relation.get('target')];
    if (typeof type !== 'string' || typeof target !== 'string')
      throw badItem(`A relation is written as {"type":"…","target":"…"}, with the sys_id of each.`);
    return { type, target };
  });
};

export const readChange = async (asked: Asked): Promise<ItemChange> => {
  const body = entriesOf(await asked.json(), 'The payload');
  const source = body.get('source') ?? '';
  if (typeof source !== 'string') throw badItem('source must be a text.');
  return {
    attributes: valuesOf(entriesOf(body.get('attributes'), 'attributes')),
    outbound: relationsOf(body.get('outbound_relations'), 'outbound_relations'),
    inbound: relationsOf(body.get('inbound_relations'), 'inbound_relations'),
    source,
  };
};
