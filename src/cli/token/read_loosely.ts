// Header and claims of anything that has the shape of a JSON Web Token, for a person to look at: no check at all.
// It must not be used to decide anything; the instance has its own, strict reader.
import { fingerprint } from '../../kit/fingerprint.ts';

export interface LooseToken {
  fingerprint: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

const readPart = (part: string, name: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
  } catch {
    throw new Error(`its ${name} is not base64url of JSON`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error(`its ${name} is not a JSON object`);
  return value as Readonly<Record<string, unknown>>;
};

/** Throws Error with the rest of the sentence "This is not a JSON Web Token: …". */
export const readLoosely = (token: string): LooseToken => {
  const parts = token.split('.');
  if (parts.length === 5) throw new Error('it has five parts, so it is encrypted (JWE); REST APIs take signed tokens only');
  if (parts.length !== 3) throw new Error('it has not three parts between dots');
  const [header = '', claims = ''] = parts;
  return { fingerprint: fingerprint(token), header: readPart(header, 'header'), claims: readPart(claims, 'payload') };
};
