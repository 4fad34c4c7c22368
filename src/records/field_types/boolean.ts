// Yes and no: 1 and 0 in the row, `true` and `false` everywhere else. A boolean is never empty.
import type { FieldType } from './field_type.ts';

const words = new Map([
  ['true', 'true'],
  ['1', 'true'],
  ['yes', 'true'],
  ['on', 'true'],
  ['false', 'false'],
  ['0', 'false'],
  ['no', 'false'],
  ['off', 'false'],
]);

export const booleanTypes: FieldType = {
  names: ['boolean'],
  columnType: 'integer',
  maxLength: 40,
  emptyValue: 'false',
  read: (text) => words.get(text.trim().toLowerCase()),
  toColumn: (text) => (text === 'true' ? 1 : 0),
  toText: (value) => (Number(value) === 1 ? 'true' : 'false'),
  show: (text) => text,
};
