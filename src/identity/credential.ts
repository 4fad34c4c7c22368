// Reads the Authorization header: what kind of credential a knock carries. Strict, because what is read two ways is attacked.
// Must not judge whether the credential is good.
import type { Knock } from './identity.ts';

export type Credential =
  | { kind: 'none' }
  | { kind: 'garbled'; why: string }
  | { kind: 'other'; scheme: string }
  | { kind: 'basic' | 'bearer'; value: string };

// RFC 9110 §11.6.2: a scheme, spaces, then one token68. Anything with a comma or a second word is not one credential.
const shape = /^([A-Za-z][A-Za-z0-9._+-]{0,30})(?:[ \t]+(\S*))?$/;
const otherSchemes = new Set([
  'apikey',
  'aws4-hmac-sha256',
  'digest',
  'dpop',
  'hawk',
  'hoba',
  'mac',
  'mutual',
  'negotiate',
  'ntlm',
  'oauth',
  'token',
]);
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

export const readCredential = (knock: Pick<Knock, 'headers' | 'credential'>): Credential => knock.credential ?? readHeader(knock);

const readHeader = (knock: Pick<Knock, 'headers'>): Credential => {
  const header = knock.headers.authorization;
  if (header === undefined) return { kind: 'none' };
  if (typeof header !== 'string') return { kind: 'garbled', why: 'more than one Authorization header' };
  const text = header.trim();
  if (text === '') return { kind: 'none' };
  const parts = shape.exec(text);
  const scheme = (parts?.[1] ?? /^[^\s]+/.exec(text)?.[0] ?? '').toLowerCase();
  if (scheme !== 'basic' && scheme !== 'bearer') {
    // What stands alone, or is no scheme that anyone uses, may be a token sent without one: it is not repeated anywhere.
    if (!/\s/.test(text)) return { kind: 'garbled', why: 'no scheme' };
    return { kind: 'other', scheme: otherSchemes.has(scheme) ? scheme : 'unknown' };
  }
  const value = parts?.[2] ?? '';
  if (!parts) return { kind: 'garbled', why: 'more than a scheme and one credential' };
  if (value === '') return { kind: 'garbled', why: `an empty ${scheme} credential` };
  if (!token68.test(value)) return { kind: 'garbled', why: `characters that no ${scheme} credential has` };
  return { kind: scheme, value };
};
