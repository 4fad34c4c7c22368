// User name and password of a local user (RFC 7617; UTF-8, or Latin-1 where it is none). Must cost an unknown user as much time as a wrong
// password, and must not hash again for a password that was right a moment ago.
import { isUtf8 } from 'node:buffer';
import { createHmac, randomBytes } from 'node:crypto';
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Clock } from '../../kit/clock.ts';
import { decoyHash, needsRehash, verifyPassword } from '../../kit/password.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import { readCredential } from '../credential.ts';
import type { AuthenticationMethod } from '../identity.ts';
import type { Lockout } from '../lockout.ts';
import type { Properties } from '../parts.ts';
import { Refusal, shownValue } from '../refusal.ts';
import { makeTurnstile } from '../turnstile.ts';
import { refuseUnfitUser } from '../user_state.ts';
import type { Users } from '../users.ts';

export interface BasicParts {
  records: Pick<Records, 'findBy' | 'update'>;
  users: Users;
  lockout: Lockout;
  clock: Clock;
  properties: Properties;
  random?: (byteCount: number) => Buffer;
}

const passwordLimit = 1_024;

const readPair = (credential: string): { userName: string; password: string } | undefined => {
  const bytes = Buffer.from(credential, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== credential.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/'))
    return undefined;
  // RFC 7617 lets clients choose; Python's requests writes Latin-1, in which ä is no UTF-8.
  const text = isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
  const colon = text.indexOf(':');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 §2 forbids exactly these
  if (colon < 1 || /[\u0000-\u001f\u007f]/.test(text) || text.length - colon > passwordLimit) return undefined;
  return { userName: text.slice(0, colon), password: text.slice(colon + 1) };
};

export const makeBasic = (parts: BasicParts): AuthenticationMethod => {
  const { records, users, lockout, clock, properties, random = randomBytes } = parts;
  // Two abreast leave the thread pool room for files and names; hashing is what an attacker would make us do.
  const turnstile = makeTurnstile({ abreast: 2, queueLimit: 200 });
  const digestKey = random(32);
  const proven = makeBoundedMap<string, string>(10_000);
  const decoy = decoyHash(random);

  const digestOf = (user: Row, password: string): string =>
    createHmac('sha256', digestKey).update(`${user.sys_id}\0${password}`).digest('hex');
  const wrong = (userName: string, user?: Row) =>
    new Refusal(user ? 'bad_password' : 'user_not_found', {
      line: `Basic authentication failed for user: ${shownValue(userName, 80)}`,
      expected: user ? 'the password of this user' : 'a user name that exists',
      got: user ? 'another password' : shownValue(userName, 80),
      ...(user?.sys_id ? { userSysId: user.sys_id } : {}),
    });

  const strengthen = async (user: Row, password: string): Promise<void> => {
    if (needsRehash(user.user_password ?? ''))
      await records.update(systemCaller, 'sys_user', user.sys_id ?? '', { user_password: password });
  };

  const prove = async (userName: string, password: string): Promise<void> => {
    // Read inside the turnstile: a lock that the attempt before this one set must be seen by this one.
    const user = await users.byUserName(userName);
    const stored = user?.user_password || decoy;
    const isRight = await verifyPassword(password, stored);
    if (!user?.user_password) throw wrong(userName, user);
    // A lock that another process set meanwhile counts, also where its word has not arrived here yet.
    const [present = user] = await records.findBy('sys_user', { sys_id: user.sys_id ?? '' });
    await refuseUnfitUser(present, { properties, nowMs: clock.now() });
    if (!isRight) {
      await lockout.failed(user.sys_id ?? '');
      throw wrong(userName, user);
    }
    proven.set(digestOf(user, password), stored);
    await strengthen(user, password);
  };

  return {
    name: 'basic',
    async identify(knock) {
      const credential = readCredential(knock);
      if (credential.kind !== 'basic') return undefined;
      const pair = readPair(credential.value);
      if (!pair)
        throw new Refusal('malformed_credential', {
          expected: 'user name, colon and password in base64',
          got: 'something else',
        });
      const { userName, password } = pair;
      const known = await users.byUserName(userName);
      const isProven = known?.user_password ? proven.get(digestOf(known, password)) === known.user_password : false;
      if (!isProven) await turnstile(userName.toLowerCase(), () => prove(userName, password));
      const user = await users.byUserName(userName);
      if (!user) throw wrong(userName);
      const userSysId = user.sys_id ?? '';
      await refuseUnfitUser(user, { properties, nowMs: clock.now() });
      if (
        user.password_needs_reset === 'true' &&
        (await properties.flag('glide.authenticate.api.user.reset_password.mandatory'))
      ) {
        throw new Refusal('policy_denied', { userSysId, expected: 'a password that was set anew', got: 'password needs reset' });
      }
      // There is no one-time code here: where one is demanded, nobody has it.
      if (
        user.enable_multifactor_authn === 'true' &&
        (await properties.flag('glide.authenticate.multifactor.for_integrations'))
      ) {
        throw new Refusal('policy_denied', { userSysId, expected: 'a one-time code beside the password', got: 'none' });
      }
      await lockout.succeeded(user);
      return { caller: await users.callerOf(user), method: 'basic', entity: '', holdsUntilMs: Number.POSITIVE_INFINITY };
    },
  };
};
