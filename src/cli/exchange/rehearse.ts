// The mistake that takes connections down, made on purpose: the application user goes from the OAuth Client record to the OAuth Provider
// record, through the Table API as an administrator would do it. For rehearsals; doctor mends it.
import type { RestInstance } from '../../doctor/rest_reader.ts';

const one = async (instance: RestInstance, table: string, query: string, fields: readonly string[] = []) => {
  const [row] = await instance.rows(table, query, fields, 1);
  if (!row) throw new Error(`${instance.name} has no ${table} with ${query}`);
  return row;
};

/** Answers what was changed, line by line. */
export const rehearseMistake = async (instance: RestInstance, number: string): Promise<readonly string[]> => {
  const client = await one(instance, 'oauth_entity', `type=client^nameENDSWITH${number}`, ['name', 'user']);
  const provider = await one(instance, 'oauth_entity', `type=oauth_provider^nameENDSWITH${number}`, ['name']);
  const user = await one(instance, 'sys_user', `user_name=sb_user.${number}`);
  const property = await one(instance, 'sys_properties', 'name=causeway.rehearsal.allow_misbinding');
  await instance.patch('sys_properties', property.sys_id ?? '', { value: 'true' });
  await instance.patch('oauth_entity', provider.sys_id ?? '', { user: user.sys_id ?? '' });
  await instance.patch('oauth_entity', client.sys_id ?? '', { user: '' });
  return [`set the OAuth Application User of "${provider.name}"`, `cleared the OAuth Application User of "${client.name}"`];
};
