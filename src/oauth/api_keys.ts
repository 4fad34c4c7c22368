// REST API keys as a way of authenticating: a key stands for a user, in the header or parameter that a profile names. Whether an API takes
// keys at all is the access policy's to say (admission.ts).
import type { AuthenticationMethod, Knock } from '../identity/identity.ts';
import type { Properties } from '../identity/parts.ts';
import { Refusal } from '../identity/refusal.ts';
import { refuseUnfitUser } from '../identity/user_state.ts';
import type { Users } from '../identity/users.ts';
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import type { ApiPolicies, AuthProfile } from './api_policies.ts';

const usualProfile: Pick<AuthProfile, 'parameter' | 'prefix'> = { parameter: 'x-sn-apikey', prefix: '' };
const longest = 512;

const keyIn = (knock: Knock, profiles: readonly Pick<AuthProfile, 'parameter' | 'prefix'>[]): string | undefined => {
  for (const { parameter, prefix } of profiles) {
    const value = knock.headers[parameter];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw new Refusal('malformed_credential', { expected: 'one API key', got: 'several' });
    const text = value.trim();
    if (prefix !== '' && !text.startsWith(prefix)) continue;
    return text.slice(prefix.length).trim();
  }
  return undefined;
};

/** A use is written down at most once in this time. */
const stampedEveryMs = 60_000;

/** Must not stand in the way of the call: a key that is being deleted, or a database that is busy, is no reason to refuse. */
const stamp = async ({ records, clock }: { records: Records; clock: Clock }, row: Row): Promise<void> => {
  if (clock.now() - readWireMoment(row.last_used ?? '') < stampedEveryMs) return;
  try {
    await records.update(systemCaller, 'api_key', row.sys_id ?? '', { last_used: wireMoment(clock.now()) });
  } catch (error) {
    if (!isFault(error)) throw error;
  }
};

/** Headers only: a key in an address would stand in every log on the way. */
export const makeApiKeys = (parts: {
  records: Records;
  policies: ApiPolicies;
  /** Asked for at each call: identity/ is made after this list. */
  users: () => Users;
  clock: Clock;
  properties: Properties;
}): AuthenticationMethod => ({
  name: 'api_key',
  async identify(knock) {
    const { records, policies, clock, properties } = parts;
    const headerProfiles = (await policies.keyProfiles()).filter((profile) => !profile.isQuery);
    const key = keyIn(knock, [...headerProfiles, usualProfile]);
    if (key === undefined || knock.headers.authorization !== undefined) return undefined;
    if (key === '' || key.length > longest)
      throw new Refusal('malformed_credential', { expected: 'an API key', got: 'none or too long' });
    const [row] = await records.findBy('api_key', { token_hash: sha256Hex(key) }, { limit: 1 });
    if (row === undefined) throw new Refusal('unknown_token', { expected: 'a REST API key', got: 'one that is not registered' });
    const userSysId = row.user ?? '';
    if (row.active !== 'true')
      throw new Refusal('token_revoked', { userSysId, expected: 'an active key', got: `the inactive key ${row.name}` });
    if (row.expires && !(readWireMoment(row.expires) > clock.now())) {
      throw new Refusal('token_expired', {
        userSysId,
        expected: 'a live key',
        got: `the key ${row.name}, expired at ${row.expires}`,
      });
    }
    const users = parts.users();
    const user = await users.bySysId(userSysId);
    if (user === undefined) throw new Refusal('user_not_found', { expected: 'the user of the key', got: 'no such user' });
    await refuseUnfitUser(user, { properties, nowMs: clock.now() });
    const [scope] = row.auth_scope ? await records.findBy('sys_auth_scope', { sys_id: row.auth_scope }, { limit: 1 }) : [];
    await stamp(parts, row);
    return { caller: await users.callerOf(user), method: 'api_key', entity: '', scopes: scope?.name ? [scope.name] : [] };
  },
});
