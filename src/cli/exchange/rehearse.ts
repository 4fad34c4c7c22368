// The mistake that takes connections down, made on purpose: the application user goes from the OAuth Client record to the OAuth Provider
// record, through the Table API as an administrator would do it. For rehearsals; doctor mends it.
import type { SeenRow } from '../../doctor/reader.ts';
import type { RestInstance } from '../../doctor/rest_reader.ts';

const one = async (instance: RestInstance, table: string, query: string, fields: readonly string[] = []) => {
  const [row] = (await instance.read(table, { query, fields, limit: 1 })).rows;
  if (!row) throw new Error(`${instance.name} has no ${table} with ${query}`);
  return row;
};

const set = (instance: RestInstance, table: string, { sys_id: sysId }: SeenRow, values: Record<string, string>): Promise<void> =>
  instance.send('PATCH', `/api/now/table/${table}/${sysId}`, values);

/** Answers what was changed, line by line. */
export const rehearseMistake = async (instance: RestInstance, number: string): Promise<readonly string[]> => {
  const { rows } = await instance.read('sn_sb_connection', { query: `connection_id=${number}`, fields: [], limit: 1 });
  if (rows.length === 0) throw new Error(`There is no connection ${number} at ${instance.name}`);
  const client = await one(instance, 'oauth_entity', `type=client^nameENDSWITH${number}`, ['name', 'user']);
  const provider = await one(instance, 'oauth_entity', `type=oauth_provider^nameENDSWITH${number}`, ['name']);
  const user = await one(instance, 'sys_user', `user_name=sb_user.${number}`);
  const property = await one(instance, 'sys_properties', 'name=causeway.rehearsal.allow_misbinding');
  await set(instance, 'sys_properties', property, { value: 'true' });
  await set(instance, 'oauth_entity', provider, { user: user.sys_id ?? '' });
  await set(instance, 'oauth_entity', client, { user: '' });
  // Tokens that are out go on working until they end: without this the mistake would show half an hour later.
  await instance.send('POST', '/api/causeway/oauth/tokens/revoke', { client: client.sys_id ?? '' });
  return [
    'set causeway.rehearsal.allow_misbinding to true, without which the mistake would be refused',
    `set the OAuth Application User of "${provider.name}"`,
    `cleared the OAuth Application User of "${client.name}"`,
    `ended the tokens of "${client.name}"`,
  ];
};
