// Takes a JWT apart without believing a word of it. Needs no instance: the command line uses it too.
// Must not follow anything the token says (jku, jwk, x5u, x5c are not even read).
import { parseExact } from '../../kit/exact_numbers.ts';
import { Refusal, shownValue } from '../refusal.ts';

export const tokenLimitBytes = 16_384;

export interface DecodedToken {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly header: ReadonlyMap<string, unknown>;
  readonly claims: ReadonlyMap<string, unknown>;
  readonly issuer: string;
  /** Without repetitions, in the order of the token. */
  readonly audiences: readonly string[];
}

const textLimit = 2_048;
const audienceLimit = 100;
// Signed for another purpose by the same provider under the same keys: no proof of who is calling (RFC 8725 §3.11).
const foreignTypes = new Set([
  'logout+jwt',
  'secevent+jwt',
  'dpop+jwt',
  'oauth-authz-req+jwt',
  'token-introspection+jwt',
  'entity-statement+jwt',
]);

const malformed = (expected: string, got: string): Refusal => new Refusal('malformed_jwt', { expected, got });

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const readPart = (part: string, name: string): Map<string, unknown> => {
  // Buffer skips over what is no base64url; two spellings of one token would slip past a cache or a jti check keyed by text.
  const bytes = Buffer.from(part, 'base64url');
  if (!/^[A-Za-z0-9_-]+$/.test(part) || bytes.toString('base64url') !== part)
    throw malformed(`a ${name} in base64url`, 'other characters');
  let value: unknown;
  try {
    value = parseExact(utf8.decode(bytes));
  } catch {
    throw malformed(`a ${name} that is JSON in UTF-8`, 'something else');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`a ${name} that is a JSON object`, typeof value);
  return new Map(Object.entries(value));
};

const readAudiences = (value: unknown): string[] => {
  const list = Array.isArray(value) ? value : [value];
  const isGood =
    list.length > 0 &&
    list.length <= audienceLimit &&
    list.every((one) => typeof one === 'string' && one !== '' && one.length <= textLimit);
  if (!isGood) throw malformed('an aud claim that is a string or a list of strings', shownValue(value));
  return [...new Set(list as string[])];
};

export const splitToken = (token: string): [header: string, payload: string, signature: string] => {
  if (Buffer.byteLength(token) > tokenLimitBytes)
    throw malformed(`at most ${tokenLimitBytes} bytes`, `${Buffer.byteLength(token)} bytes`);
  const parts = token.split('.');
  if (parts.length === 5) throw malformed('a signed token of three parts', 'five parts: an encrypted token (JWE)');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) throw malformed('three parts between dots', `${parts.length}`);
  return [header, payload, signature];
};

/** Throws Refusal `malformed_jwt`. An empty signature is left to the algorithm check, which names the better reason. */
export const decodeToken = (token: string): DecodedToken => {
  const [headerPart, payloadPart, signature] = splitToken(token);
  const header = readPart(headerPart, 'header');
  const claims = readPart(payloadPart, 'payload');
  if (signature !== '' && Buffer.from(signature, 'base64url').toString('base64url') !== signature) {
    throw malformed('a signature in base64url', 'other characters');
  }
  const [algorithm, keyId, type] = [header.get('alg'), header.get('kid'), header.get('typ')];
  if (typeof algorithm !== 'string' || algorithm === '') throw malformed('an alg in the header', shownValue(algorithm));
  if (keyId !== undefined && (typeof keyId !== 'string' || keyId.length > textLimit))
    throw malformed('a kid that is a string', shownValue(keyId));
  if (type !== undefined && typeof type !== 'string') throw malformed('a typ that is a string', shownValue(type));
  if (type !== undefined && foreignTypes.has(type.toLowerCase().replace(/^application\//, ''))) {
    throw malformed('a token made to identify its bearer', `typ ${shownValue(type)}`);
  }
  const issuer = claims.get('iss');
  if (typeof issuer !== 'string' || issuer === '' || issuer.length > textLimit)
    throw malformed('an iss claim', shownValue(issuer));
  return { algorithm, keyId: keyId || undefined, header, claims, issuer, audiences: readAudiences(claims.get('aud')) };
};

/** A claim by its name; a name that no claim has is read as a path through nested objects (`realm_access.roles`). */
export const claimNamed = (claims: ReadonlyMap<string, unknown>, name: string): unknown => {
  if (claims.has(name)) return claims.get(name);
  const [first = '', ...rest] = name.split('.');
  let value = claims.get(first);
  for (const step of rest) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return rest.length > 0 ? value : undefined;
};
