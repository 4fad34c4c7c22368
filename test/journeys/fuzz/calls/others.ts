// Calls of everything that is no record: documents about the instance, import sets, tokens, and addresses that nobody offers.

import { forgedToken, nothing, payload, record } from '../payloads.ts';
import { type Dice, encode, field, queryString, recordId, strange, table, value, version, word } from '../pieces.ts';
import type { Call } from '../requests.ts';

const documents = [
  '/doc',
  '/doc/services',
  '/doc/namespaces',
  '/doc/GET/now/table/{table}',
  '/doc/oas_3',
  '/doc/table/schema',
  '/doc/table/schema/{table}',
  '/ui/meta/{table}',
  '/ui/user/current_user',
];

export const documentCall = (dice: Dice): Call => {
  const name = encode(dice, table(dice));
  const path = dice.one(documents).replace('{table}', () => name);
  const asked = queryString(dice, ['namespace', 'name', 'version', 'format']);
  return { method: dice.one(['GET', 'GET', 'GET', 'HEAD']), path: `/api/now${version(dice)}${path}${asked}`, ...nothing };
};

const grants = [
  'grant_type=password&username',
  'grant_type=client_credentials&client_id',
  'grant_type=refresh_token&refresh_token',
  'grant_type=authorization_code&code',
  'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion',
];
const formNames = [
  'client_id',
  'client_secret',
  'scope',
  'redirect_uri',
  'code_verifier',
  'token',
  'state',
  'username',
  'password',
];
const doors = [
  '/oauth_token.do',
  '/oauth_token.do',
  '/oauth_revoke_token.do',
  '/oauth_revoke.do',
  '/oauth_introspect.do',
  '/oauth_auth.do',
  '/oauth_login.do',
  '/angular.do',
  '/sdk-oauth.do',
  '/api/now/oauth/jwks',
  '/.well-known/openid-configuration',
];
const asked = ['response_type=code&client_id', 'sysparm_type', 'code', 'state', 'token'];

export const oauthCall = (dice: Dice): Call => {
  const pair = (names: readonly string[]) => `${word(dice, names, 0.3)}=${encode(dice, value(dice))}`;
  const form = [pair(grants), ...dice.several(0, 5, () => pair(formNames))].join('&').toWellFormed();
  const address = dice.is(0.3) ? `?${dice.several(1, 4, () => pair(asked)).join('&')}` : '';
  const method = dice.one(['POST', 'POST', 'POST', 'GET']);
  const headers = { 'content-type': word(dice, ['application/x-www-form-urlencoded'], 0.5) };
  return { method, path: `${dice.one(doors)}${address}`, headers, body: method === 'POST' ? form : '' };
};

export const otherCall = (dice: Dice): Call => {
  const kinds: [method: string, path: string, thing?: unknown][] = [
    ['POST', '/api/causeway/token/inspect', { token: dice.is(0.5) ? forgedToken(dice) : value(dice) }],
    ['GET', `/api/causeway/oauth/tokens${queryString(dice)}`],
    ['POST', `/api/causeway/oauth/clients/${encode(dice, recordId(dice))}/secret`, {}],
    ['POST', `/api/now/import/${encode(dice, table(dice))}`, record(dice)],
    ['POST', `/api/now/import/${encode(dice, table(dice))}/insertMultiple`, { records: dice.several(0, 4, () => record(dice)) }],
    ['POST', '/api/now/tinyurl', { url: value(dice) }],
    ['POST', '/api/causeway/exchange/messages', { [field(dice)]: value(dice), messages: [record(dice)] }],
    [dice.one(['GET', 'POST', 'TRACE', 'PROPFIND', 'OPTIONS']), `/${encode(dice, strange(dice))}/${encode(dice, value(dice))}`],
  ];
  const [method, path, thing] = dice.one(kinds);
  return { method, path, ...(thing === undefined ? nothing : payload(dice, thing)) };
};
