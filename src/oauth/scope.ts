// What a token may be for: the scopes that a client asked for against those that are registered for it.
// Must not decide what an API needs: that is read live at the door (api_scopes.ts).
import { OAuthRefusal } from './oauth_refusal.ts';

export const defaultScope = 'useraccount';

export interface GrantedScope {
  /** Space-separated, in the order asked for. */
  text: string;
  /** The client asked for less than it could have. */
  isNarrowed: boolean;
}

const isScopeToken = (text: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);

export const splitScope = (text: string): string[] => [...new Set(text.split(' ').filter((part) => part !== ''))];

const badScope = (detail: string): OAuthRefusal =>
  new OAuthRefusal('invalid_scope', {
    description: 'A requested scope is not registered for this client',
    reason: 'scope_unregistered',
    detail,
  });

/**
 * `registered`: the client's own; none means the one classic scope. Asked for nothing gives all of them.
 * Throws OAuthRefusal `invalid_scope` when anything else was asked for: nothing is dropped in silence.
 */
export const grantScope = (asked: string | undefined, registered: readonly string[]): GrantedScope => {
  const allowed = registered.length === 0 ? [defaultScope] : [...new Set(registered)];
  if (asked === undefined || asked.trim() === '') return { text: allowed.join(' '), isNarrowed: false };
  const scopes = splitScope(asked);
  const unknown = scopes.filter((scope) => !isScopeToken(scope) || !allowed.includes(scope));
  if (unknown.length > 0)
    throw badScope(`registered: ${allowed.join(' ')}; refused: ${unknown.length} of ${scopes.length} asked for`);
  return { text: scopes.join(' '), isNarrowed: scopes.length < allowed.length };
};

/** On refresh: the same or less than was granted (RFC 6749 §6). */
export const narrowScope = (asked: string | undefined, granted: GrantedScope): GrantedScope => {
  if (asked === undefined || asked.trim() === '') return granted;
  const had = splitScope(granted.text);
  const scopes = splitScope(asked);
  if (scopes.some((scope) => !had.includes(scope))) throw badScope(`granted: ${granted.text}; more was asked for on refresh`);
  return { text: scopes.join(' '), isNarrowed: granted.isNarrowed || scopes.length < had.length };
};
