// What two user names have in common that read alike: case, width, ligatures, dots and what is not seen at all. Letters of other scripts
// that only look the same (Cyrillic а) are others. Gives users of older versions their keys; a rule of sys_user gives the rest theirs.
import type { Store } from '../store/store.ts';

/** Unicode's NFKC_Casefold, and blanks once; a dotless or doubly dotted i is an i. '' for what nobody could read. Pure. */
export const userNameKey = (userName: string): string =>
  userName
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('i\u0307', 'i')
    .replace(/\s+/g, ' ')
    .trim();

/** Of users who read alike already the oldest gets the key; the others stay without one. Safe to repeat. */
export const keyUserNames = async (store: Store): Promise<void> => {
  const { parameter } = store.dialect;
  const keyless =
    'SELECT sys_id, user_name FROM sys_user WHERE user_name_key IS NULL AND user_name IS NOT NULL ORDER BY sys_created_on, sys_id';
  const give = `UPDATE sys_user SET user_name_key = ${parameter(1)} WHERE sys_id = ${parameter(2)}
    AND NOT EXISTS (SELECT 1 FROM sys_user WHERE user_name_key = ${parameter(1)})`;
  if ((await store.read(keyless)).length === 0) return;
  await store.write(async (transaction) => {
    const rows = await transaction.read(keyless);
    await Promise.all(
      rows.map(([sysId = null, userName]) => transaction.run(give, [userNameKey(String(userName)) || null, sysId])),
    );
  });
};
