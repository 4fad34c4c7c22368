// Values that name other records. What they show is looked up by whoever reads them.

import type { FieldType } from './field_type.ts';
import { cleanText } from './text.ts';

/** A sys_id as anyone may choose one: the platform makes lower-case hex but keeps what an insert brings. */
export const isSysId = (text: string): boolean => /^[0-9a-zA-Z]{32}$/.test(text);

const column = {
  columnType: 'text',
  toColumn: (text: string) => text,
  toText: (value: unknown) => String(value),
  show: (text: string) => text,
} as const;

export const keyTypes: FieldType = {
  names: ['GUID', 'document_id', 'domain_id', 'sys_id'],
  maxLength: 32,
  ...column,
  read(text) {
    const trimmed = text.trim();
    return isSysId(trimmed) || trimmed === 'global' ? trimmed : undefined;
  },
};

/** Some references hold a name instead of a sys_id (`referenceKey`), so the check for a sys_id belongs to who knows the field. */
export const referenceTypes: FieldType = {
  names: ['reference'],
  maxLength: 32,
  ...column,
  read: (text) => cleanText(text).trim() || undefined,
};

export const listTypes: FieldType = {
  names: ['glide_list', 'slushbucket'],
  maxLength: 4000,
  ...column,
  read: (text) =>
    cleanText(text)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .join(','),
};
