// At a start: seals what older versions, or a hand in the database, left plain in properties of type password.
import type { Sealer } from '../kit/seal.ts';
import type { Store } from '../store/store.ts';
import { secretMask } from './field_types/secret.ts';
import { maskAudited, sealedValueContext, secretPropertyTypes } from './rules/secret_properties.ts';

/** One transaction, none where nothing is plain; safe to repeat. */
export const sealProperties = async ({ store, sealer }: { store: Store; sealer: Sealer }): Promise<void> => {
  const { name, parameter } = store.dialect;
  const types = [...secretPropertyTypes].map((type) => `'${type}'`).join(', ');
  const plain = `SELECT sys_id, ${name('value')} FROM ${name('sys_properties')}
    WHERE ${name('type')} IN (${types}) AND ${name('value')} <> '${secretMask}'`;
  if ((await store.read(plain)).length === 0) return;
  await store.write(async (transaction) => {
    for (const [sysId = null, text] of await transaction.read(plain)) {
      await transaction.run(
        `UPDATE ${name('sys_properties')} SET ${name('value')} = '${secretMask}', sealed_value = ${parameter(1)} WHERE sys_id = ${parameter(2)}`,
        [sealer.seal(String(text), sealedValueContext), sysId],
      );
      await transaction.run(maskAudited + parameter(1), [sysId]);
    }
    await transaction.bump('properties');
  });
};
