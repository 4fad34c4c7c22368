// Puts the OAuth room together: what the doors, identity/ and instance.ts need of it. It only wires.
// Made in two steps, because identity/ needs the token store and the endpoints need identity/.
import { makeJtis } from '../identity/id_token/jti_store.ts';
import type { AuthenticationMethod } from '../identity/identity.ts';
import type { AccessTokenStore, Properties, Topics } from '../identity/parts.ts';
import type { Refusals } from '../identity/refusals.ts';
import { propertiesTopic, registrationsTopic, usersTopic } from '../identity/topics.ts';
import type { Users } from '../identity/users.ts';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Outbound } from '../kit/outbound.ts';
import { deriveKey, type Sealer } from '../kit/seal.ts';
import type { Records, Rule } from '../records/records.ts';
import { makeAccessTokenStore } from './access_token_store.ts';
import { type Admission, makeAdmission } from './admission.ts';
import type { Answer } from './answer.ts';
import { makeApiKeys } from './api_keys.ts';
import { type ApiPolicies, makeApiPolicies } from './api_policies.ts';
import { makeApiScopes } from './api_scopes.ts';
import { makeAssertions } from './assertions.ts';
import { makeAttempts } from './attempts.ts';
import { type Authorization, makeAuthorization } from './authorization.ts';
import { makeBasicExceptions } from './basic_exceptions.ts';
import { makeBasicGate } from './basic_gate.ts';
import { type CarriedTokens, makeCarriedTokens } from './carried_tokens.ts';
import { makeClients } from './clients.ts';
import { makeCodes } from './codes.ts';
import { type Entities, makeEntities } from './entities.ts';
import { makeFindToken } from './find_token.ts';
import { makeIntrospection } from './introspection.ts';
import { makeIssueTokens } from './issue_tokens.ts';
import { type ManageTokens, makeManageTokens } from './manage_tokens.ts';
import { makeMinting } from './minting.ts';
import { makePeople, type People, type SignIn } from './people.ts';
import { makeOAuthProperties, type OAuthProperties } from './properties.ts';
import { makeOAuthPurge, type OAuthPurge } from './purge.ts';
import { makeRefreshTokens } from './refresh_tokens.ts';
import { makeReportRefusal } from './report_refusal.ts';
import { makeRevocation } from './revocation.ts';
import { makeRevokeTokens, oauthTopic, type RevokeTokens } from './revoke_tokens.ts';
import { makeApiKeyRule } from './rules/api_key_rule.ts';
import { makeBasicExceptionRule } from './rules/basic_exception_rule.ts';
import { makeClientRule } from './rules/client_rule.ts';
import { makeTokenRules } from './rules/token_rules.ts';
import { makeSessions, type Sessions } from './sessions.ts';
import { makeSigningKeys, type SigningKeys } from './signing_keys.ts';
import { makeTickets } from './tickets.ts';
import type { TokenParts, TokenRequest } from './token_context.ts';
import { makeTokenEndpoint } from './token_endpoint.ts';
import { makeTokenText } from './token_text.ts';
import { makeTurnAway, type TurnAwayRequest, type TurnedAway } from './turn_away.ts';
import { makeVerificationKeys } from './verification_keys.ts';

export interface OAuthBaseParts {
  records: Records;
  topics: Topics;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  /** 32 bytes; keys for tokens and tickets are derived from it. */
  instanceKey: Buffer;
  properties: Properties & { get(name: string): Promise<string> };
}

/** The half that stands below identity/ in time: its token store, the rules of the tables, and what both halves share. */
export interface OAuthBase {
  accessTokens: AccessTokenStore;
  rules: readonly Rule[];
  /** REST API keys as a way of authenticating; `users` is asked for at each call, because identity/ is made after this. */
  apiKeys(users: () => Users): AuthenticationMethod;
  sessions(users: Users, people: People): Sessions;
  entities: Entities;
  policies: ApiPolicies;
  properties: OAuthProperties;
}

export interface OAuthParts extends OAuthBaseParts {
  base: OAuthBase;
  log: LocalhostLog;
  outbound: Outbound;
  users: Users;
  refusals: Pick<Refusals, 'note'>;
  signIn: SignIn;
  /** Public base address, without a slash at the end; read at each use. */
  issuer: () => string;
}

export interface OAuthRoom {
  token(request: TokenRequest): Promise<Answer>;
  /** The answer of the token endpoint to what is not read. */
  turnAway(why: TurnedAway, request: TurnAwayRequest): Promise<Answer>;
  revocation(request: TokenRequest): Promise<Answer>;
  introspection(request: TokenRequest): Promise<Answer>;
  authorization: Authorization;
  sessions: Sessions;
  carriedTokens: CarriedTokens;
  /** For every call of an API, after the caller is known. */
  admit: Admission;
  revoke: RevokeTokens;
  manageTokens: ManageTokens;
  signingKeys: SigningKeys;
  properties: OAuthProperties;
  purge: OAuthPurge;
  /** Public base address, without a slash at the end. */
  issuer(): string;
  /** Replaces the signing key when it is old enough; to be called by a timer. */
  rotateKeys(): Promise<void>;
}

export const makeOAuthBase = ({
  records,
  topics,
  clock,
  ids,
  sealer,
  instanceKey,
  properties: read,
}: OAuthBaseParts): OAuthBase => {
  const properties = makeOAuthProperties(read);
  const topic = () => topics.topic(oauthTopic);
  const entities = makeEntities({ records, topic });
  const findToken = makeFindToken({ records, clock, topic });
  const policies = makeApiPolicies({ records, topic });
  return {
    properties,
    entities,
    policies,
    sessions: (users, people) => makeSessions({ key: deriveKey(instanceKey, 'session cookies'), clock, users, people }),
    apiKeys: (users) => makeApiKeys({ records, policies, users, clock, properties: read }),
    accessTokens: makeAccessTokenStore({ findToken, entities, properties, clock }),
    rules: [
      makeClientRule({ records, clock, ids, seal: (text) => sealer.seal(text, 'oauth_entity.client_secret') }),
      makeApiKeyRule({ ids, open: (sealed) => sealer.open(sealed, 'api_key.token') }),
      makeBasicExceptionRule({ records }),
      ...makeTokenRules({ clock }),
    ],
  };
};

/** Policies, scopes, clients and tokens; the switches; who holds which role. */
const admissionTopics = [oauthTopic, propertiesTopic, usersTopic, registrationsTopic];

export const makeOAuth = (parts: OAuthParts): OAuthRoom => {
  const { records, topics, clock, ids, sealer, instanceKey, base, log, outbound, users, refusals, issuer } = parts;
  const { properties } = base;
  const topic = () => topics.topic(oauthTopic);
  const keyContext = 'jwt_keystore_aliases.private_key';
  const signingKeys = makeSigningKeys({
    records,
    clock,
    ids,
    topic,
    seal: (text) => sealer.seal(text, keyContext),
    open: (sealed) => sealer.open(sealed, keyContext),
  });
  const tokenText = makeTokenText(deriveKey(instanceKey, 'oauth token strings'));
  const minting = makeMinting({ clock, ids, tokenText, signingKeys, issuer });
  const report = makeReportRefusal({ log, refusals });
  const attempts = makeAttempts({ clock, limit: 20, windowMs: 300_000 });
  const revoke = makeRevokeTokens({ records, clock });
  const keys = makeVerificationKeys({
    records,
    clock,
    outbound,
    openSecret: (sealed) => sealer.open(sealed, 'jwt_verifier_map.shared_key'),
  });
  const tokenParts: TokenParts = {
    clock,
    properties,
    clients: makeClients({ records, clock, openSecret: (sealed) => sealer.open(sealed, 'oauth_entity.client_secret') }),
    people: makePeople({ users, signIn: parts.signIn, properties: parts.properties, now: () => clock.now() }),
    attempts,
    codes: makeCodes({ records, clock, ids }),
    assertions: makeAssertions({
      records,
      clock,
      keys,
      jtis: makeJtis({ records }),
      tokenEndpoint: () => `${issuer()}/oauth_token.do`,
    }),
    findToken: makeFindToken({ records, clock, topic }),
    issue: makeIssueTokens({ records, clock, ids, minting }),
    refresh: makeRefreshTokens({ records, clock, minting }),
    revoke,
  };
  return {
    token: makeTokenEndpoint({ parts: tokenParts, report }),
    turnAway: makeTurnAway({ properties, report }),
    revocation: makeRevocation({ revoke, properties, refusals, log }),
    introspection: makeIntrospection({ parts: tokenParts, report, issuer }),
    authorization: makeAuthorization({
      ...tokenParts,
      ids,
      tickets: makeTickets({ key: deriveKey(instanceKey, 'oauth sign-in tickets'), clock }),
      report,
      issuer,
      async describeScopes(names) {
        const found = await Promise.all(names.map((name) => records.findBy('sys_auth_scope', { name }, { limit: 1 })));
        return names.map((name, at) => ({ name, description: found[at]?.[0]?.description ?? '' }));
      },
    }),
    sessions: base.sessions(users, tokenParts.people),
    carriedTokens: makeCarriedTokens(deriveKey(instanceKey, 'carried tokens')),
    admit: makeAdmission({
      policies: base.policies,
      scopes: makeApiScopes({ records, entities: base.entities, properties, topic }),
      gate: makeBasicGate({ records, users, clock, properties, exceptions: makeBasicExceptions({ records, clock }) }),
      entities: base.entities,
      properties,
      refusals,
      log,
      stamp: () => admissionTopics.reduce((sum, name) => sum + topics.topic(name), 0),
    }),
    revoke,
    manageTokens: makeManageTokens({ records, ids, revoke, refusals }),
    signingKeys,
    properties,
    issuer,
    purge: makeOAuthPurge({ records, clock, properties }),
    rotateKeys: async () => signingKeys.rotateWhenOlderThan((await properties.signingKeyDays()) * 86_400_000),
  };
};
