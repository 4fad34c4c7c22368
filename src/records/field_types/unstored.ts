// Types with no value in the record's own row: journals live in sys_journal_field, tags in label tables, a collection is the table itself.

import type { FieldType } from './field_type.ts';
import { cleanText } from './text.ts';

const unstored = {
  columnType: undefined,
  maxLength: 4000,
  read: cleanText,
  toColumn: () => null,
  toText: () => '',
  show: (text: string) => text,
} as const;

export const journalTypes: FieldType = { names: ['journal', 'journal_input', 'journal_list'], ...unstored };

export const virtualTypes: FieldType = { names: ['related_tags', 'collection'], ...unstored };

export const isJournal = (typeName: string): boolean => journalTypes.names.includes(typeName);
