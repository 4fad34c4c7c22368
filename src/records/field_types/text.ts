// Text of every kind. Compared without regard to case, as the platform does; identifiers and codes are kept as they came.
import type { FieldType } from './field_type.ts';

// NUL cannot be stored by PostgreSQL and lone surrogates cannot be encoded: both engines get the same cleaned text.
export const cleanText = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();

const asItIs = {
  read: cleanText,
  toColumn: (text: string) => text,
  toText: (value: unknown) => String(value),
  show: (text: string) => text,
};

export const textTypes: FieldType = {
  names: [
    'string',
    'choice',
    'ph_number',
    'phone_number_e164',
    'table_name',
    'field_name',
    'sys_class_name',
    'translated_field',
    'ip_addr',
    'ip_address',
    'user_image',
    'domain_path',
    'composite_name',
    'version',
    'documentation_field',
  ],
  columnType: 'text_nocase',
  maxLength: 40,
  ...asItIs,
};

/** Text of one line that 40 characters would cut where they must not. */
export const lineTypes: FieldType = {
  names: ['url', 'email', 'user_roles', 'translated_text'],
  columnType: 'text_nocase',
  maxLength: 1024,
  ...asItIs,
};

export const longTextTypes: FieldType = {
  names: [
    'html',
    'script',
    'script_plain',
    'script_server',
    'xml',
    'json',
    'conditions',
    'condition_string',
    'wide_text',
    'multi_two_lines',
    'translated_html',
    'name_values',
    'simple_name_values',
  ],
  columnType: 'text_nocase',
  maxLength: 4000,
  ...asItIs,
};

/** Compared to the letter: ids that others made, in which `a` and `A` differ. */
export const exactTextTypes: FieldType = { names: ['token_id'], columnType: 'text', maxLength: 512, ...asItIs };
