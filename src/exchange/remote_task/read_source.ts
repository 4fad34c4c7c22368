// The value of a field of a record, also behind references, with what people read in its place. A secret has none. Must not change rows.
import type { Dictionary, Field, Table } from '../../records/dictionary.ts';
import { fieldTypeOf } from '../../records/field_types/index.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';

export interface SourceValue {
  readonly value: string;
  readonly display: string;
}

const nothing: SourceValue = { value: '', display: '' };

const referred = async (within: RecordsInTransaction, field: Field, value: string): Promise<Row | undefined> =>
  value === '' ? undefined : (await within.findBy(field.reference, { [field.referenceKey]: value }, { limit: 1 }))[0];

const displayOf = async (within: RecordsInTransaction, dictionary: Dictionary, field: Field, value: string): Promise<string> => {
  if (field.type === 'reference') {
    const display = dictionary.table(field.reference)?.displayField?.element;
    const row = display === undefined ? undefined : await referred(within, field, value);
    return (display !== undefined && row?.[display]) || value;
  }
  return field.choices.find((choice) => choice.value === value)?.label ?? value;
};

/** Passwords and keys go to no peer, not even as their hashes. */
export const isSecret = ({ type }: Field): boolean => fieldTypeOf(type).secret !== undefined;

/** The field that a path ends in; undefined where the path leads nowhere. */
export const fieldAt = (dictionary: Dictionary, table: Table, path: string): Field | undefined => {
  const [first = '', ...rest] = path.split('.');
  const field = table.fields.get(first);
  if (!field || rest.length === 0) return field;
  const next = field.type === 'reference' ? dictionary.table(field.reference) : undefined;
  return next && fieldAt(dictionary, next, rest.join('.'));
};

/** `value` is '' where a reference on the way is empty. */
export const readSource = async (
  within: RecordsInTransaction,
  dictionary: Dictionary,
  { table, row, path }: { table: Table; row: Row; path: string },
): Promise<SourceValue> => {
  const [first = '', ...rest] = path.split('.');
  const field = table.fields.get(first);
  if (!field || isSecret(field)) return nothing;
  const value = row[first] ?? '';
  if (rest.length === 0) return { value, display: await displayOf(within, dictionary, field, value) };
  const next = dictionary.table(field.reference);
  const nextRow = next && (await referred(within, field, value));
  return next && nextRow ? readSource(within, dictionary, { table: next, row: nextRow, path: rest.join('.') }) : nothing;
};
