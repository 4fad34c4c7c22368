// A text of the source → what the target field stores: dates, choices, references and lists. Looks records up, writes nothing: what has
// to be made first is handed back as a creation.
import { wireMoment } from '../../kit/clock.ts';
import type { Dictionary, Field, Table } from '../../records/dictionary.ts';
import { fieldTypeOf } from '../../records/field_types/index.ts';
import { isSysId } from '../../records/field_types/reference.ts';
import type { Row, Values } from '../../records/records.ts';
import { codes, type RowNote } from './outcome.ts';
import type { Entry } from './transform_map.ts';

/** Reads, inside a transaction or outside of one. */
export interface Look {
  readonly dictionary: Dictionary;
  findBy(table: string, match: Values, options?: { limit?: number; forUpdate?: boolean }): Promise<Row[]>;
}

export type Creation =
  | {
      readonly kind: 'record';
      readonly element: string;
      readonly field: Field;
      readonly table: string;
      readonly by: string;
      readonly text: string;
    }
  | { readonly kind: 'choice'; readonly element: string; readonly field: Field; readonly text: string };

export type Converted =
  | { readonly kind: 'value'; readonly value: string; readonly creations?: readonly Creation[]; readonly note?: RowNote }
  /** The field keeps what it has. */
  | { readonly kind: 'nothing'; readonly note?: RowNote }
  | { readonly kind: 'rejected'; readonly note: RowNote };

/** Records that decide who may do what are never made because a file names them. */
const isCreatable = (name: string): boolean =>
  !/^(?:sys_(?!user$|user_group$)|oauth_|oidc_|jwt_|sn_|api_|auth|std_|inbound_|causeway_)/.test(name);

const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text).toWellFormed();

const value = (stored: string): Converted => ({ kind: 'value', value: stored });

const readText = (field: Field, entry: Entry, text: string): Converted => {
  const isMoment = field.type.startsWith('glide_date') || field.type === 'due_date';
  if (isMoment && entry.readDate) {
    const atMs = entry.readDate(text);
    if (atMs !== undefined) return value(field.type === 'glide_date' ? wireMoment(atMs).slice(0, 10) : wireMoment(atMs));
    return {
      kind: 'nothing',
      note: {
        code: codes.valueNotUnderstood,
        field: field.element,
        text: `"${short(text)}" is no date of the form ${entry.dateFormat}`,
      },
    };
  }
  const stored = fieldTypeOf(field.type).read(text, { isDisplay: false, timeZone: 'UTC' });
  if (stored !== undefined) return value(stored);
  return {
    kind: 'nothing',
    note: { code: codes.valueNotUnderstood, field: field.element, text: `"${short(text)}" cannot be stored as ${field.type}` },
  };
};

const readChoice = (field: Field, entry: Entry, text: string): Converted => {
  const wanted = text.trim().toLowerCase();
  const found =
    field.choices.find((choice) => choice.value.toLowerCase() === wanted) ??
    field.choices.find((choice) => choice.label.toLowerCase() === wanted);
  if (found) return value(found.value);
  const note = { code: codes.choiceRejected, field: field.element, text: `"${short(text)}" is no choice of ${field.label}` };
  if (entry.choiceAction === 'reject') return { kind: 'rejected', note };
  if (entry.choiceAction === 'ignore') return { kind: 'nothing', note };
  const stored = fieldTypeOf(field.type).read(text.trim(), { isDisplay: false, timeZone: 'UTC' });
  if (stored === undefined || stored.length > field.maxLength || stored.length > 100) return { kind: 'nothing', note };
  return { kind: 'value', value: stored, creations: [{ kind: 'choice', element: field.element, field, text: stored }] };
};

/** The field by which a referenced record is named in the source. */
const namingField = (target: Table, entry: Entry): Field | undefined => {
  const named = entry.referenceValueField === '' ? target.displayField : target.fields.get(entry.referenceValueField);
  return named && named.column !== '' && fieldTypeOf(named.type).secret === undefined ? named : undefined;
};

const findReference = async (look: Look, field: Field, entry: Entry, text: string): Promise<string | undefined> => {
  const target = look.dictionary.table(field.reference);
  if (!target) return undefined;
  if (isSysId(text) && entry.referenceValueField === '') {
    const [row] = await look.findBy(target.name, { sys_id: text }, { limit: 1 });
    if (row) return row[field.referenceKey];
  }
  const by = namingField(target, entry);
  const [row] = by ? await look.findBy(target.name, { [by.element]: text }, { limit: 1 }) : [];
  return row?.[field.referenceKey];
};

const readReference = async (look: Look, field: Field, entry: Entry, text: string): Promise<Converted> => {
  const found = await findReference(look, field, entry, text);
  if (found !== undefined) return value(found);
  const target = look.dictionary.table(field.reference);
  const by = target && namingField(target, entry);
  const note = {
    code: codes.referenceRejected,
    field: field.element,
    text: `No record of ${field.reference} has ${by?.element ?? 'a display value'} "${short(text)}"`,
  };
  if (entry.choiceAction === 'reject') return { kind: 'rejected', note };
  const canCreate = target && by && !by.readOnly && isCreatable(target.name) && field.referenceKey === 'sys_id';
  if (entry.choiceAction === 'ignore' || !canCreate) return { kind: 'nothing', note };
  const creation: Creation = { kind: 'record', element: field.element, field, table: target.name, by: by.element, text };
  return { kind: 'value', value: '', creations: [creation] };
};

const mostItems = 200;

const readList = async (look: Look, field: Field, entry: Entry, text: string): Promise<Converted> => {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .slice(0, mostItems);
  if (field.reference === '') return value(items.join(','));
  const found: string[] = [];
  const missing: string[] = [];
  for (const item of items) {
    const one = await findReference(look, field, entry, item);
    if (one === undefined) missing.push(item);
    else found.push(one);
  }
  const note = {
    code: codes.listRejected,
    field: field.element,
    text: `No records of ${field.reference} are named ${missing.map((item) => `"${short(item)}"`).join(', ')}`.slice(0, 1000),
  };
  if (missing.length > 0 && entry.choiceAction === 'reject') return { kind: 'rejected', note };
  if (found.length === 0) return { kind: 'nothing', ...(missing.length > 0 ? { note } : {}) };
  return { kind: 'value', value: found.join(','), ...(missing.length > 0 ? { note } : {}) };
};

/** `text` is not empty. */
export const convert = async (look: Look, field: Field, entry: Entry, text: string): Promise<Converted> => {
  const trimmed = text.trim();
  if (field.type === 'reference') return trimmed === '' ? value('') : readReference(look, field, entry, trimmed);
  if (field.type === 'glide_list') return readList(look, field, entry, text);
  if ((field.choice === 1 || field.choice === 3) && field.choices.length > 0) return readChoice(field, entry, text);
  return readText(field, entry, text);
};
