// What this instance would do with a token, check by check and why, without using it up, without believing it, without letting it in.
// For admins only: the answer names users and configurations.
import { fingerprint, sha256Hex } from '../kit/fingerprint.ts';
import { hintFor } from './hints.ts';
import type { Check, Subject, Tools } from './id_token/check.ts';
import { everyCall, proof } from './id_token/checks/index.ts';
import { decodeToken } from './id_token/decode.ts';
import { silentNarrator } from './narrator.ts';
import type { AccessTokenStore } from './parts.ts';
import { Refusal } from './refusal.ts';

export interface CheckReport {
  check: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Reason code of a failed check. */
  reason: string;
  expected: string;
  got: string;
  hint: string;
}

export interface TokenReport {
  fingerprint: string;
  /** What the door would answer now. */
  accepted: boolean;
  /** Reason of the first failed check, '' when accepted. */
  reason: string;
  user: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  checks: readonly CheckReport[];
}

const skipped = (check: string, why: string): CheckReport => ({
  check,
  outcome: 'skipped',
  reason: '',
  expected: '',
  got: why,
  hint: '',
});

const runOne = async (one: Check, subject: Subject, tools: Tools): Promise<CheckReport> => {
  if (one.needs.some((known) => subject[known] === undefined))
    return skipped(one.name, 'cannot be told: a check before it failed');
  try {
    const { expected = '', got = '', isIdle = false } = await one.run(subject, tools);
    return isIdle
      ? skipped(one.name, 'nothing to check')
      : { check: one.name, outcome: 'passed', reason: '', expected, got, hint: '' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { expected = '', got = '' } = error.facts;
    const hint = hintFor(error.reason, error.facts, subject.decoded);
    return { check: one.name, outcome: 'failed', reason: error.reason, expected, got, hint };
  }
};

/** Header and claims as they stand in the token, unproven; needs no instance. Throws Refusal `malformed_jwt`. */
export const readToken = (token: string): Pick<TokenReport, 'fingerprint' | 'header' | 'claims'> => {
  const { header, claims } = decodeToken(token);
  return { fingerprint: fingerprint(token), header: Object.fromEntries(header), claims: Object.fromEntries(claims) };
};

export const makeExplainToken =
  (parts: { tools: Tools; accessTokens: AccessTokenStore }) =>
  async (token: string): Promise<TokenReport> => {
    const { tools, accessTokens } = parts;
    const own = await accessTokens.find(sha256Hex(token));
    if (own) return explainOwn(token, own, tools);
    const subject: Subject = { token, say: silentNarrator, isRehearsal: true };
    const checks = [skipped('own_token', 'not a token of this instance')];
    for (const one of [...proof, ...everyCall]) checks.push(await runOne(one, subject, tools));
    const failed = checks.find(({ outcome }) => outcome === 'failed');
    return {
      fingerprint: fingerprint(token),
      accepted: failed === undefined,
      reason: failed?.reason ?? '',
      user: subject.user?.user_name ?? '',
      header: Object.fromEntries(subject.decoded?.header ?? []),
      claims: Object.fromEntries(subject.decoded?.claims ?? []),
      checks,
    };
  };

const explainOwn = async (
  token: string,
  own: { userSysId: string; isExpired: boolean; isRevoked: boolean },
  tools: Tools,
): Promise<TokenReport> => {
  const state = own.isRevoked ? 'token_revoked' : own.isExpired ? 'token_expired' : '';
  const expected = 'a live token of this instance';
  const first: CheckReport = {
    check: 'own_token',
    outcome: state === '' ? 'passed' : 'failed',
    reason: state,
    expected,
    got: state || 'live',
    hint: '',
  };
  const user = await tools.users.bySysId(own.userSysId);
  const subject: Subject = { token, say: silentNarrator, isRehearsal: true, ...(user ? { user } : {}) };
  const last = everyCall[everyCall.length - 1];
  const checks = last ? [first, await runOne(last, subject, tools)] : [first];
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  const accepted = failed === undefined && user !== undefined;
  const reason = failed?.reason ?? (user ? '' : 'user_not_found');
  return { fingerprint: fingerprint(token), accepted, reason, user: user?.user_name ?? '', header: {}, claims: {}, checks };
};
