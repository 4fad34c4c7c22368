// Users whose user field is the claim, as strictly as the door itself will look for them afterwards.
import type { Row, Values } from '../../records/records.ts';

interface Look {
  findBy(table: string, match: Values, options?: { limit?: number }): Promise<Row[]>;
}

export const findUsers = async (look: Look, userField: string, text: string): Promise<Row[]> => {
  if (text === '') return [];
  const rows = await look.findBy('sys_user', { [userField]: text }, { limit: 10 });
  return userField === 'user_name' || userField === 'email' ? rows : rows.filter((row) => row[userField] === text);
};
