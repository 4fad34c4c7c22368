// A table as a JSON schema: every value is text on the wire, a reference is text or an object of texts.
import type { ReadableField } from '../../records/records.ts';

type Json = Readonly<Record<string, unknown>>;

const reference: Json = {
  oneOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: { link: { type: 'string' }, value: { type: 'string' }, display_value: { type: 'string' } },
    },
  ],
};

const fieldSchema = ({ field, mayWrite }: ReadableField): Json => ({
  ...(field.type === 'reference' ? reference : { type: 'string' }),
  title: field.label,
  ...(mayWrite ? {} : { readOnly: true }),
  ...(field.choices.length > 0
    ? { description: `One of ${[...new Set(field.choices.map(({ value }) => value))].join(', ')}` }
    : {}),
});

export const tableSchema = (label: string, fields: readonly ReadableField[]): Json => ({
  title: label,
  type: 'object',
  properties: Object.fromEntries(fields.map((each) => [each.field.element, fieldSchema(each)])),
});
