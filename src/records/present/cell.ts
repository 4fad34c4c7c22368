// One column of an answer, prepared once: how its value, what it shows and its link are read out of a row. Knows no JSON and no XML.
import type { Value } from '../../store/store.ts';
import type { Dictionary, Field } from '../dictionary.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import { secretMask } from '../field_types/secret.ts';
import { isJournal } from '../field_types/unstored.ts';
import type { MomentFormats } from '../moment_formats.ts';
import { natureOf } from '../query/values.ts';
import type { Column } from '../records.ts';
import type { ShownNames } from './names.ts';

export type StoredRow = readonly Value[];

export interface Cell {
  readonly key: string;
  /** Stored text, '' when empty. */
  value(row: StoredRow): string;
  /** What a person sees, '' when empty. */
  shown(row: StoredRow, names: ShownNames): string;
  /** Set where a column is shown in some rows only. */
  readonly isShown?: (row: StoredRow) => boolean;
  /** Set for references: the address of the record with that key. */
  readonly link: ((value: string) => string) | undefined;
  /** The same without the key; `linkText` of the value goes behind it. */
  readonly linkStart?: string | undefined;
}

export interface CellOptions {
  readonly dictionary: Dictionary;
  /** `https://host/api/now/v2`, without a slash behind it. */
  readonly linkBase: string;
  readonly timeZone: string;
  readonly formats?: MomentFormats | undefined;
}

const labelsOf = (field: Field): ReadonlyMap<string, string> => {
  const labels = new Map<string, string>();
  // Of several choices with one value the first in use is shown; one out of use is better than none.
  for (const choice of [...field.choices].sort((a, b) => Number(a.inactive) - Number(b.inactive))) {
    if (!labels.has(choice.value)) labels.set(choice.value, choice.label);
  }
  return labels;
};

const plainKey = /^[0-9A-Za-z]+$/;

/** A key as it stands in an address. Most are sys_ids. */
export const linkText = (value: string): string => (plainKey.test(value) ? value : encodeURIComponent(value));

const linkStartOf = (field: Field, linkBase: string): string | undefined => {
  // A domain is a group to whoever follows its address, `global` too.
  if ((field.type !== 'reference' && field.type !== 'domain_id') || field.reference === '') return undefined;
  const table = `${linkBase}/table/${field.reference}`;
  return field.referenceKey === 'sys_id' || field.referenceKey === '' ? `${table}/` : `${table}?${field.referenceKey}=`;
};

const showerOf = (
  field: Field,
  { dictionary, timeZone, formats }: CellOptions,
): ((text: string, names: ShownNames) => string) => {
  if (field.type === 'glide_list') {
    return (text, names) =>
      text
        .split(',')
        .map((key) => names.nameOf(field.reference, key) ?? key)
        .join(', ');
  }
  if (field.type === 'sys_class_name') return (text) => dictionary.table(text)?.label ?? text;
  const type = fieldTypeOf(field.type);
  // A stored moment is what UTC shows: the commonest zone costs nothing.
  if (timeZone === 'UTC' && formats === undefined && natureOf(field) === 'moment') return (text) => text;
  if (field.choices.length === 0) return (text) => type.show(text, timeZone, formats);
  const labels = labelsOf(field);
  return (text) => labels.get(text) ?? type.show(text, timeZone, formats);
};

const nothing = (): string => '';

/** Prepares a column. Where it is not shown it is empty, for those who write every cell. */
export const makeCell = (column: Column, options: CellOptions): Cell => {
  const cell = makeOpenCell(column, options);
  const { grantedAt } = column;
  if (grantedAt === undefined) return cell;
  const isShown = (row: StoredRow): boolean => Number(row[grantedAt]) === 1;
  return {
    ...cell,
    isShown,
    value: (row) => (isShown(row) ? cell.value(row) : ''),
    shown: (row, names) => (isShown(row) ? cell.shown(row, names) : ''),
  };
};

const makeOpenCell = ({ key, field, valueAt, displayAt }: Column, options: CellOptions): Cell => {
  if (field && valueAt < 0 && isJournal(field.type) && !key.includes('.')) {
    return { key, value: nothing, shown: (row, names) => names.journalOf(String(row[0]), field.element), link: undefined };
  }
  if (!field || valueAt < 0) return { key, value: nothing, shown: nothing, link: undefined };
  const type = fieldTypeOf(field.type);
  // A boolean that was never set is false; one behind a reference that leads nowhere is not there.
  const empty = key.includes('.') ? '' : (type.emptyValue ?? '');
  if (type.secret) {
    const masked = (row: StoredRow): string => (row[valueAt] === null || row[valueAt] === '' ? '' : secretMask);
    return { key, value: masked, shown: masked, link: undefined };
  }
  const value = (row: StoredRow): string => {
    const stored = row[valueAt];
    if (typeof stored === 'string' && field.columnType !== 'integer' && field.columnType !== 'real') return stored;
    return stored === null || stored === undefined ? empty : type.toText(stored);
  };
  const linkStart = linkStartOf(field, options.linkBase);
  const link = linkStart === undefined ? undefined : (value: string): string => linkStart + linkText(value);
  if (displayAt >= 0) return { key, value, shown: (row) => String(row[displayAt] ?? ''), link, linkStart };
  const show = showerOf(field, options);
  return {
    key,
    value,
    shown(row, names) {
      const text = value(row);
      return text === '' ? '' : show(text, names);
    },
    link,
    linkStart,
  };
};
