// Whether a proven credential is good enough for this API: the Basic gate, the access policy, then the auth scopes.
// Says no with the same 401 as ever, or with the 403 of a missing scope; each leaves a refusal row.
import type { Identified } from '../identity/identity.ts';
import type { Refusals } from '../identity/refusals.ts';
import { Fault, isFault } from '../kit/fault.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import { makeAdmitted } from './admitted.ts';
import type { ApiCall } from './api_call.ts';
import type { ApiPolicies, AuthProfile, Policy } from './api_policies.ts';
import type { ApiScopes, ScopeHolder } from './api_scopes.ts';
import type { BasicGate } from './basic_gate.ts';
import type { Entities } from './entities.ts';
import { isWithin } from './networks.ts';
import type { OAuthProperties } from './properties.ts';

/** A promise only where there is something to look at. */
export type Admission = (identified: Identified, call: ApiCall) => Promise<void> | undefined;

const typeOfMethod: ReadonlyMap<string, string> = new Map([
  ['basic', 'basic_auth'],
  ['session', 'basic_auth'],
  ['access_token', 'oauth'],
  ['id_token', 'id_token'],
  ['api_key', 'api_key'],
]);

const schemeOf = (profile: AuthProfile): string => `${profile.type === 'basic_auth' ? 'BASIC' : 'BEARER'} realm="Service-now"`;

/** A profile admits a method when it is of its kind, and for its entity when it names one. API keys never come in by a global policy. */
const admits = (policy: Policy, { method, entity }: Identified): boolean =>
  policy.profiles.some(
    (profile) =>
      profile.type === typeOfMethod.get(method) &&
      (profile.entity === '' || profile.entity === entity) &&
      !(policy.isGlobal && profile.type === 'api_key'),
  );

/** Whose scopes count: those of the entity behind a token, or those that an API key has itself. Undefined where scopes do not apply. */
const holderOf = ({ method, entity, scopes = [] }: Identified): ScopeHolder | undefined => {
  if (method === 'api_key') return scopes.length > 0 ? { scopes } : undefined;
  if (entity === '') return undefined;
  return method === 'access_token' ? { entity, scopes } : { entity };
};

export const makeAdmission = (parts: {
  policies: ApiPolicies;
  scopes: ApiScopes;
  gate: BasicGate;
  entities: Entities;
  properties: OAuthProperties;
  refusals: Pick<Refusals, 'note'>;
  log: LocalhostLog;
  /** Changes whenever anything does that admission rests on. */
  stamp: () => number;
}): Admission => {
  const { policies, scopes, gate, entities, properties, refusals, log } = parts;

  const note = (identified: Identified, call: ApiCall, reason: string, detail: string): void =>
    refusals.note({
      reason,
      leg: 'admission',
      transactionId: call.transactionId,
      path: call.path,
      scheme: identified.method,
      entity: identified.entity,
      userSysId: identified.caller.userSysId,
      detail,
      remoteAddress: call.remoteAddress,
    });

  const challengeOf = async (policy: Policy): Promise<string> => {
    const isOnlyLast = !policy.advertisesAll && (await properties.isFirstSchemeOnly());
    const shown = isOnlyLast ? policy.profiles.slice(-1) : policy.profiles;
    return [...new Set(shown.map(schemeOf))].join(', ');
  };

  const refuse = async (identified: Identified, call: ApiCall, policy: Policy | undefined, detail: string): Promise<never> => {
    note(identified, call, 'policy_denied', detail);
    const challenge = policy === undefined ? '' : await challengeOf(policy);
    throw new Fault('unauthenticated', 'oauth.policy_denied', 'User is not authenticated', {
      detail,
      headers: challenge === '' ? {} : { 'WWW-Authenticate': challenge },
    });
  };

  /** False where it lets the call through and wants to see the next one too. */
  const checkGate = async (identified: Identified, call: ApiCall): Promise<boolean> => {
    const objection = await gate.objects(identified);
    if (objection === undefined) return true;
    if (objection === 'maintained') return false;
    const { userName } = identified.caller;
    const text = `denied basic-auth API call for interactive-login user [${userName}] under enforce=${objection.isEnforced}`;
    log.of(call.transactionId).warning(text);
    note(identified, call, 'basic_restricted', text);
    if (objection.isEnforced)
      throw new Fault('unauthenticated', 'oauth.basic_restricted', 'User is not authenticated', { detail: text });
    return false;
  };

  const checkPolicy = async (identified: Identified, call: ApiCall): Promise<void> => {
    const policy = await policies.find(call);
    if (policy === undefined) {
      if (identified.method === 'api_key')
        await refuse(identified, call, policy, 'no access policy of this API lists an API key profile');
      const entity = identified.entity === '' ? undefined : await entities.find(identified.entity);
      if (entity?.isRestrictedBinding)
        await refuse(identified, call, policy, 'the token is bound to APIs whose policy lists its profile');
      return;
    }
    if (!admits(policy, identified))
      await refuse(identified, call, policy, `the policy ${policy.name} does not list ${identified.method}`);
    if (!policy.networks.every((networks) => isWithin(networks, call.remoteAddress))) {
      await refuse(identified, call, policy, `a condition of the policy ${policy.name} does not hold the caller's address`);
    }
    const entity = identified.entity === '' ? undefined : await entities.find(identified.entity);
    if (entity?.isRestrictedBinding && !policy.profiles.some((profile) => profile.entity === entity.sysId)) {
      await refuse(identified, call, policy, 'the token is bound to APIs whose policy lists its profile');
    }
  };

  const checkScopes = async (identified: Identified, call: ApiCall): Promise<void> => {
    const holder = holderOf(identified);
    if (holder === undefined) return;
    try {
      await scopes.check(call, holder);
    } catch (error) {
      if (isFault(error)) note(identified, call, 'api_scope_missing', error.explanation ?? error.message);
      throw error;
    }
  };

  const admitted = makeAdmitted(parts.stamp);

  const judge = async (identified: Identified, call: ApiCall): Promise<void> => {
    const stamp = parts.stamp();
    const isQuiet = await checkGate(identified, call);
    await checkPolicy(identified, call);
    await checkScopes(identified, call);
    if (isQuiet) admitted.keep(identified, call, stamp);
  };

  return (identified, call) => (admitted.holds(identified, call) ? undefined : judge(identified, call));
};
