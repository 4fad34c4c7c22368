// Turns the secrets among a record's values into what may be stored: passwords into hashes, two-way secrets into sealed text.
// Must not let a caller choose the stored form: only the system may bring a hash or a sealed text as it is.
import { hashPassword, isPasswordHash } from '../kit/password.ts';
import { isSealed, type Sealer } from '../kit/seal.ts';
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';

/** The context under which a field's secrets are sealed; whoever opens one needs it. */
export const secretContext = (field: Pick<Field, 'table' | 'element'>): string => `${field.table}.${field.element}`;

const secretsIn = (table: Table, values: Readonly<Record<string, string>>): Field[] =>
  Object.keys(values).flatMap((element) => {
    const field = table.fields.get(element);
    return field && values[element] !== '' && fieldTypeOf(field.type).secret ? [field] : [];
  });

/** Seals what is not sealed yet. Quick, so it may run inside a transaction. */
export const sealSecrets = (table: Table, values: Record<string, string>, caller: Caller, sealer: Sealer): void => {
  for (const field of secretsIn(table, values)) {
    const text = values[field.element] ?? '';
    if (fieldTypeOf(field.type).secret !== 'sealed' || (caller.isSystem && isSealed(text))) continue;
    values[field.element] = sealer.seal(text, secretContext(field));
  }
};

/** Hashes passwords; takes a fifth of a second, so it runs before the transaction. */
export const hashSecrets = async (table: Table, values: Record<string, string>, caller: Caller): Promise<void> => {
  for (const field of secretsIn(table, values)) {
    const text = values[field.element] ?? '';
    if (fieldTypeOf(field.type).secret !== 'hashed' || (caller.isSystem && isPasswordHash(text))) continue;
    values[field.element] = await hashPassword(text);
  }
};

/** Loud when a plain password reached a transaction: hashing there would hold it open. */
export const requireHashed = (table: Table, values: Readonly<Record<string, string>>): void => {
  for (const field of secretsIn(table, values)) {
    if (fieldTypeOf(field.type).secret === 'hashed' && !isPasswordHash(values[field.element] ?? '')) {
      throw new Error(`${field.table}.${field.element} must be hashed before the transaction`);
    }
  }
};
