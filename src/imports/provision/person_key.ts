// What a provider says of a person, as one key: the same from token to token until something of it changes. Pure.
import { flatten } from '../flatten.ts';
import type { Proven } from './provisioner.ts';

/** Times and ids of the token differ from call to call; everything else says who it is. */
const volatile = new Set([
  ...['exp', 'iat', 'nbf', 'jti', 'nonce', 'auth_time', 'at_hash', 'c_hash', 's_hash'],
  // Of a session, or of one token, under the names that Entra and Keycloak give them.
  ...['sid', 'session_state', 'uti', 'aio', 'rh'],
]);

export const personKey = ({ configuration, claims }: Proven): string =>
  JSON.stringify([configuration, ...[...flatten(claims)].filter(([name]) => !volatile.has(name))]);
