// Why a credential was not good: what every check throws when it says no. One vocabulary for the log line and the refusal row.
// Must not decide how it looks outside: outside there is only the one 401.

export const refusalReasons = [
  'no_credential',
  'malformed_credential',
  'unsupported_scheme',
  'unknown_token',
  'token_expired',
  'token_revoked',
  'malformed_jwt',
  'no_entity_for_issuer',
  'audience_mismatch',
  'entity_inactive',
  'metadata_unreachable',
  'issuer_mismatch',
  'kid_unknown',
  'alg_not_allowed',
  'bad_signature',
  'expired',
  'not_yet_valid',
  'claim_mismatch',
  'jti_missing',
  'jti_replayed',
  'user_claim_missing',
  'user_not_found',
  'user_ambiguous',
  'user_inactive',
  'user_locked',
  'bad_password',
  'provision_failed',
  'scope_unregistered',
  'policy_denied',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

export interface RefusalFacts {
  /** What would have been accepted, and what came. Shown to admins; never a secret or a token. */
  expected?: string;
  got?: string;
  /** The sentence of the localhost log; composed from reason, expected and got when absent. */
  line?: string;
  entity?: string;
  configuration?: string;
  userSysId?: string;
}

export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly facts: RefusalFacts;

  constructor(reason: RefusalReason, facts: RefusalFacts = {}) {
    super(reason);
    this.name = 'Refusal';
    this.reason = reason;
    this.facts = facts;
  }

  /** The same refusal with what an outer check knows; what is known already stays. */
  with(facts: RefusalFacts): Refusal {
    return new Refusal(this.reason, { ...facts, ...this.facts });
  }
}

/** A caller's value fit for a report: bounded, and never thrown over by its depth. */
export const shownValue = (value: unknown, limit = 200): string => {
  const text = typeof value === 'string' ? value : describe(value);
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
};

const describe = (value: unknown): string => {
  if (value === undefined) return '(missing)';
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return '(cannot be shown)';
  }
};
