// A bearer string as a JWT of an external OpenID Connect provider (auth.md §6). Runs the list of checks; what was proven of a token is
// remembered until it expires, the user is looked at on every call. A token that works once is never remembered.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import { sha256Hex } from '../../kit/fingerprint.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { readCredential } from '../credential.ts';
import type { Check, Subject, Tools } from '../id_token/check.ts';
import { everyCall, proof } from '../id_token/checks/index.ts';
import type { AuthenticationMethod } from '../identity.ts';
import { makeNarrator } from '../narrator.ts';
import { Refusal } from '../refusal.ts';

const rememberedTokens = 10_000;

interface Proven {
  version: number;
  untilMs: number;
  known: Pick<Subject, 'decoded' | 'registration'>;
}

const runAll = async (checks: readonly Check[], subject: Subject, tools: Tools): Promise<void> => {
  try {
    for (const check of checks) await check.run(subject, tools);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { registration, user } = subject;
    throw error.with({
      ...(registration ? { entity: registration.entity, configuration: registration.configuration } : {}),
      ...(user?.sys_id ? { userSysId: user.sys_id } : {}),
    });
  }
};

/** `scopesOf` answers the API scopes that an entity owns; without it no API scope applies. */
export const makeIdToken = (parts: {
  tools: Tools;
  log: LocalhostLog;
  scopesOf?: (entity: string) => Promise<readonly string[]>;
}): AuthenticationMethod & { isRemembered(digest: string): boolean } => {
  const { tools, log, scopesOf } = parts;
  const remembered = makeBoundedMap<string, Proven>(rememberedTokens);

  /** Answers until when the proof holds; undefined for a token that works once. */
  const prove = async (subject: Subject): Promise<number | undefined> => {
    const digest = sha256Hex(subject.token);
    const version = tools.registrations.version();
    const proven = remembered.get(digest);
    // While someone debugs, every call takes the long way and says so.
    if (proven && proven.version === version && tools.clock.now() < proven.untilMs && !subject.say.isDebugging) {
      Object.assign(subject, proven.known);
      return proven.untilMs;
    }
    remembered.delete(digest);
    await runAll(proof, subject, tools);
    const { decoded, registration } = subject;
    if (!decoded || !registration || registration.usesJti) return undefined;
    // Not beyond the life of the keys: a key that the provider withdrew must stop working then.
    const expiresAtMs = (Number(decoded.claims.get('exp')) + registration.skewSeconds) * 1000;
    const untilMs = Math.min(expiresAtMs, tools.clock.now() + registration.cacheLifeMs);
    remembered.set(digest, { version, untilMs, known: { decoded, registration } });
    return untilMs;
  };

  return {
    name: 'id_token',
    isRemembered: (digest) => remembered.get(digest) !== undefined,
    async identify(knock) {
      const credential = readCredential(knock);
      // What has no dot is no JWT: an unknown token of our own kind, and said to be so.
      if (credential.kind !== 'bearer' || !credential.value.includes('.')) return undefined;
      const say = await makeNarrator(log.of(knock.transactionId), tools.properties);
      const subject: Subject = { token: credential.value, say, isRehearsal: false };
      const holdsUntilMs = await prove(subject);
      const [singleUse, ...others] = everyCall;
      if (singleUse) await runAll([singleUse], subject, tools);
      say.debug('All claims are sucessfully validated.');
      await runAll(others, subject, tools);
      const { user, registration } = subject;
      if (!user || !registration) throw new Error('the checks of an ID token ended without a user');
      const { entity } = registration;
      const scopes = scopesOf ? { scopes: await scopesOf(entity) } : {};
      const caller = await tools.users.callerOf(user);
      // While someone debugs, every call takes the long way and says so.
      return { caller, method: 'id_token', entity, ...scopes, ...(say.isDebugging ? {} : { holdsUntilMs }) };
    },
  };
};
