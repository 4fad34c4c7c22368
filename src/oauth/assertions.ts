// Assertions of the JWT bearer grant (RFC 7523): what must stand in one, and that it is spent once.
// Must not find the user: grants/jwt_bearer.ts does, from the subject that this file has proven.
import { claimHolds } from '../identity/id_token/claim_holds.ts';
import { type DecodedToken, decodeToken } from '../identity/id_token/decode.ts';
import type { Jtis } from '../identity/id_token/jti_store.ts';
import { Refusal } from '../identity/refusal.ts';
import type { Clock } from '../kit/clock.ts';
import type { Records } from '../records/records.ts';
import type { Client } from './client.ts';
import { badGrant } from './oauth_refusal.ts';
import type { VerificationKeys } from './verification_keys.ts';

export interface ProvenAssertion {
  subject: string;
  /** `sys_user` column that the subject names. */
  userField: string;
  /** Uses the assertion up. Throws OAuthRefusal `invalid_grant` when it was used before. */
  spend(): Promise<void>;
}

export interface Assertions {
  /** Throws OAuthRefusal `invalid_grant` with the reason. */
  prove(assertion: string, client: Client): Promise<ProvenAssertion>;
}

/** Client ids that an assertion may mean, unproven: its issuer, then its audience. */
export const clientIdWithin = (assertion: string): string | undefined => {
  try {
    const token = decodeToken(assertion);
    return token.audiences.find((audience) => !audience.includes('/')) ?? token.issuer;
  } catch {
    return undefined;
  }
};

const decode = (assertion: string): DecodedToken => {
  try {
    return decodeToken(assertion);
  } catch (error) {
    if (error instanceof Refusal) throw badGrant(error.reason, `expected ${error.facts.expected}, got ${error.facts.got}`);
    throw error;
  }
};

const numberClaim = (token: DecodedToken, name: string): number | undefined => {
  const value = token.claims.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw badGrant('malformed_jwt', `the claim ${name} is no number`);
  return value;
};

const checkTimes = (token: DecodedToken, skewSeconds: number, nowSeconds: number): number => {
  const expires = numberClaim(token, 'exp');
  if (expires === undefined) throw badGrant('expired', 'the assertion has no exp');
  if (expires + skewSeconds <= nowSeconds) throw badGrant('expired', `exp ${expires}, now ${nowSeconds}, skew ${skewSeconds} s`);
  const from = Math.max(numberClaim(token, 'nbf') ?? 0, numberClaim(token, 'iat') ?? 0);
  if (from - skewSeconds > nowSeconds)
    throw badGrant('not_yet_valid', `nbf or iat ${from}, now ${nowSeconds}, skew ${skewSeconds} s`);
  return expires;
};

export const makeAssertions = ({
  records,
  clock,
  keys,
  jtis,
  tokenEndpoint,
}: {
  records: Records;
  clock: Clock;
  keys: VerificationKeys;
  jtis: Jtis;
  /** Absolute address of the token endpoint, which may stand as audience. */
  tokenEndpoint: () => string;
}): Assertions => {
  const checkClaims = async (token: DecodedToken, client: Client): Promise<void> => {
    const rules = await records.findBy('oauth_jwt_claims', { oauth_jwt: client.sysId });
    const issuerRule = rules.some((row) => row.claim_name === 'iss');
    if (!issuerRule && token.issuer !== client.clientId)
      throw badGrant('issuer_mismatch', 'iss is neither the client id nor a validated value');
    if (!token.audiences.includes(client.clientId) && !token.audiences.includes(tokenEndpoint())) {
      throw badGrant('audience_mismatch', 'aud is neither the client id nor the token endpoint');
    }
    const wrong = rules
      .map((row) => ({ claim: row.claim_name ?? '', type: row.value_type || 'string', value: row.claim_value ?? '' }))
      .find((validation) => !claimHolds(token.claims, validation));
    if (wrong !== undefined) throw badGrant('claim_mismatch', `the claim ${wrong.claim} has not the configured value`);
  };

  const spend = async (client: Client, jti: unknown, keptUntilSeconds: number): Promise<void> => {
    if (typeof jti !== 'string' || jti === '') throw badGrant('jti_missing', 'the assertion has no id');
    if (!(await jtis.use({ configuration: client.sysId, jti, untilMs: keptUntilSeconds * 1000 }))) {
      throw badGrant('jti_replayed', 'the assertion was used before');
    }
  };

  return {
    async prove(assertion, client) {
      const token = decode(assertion);
      const [endpoint] = await records.findBy('oauth_jwt', { sys_id: client.sysId });
      if (endpoint === undefined) throw badGrant('grant_disabled', `the record ${client.name} is no OAuth JWT API endpoint`);
      await keys.verify(assertion, token, endpoint);
      const skewSeconds = Math.min(Math.max(Number(endpoint.clock_skew === '' ? 300 : endpoint.clock_skew) || 0, 0), 3600);
      const expires = checkTimes(token, skewSeconds, Math.floor(clock.now() / 1000));
      await checkClaims(token, client);
      const subject = token.claims.get('sub');
      if (typeof subject !== 'string' || subject === '') throw badGrant('user_claim_missing', 'the assertion has no sub');
      return {
        subject,
        userField: endpoint.user_field || 'email',
        async spend() {
          if (endpoint.enable_jti_verification === 'false') return;
          await spend(client, token.claims.get(endpoint.jti_claim || 'jti'), expires + skewSeconds);
        },
      };
    },
  };
};
