// Secrets. A password is stored as a strong hash, a two-way secret sealed under the instance key; hashing and sealing happen in
// keep_secrets.ts, because they take time and a key. Neither is ever answered.
import type { FieldType } from './field_type.ts';

/** What is shown in place of a secret; a caller who sends it back changes nothing. */
export const secretMask = '********';

const secret = {
  columnType: 'text',
  maxLength: 4096,
  read: (text: string) => (text === secretMask ? undefined : text),
  toColumn: (text: string) => text,
  toText: (value: unknown) => String(value),
  show: () => secretMask,
} as const;

export const passwordTypes: FieldType = { names: ['password', 'glide_encrypted'], secret: 'hashed', ...secret };

export const sealedTypes: FieldType = { names: ['password2'], secret: 'sealed', ...secret };
