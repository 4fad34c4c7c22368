// The invitation code: one line that a person carries from provider to consumer. What it says is signed; the signature is also the secret
// that both sides prove to each other, so that changing a word of the code makes it worthless. Pure but for the key it is given.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Fault } from '../../kit/fault.ts';
import { type AuthMethod, readMethod } from '../credential/auth_method.ts';
import { canonicalJson } from '../envelope/canonical_json.ts';

export interface Invitation {
  /** Origin of the provider. */
  readonly url: string;
  /** sys_id of the provider's registration. */
  readonly registration: string;
  readonly connectionId: string;
  readonly channel: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Of the provider's Service Exchange. */
  readonly version: string;
  /** As the provider calls itself. */
  readonly company: string;
  /** Of the link that is to be. */
  readonly method: AuthMethod;
}

const prefix = 'CWX1-';
const lengthLimit = 4000;

const bodyOf = (invitation: Invitation): string =>
  Buffer.from(
    JSON.stringify([
      invitation.url,
      invitation.registration,
      invitation.connectionId,
      invitation.channel,
      invitation.expiresAt,
      invitation.version,
      invitation.company,
      // Said where it is not the usual one, so that other codes are as they were.
      ...(invitation.method === 'password' ? [invitation.method] : []),
    ]),
  ).toString('base64url');

const secretFor = (key: Buffer, body: string): string =>
  createHmac('sha256', key).update(`invitation\n${body}`).digest('base64url');

/** `key`: of invitations, derived from the instance key. */
export const writeCode = (invitation: Invitation, key: Buffer): string => {
  const body = bodyOf(invitation);
  return `${prefix}${body}.${secretFor(key, body)}`;
};

/** What both sides prove that they know. The provider makes it anew; nothing of it is stored there. */
export const invitationSecret = (invitation: Invitation, key: Buffer): string => secretFor(key, bodyOf(invitation));

const unreadable = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.code_unreadable', 'This is not an invitation code', { explanation });

/** Throws `exchange.code_unreadable`. Whether the provider stands by it shows when it is claimed. */
export const readCode = (text: string): { invitation: Invitation; secret: string } => {
  const trimmed = text.replace(/\s+/g, '');
  const [body = '', secret = '', ...rest] = trimmed.slice(prefix.length).split('.');
  if (!trimmed.startsWith(prefix) || trimmed.length > lengthLimit || rest.length > 0 || !/^[A-Za-z0-9_-]{43}$/.test(secret))
    throw unreadable('It begins with CWX1- and is copied whole.');
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    throw unreadable('A part of it is missing or was changed.');
  }
  if (!Array.isArray(values) || values.length < 7 || values.length > 8) throw unreadable('It was made by another version.');
  const [url, registration, connectionId, channel, expiresAt, version, company, said] = values as unknown[];
  const isWord = (value: unknown): value is string => typeof value === 'string' && value.length <= 1024 && value.isWellFormed();
  if (!isWord(url) || !isWord(registration) || !isWord(connectionId) || !isWord(channel) || !isWord(version) || !isWord(company))
    throw unreadable('A part of it is missing or was changed.');
  if (!/^[0-9a-f]{32}$/.test(registration) || !/^[A-Z]{3}\d{7}$/.test(connectionId) || !Number.isSafeInteger(expiresAt))
    throw unreadable('A part of it is missing or was changed.');
  const method = readMethod(said);
  return {
    invitation: { url, registration, connectionId, channel, expiresAt: Number(expiresAt), version, company, method },
    secret,
  };
};

/** Proof of the secret over one message of the registration; the direction is part of it, so that no answer passes as a request. */
export const proofOf = (secret: string, direction: 'asks' | 'answers', step: string, payload: unknown): string =>
  createHmac('sha256', secret)
    .update(`${direction}\n${step}\n${canonicalJson(payload)}`)
    .digest('base64url');

/** In constant time. */
export const isProof = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};
