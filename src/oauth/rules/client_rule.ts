// What a row of the Application Registry must be to be saved: client id and secret are made when missing, addresses and lifetimes make
// sense, and the OAuth Application User stands only on the kind of record that uses it.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Dictionary } from '../../records/dictionary.ts';
import type { Records, RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { clientOf, keyPublishedSeconds } from '../client.ts';
import { misbindingProperty, overlapProperty } from '../properties.ts';
import { faultOfRedirectUri, splitRedirectUris } from '../redirect_uri.ts';
import { oauthTopic } from '../revoke_tokens.ts';
import { refuseMisbinding } from './misbinding.ts';

export const registryFault = (explanation: string, code = 'oauth.registry_invalid'): Fault =>
  new Fault('bad_request', code, 'Invalid Application Registry record', { explanation });

const propertyIn = async (within: RecordsInTransaction, name: string): Promise<string> =>
  (await within.findBy('sys_properties', { name }, { limit: 1 }))[0]?.value?.trim().toLowerCase() ?? '';

/** The most seconds of each; a code lives ten minutes at the most (RFC 6749 §4.1.2). */
const lifetimes = { access_token_lifespan: 315_360_000, refresh_token_lifespan: 315_360_000, auth_code_lifespan: 600 };

const checkLifetimes = (before: Row, values: Row): void => {
  for (const [element, most] of Object.entries(lifetimes)) {
    const text = values[element] ?? '';
    const seconds = Number(text);
    if (text === '' || text === before[element]) continue;
    if (!(Number.isSafeInteger(seconds) && seconds > 0 && seconds <= most))
      throw registryFault(`${element} must be a whole number of seconds from 1 to ${most}`);
  }
  const isSettled = ['token_format', 'access_token_lifespan'].every((element) => values[element] === before[element]);
  if (!isSettled && values.token_format === 'jwt' && Number(values.access_token_lifespan) > keyPublishedSeconds) {
    throw registryFault(
      `access_token_lifespan of JWT-format tokens is ${keyPublishedSeconds} seconds at most: their key is published no longer`,
    );
  }
};

const checkUserColumn = (dictionary: Dictionary, element: string, column: string | undefined): void => {
  if (column === undefined || column === '') return;
  const field = dictionary.table('sys_user')?.fields.get(column);
  if (field === undefined || field.column === '' || ['password', 'password2', 'glide_encrypted'].includes(field.type)) {
    throw registryFault(`${element} must name a column of sys_user that holds no secret`);
  }
};

const checkRedirects = (values: Row): void => {
  for (const uri of splitRedirectUris(values.redirect_url ?? '')) {
    const fault = faultOfRedirectUri(uri);
    if (fault !== undefined) throw registryFault(`The redirect address ${uri.slice(0, 200)} ${fault}`);
  }
};

export interface ClientRuleParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  /** Seals a value of `oauth_entity.client_secret`. */
  seal: (text: string) => string;
}

export const makeClientRule = ({ records, clock, ids, seal }: ClientRuleParts): Rule => ({
  name: 'oauth: application registry',
  tables: ['oauth_entity'],

  async check(transaction, { table, operation, before, values, caller }) {
    if (operation === 'delete') return;
    const within = records.within(transaction);
    checkLifetimes(before, values);
    checkRedirects(values);
    checkUserColumn(records.dictionary(), 'sub_claim', values.sub_claim);
    if (table.name === 'oauth_jwt') checkUserColumn(records.dictionary(), 'user_field', values.user_field);
    const isMisbindingAllowed = async () => (await propertyIn(within, misbindingProperty)) === 'true';
    await refuseMisbinding({ within, before, values, isAllowed: isMisbindingAllowed });
    const client = clientOf(values, []);
    if (client === undefined) return;
    if (values.client_id === '') values.client_id = ids.randomHex(32);
    if (operation === 'update' && before.client_id && values.client_id !== before.client_id && !caller.isSystem) {
      throw registryFault('The client id of a client cannot be changed');
    }
    if (values.client_secret === '' && !client.isPublic) values.client_secret = seal(ids.randomHex(32));
    // Only a client of ours may go on with its old secret for a while; one by which we call another is of no use once it is replaced.
    if (operation === 'update' && before.client_secret && values.client_secret !== before.client_secret) {
      const seconds = Math.min(Number((await propertyIn(within, overlapProperty)) || 86_400), 31_536_000);
      values.former_secret_until = seconds > 0 ? wireMoment(clock.now() + seconds * 1000) : '';
      values.former_secret_used = '';
    }
    const sameId = await within.findBy('oauth_entity', { client_id: values.client_id ?? '' });
    if (sameId.some((row) => row.sys_id !== values.sys_id && clientOf(row, []) !== undefined)) {
      throw registryFault('Another client has this client id', 'oauth.client_id_taken');
    }
  },

  async applied(transaction, { operation, before, after, changed }) {
    const within = records.within(transaction);
    await transaction.bump(oauthTopic);
    if (operation === 'insert') {
      const profile = { name: `${after.name} default_profile`.slice(0, 255), oauth_entity: after.sys_id ?? '', default: 'true' };
      await within.insert(systemCaller, 'oauth_entity_profile', { ...profile, grant_type: after.default_grant_type ?? '' });
      return;
    }
    if (operation === 'update' && changed.includes('client_secret') && before.client_secret && clientOf(before, [])) {
      if (!after.former_secret_until) return;
      await within.insert(systemCaller, 'oauth_retired_secret', {
        oauth_entity: after.sys_id ?? '',
        client_secret: before.client_secret,
        expires: after.former_secret_until,
      });
    }
  },
});
