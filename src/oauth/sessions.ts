// Sessions of the vendor's command line: a signed cookie that names a user, and a user token that every call must send beside it. Nothing is
// stored: a changed password, a locked or inactive user, or half an hour ends it.
import { createHmac } from 'node:crypto';
import type { AuthenticationMethod, Knock } from '../identity/identity.ts';
import { Refusal } from '../identity/refusal.ts';
import type { Users } from '../identity/users.ts';
import type { Clock } from '../kit/clock.ts';
import { equalSecrets } from '../kit/fingerprint.ts';
import type { Row } from '../records/records.ts';
import type { People, Person, SignInAttempt } from './people.ts';

export interface Sessions {
  /** The cookie's value, or why not. */
  open(attempt: SignInAttempt): Promise<{ cookie: string } | { reason: string; userSysId: string }>;
  /** Who a cookie stands for, and the user token that goes with it; undefined when it is not good. */
  read(cookie: string): Promise<{ person: Person; userToken: string } | undefined>;
}

const lifeMs = 1_800_000;

/** The cookie among those of a request; undefined when there is none of this name. */
export const sessionCookie = (knock: Pick<Knock, 'headers'>): string | undefined => {
  const header = knock.headers.cookie;
  const text = Array.isArray(header) ? header.join(';') : (header ?? '');
  const found = text
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith('JSESSIONID='));
  return found?.slice('JSESSIONID='.length);
};

/** The header that sets it. `base`: the public address of the instance. */
export const sessionCookieLine = (value: string, base: string): string =>
  `JSESSIONID=${value}; Path=/; HttpOnly; SameSite=Strict${base.startsWith('https:') ? '; Secure' : ''}`;

/** `key`: 32 bytes, derived for this purpose alone. */
export const makeSessions = ({
  key,
  clock,
  users,
  people,
}: {
  key: Buffer;
  clock: Clock;
  users: Users;
  people: People;
}): Sessions => {
  // The stored password is part of what is signed: whoever changes it ends every session.
  const sign = (purpose: string, user: Row, untilMs: number): string =>
    createHmac('sha256', key).update(`${purpose}\0${user.sys_id}\0${untilMs}\0${user.user_password}`).digest('base64url');
  return {
    async open(attempt) {
      const outcome = await people.signIn(attempt);
      if ('reason' in outcome) return outcome;
      const { person } = outcome;
      const why = await people.whyNoSession(person);
      if (why !== undefined) return { reason: why, userSysId: person.caller.userSysId };
      const untilMs = clock.now() + lifeMs;
      return { cookie: `${person.caller.userSysId}.${untilMs}.${sign('cookie', person.row, untilMs)}` };
    },
    async read(cookie) {
      const [, userSysId = '', until = '', signature = ''] =
        /^([0-9a-f]{32})\.(\d{13,14})\.([A-Za-z0-9_-]{43})$/.exec(cookie) ?? [];
      const untilMs = Number(until);
      const user = userSysId === '' || !(untilMs > clock.now()) ? undefined : await users.bySysId(userSysId);
      if (user === undefined || !equalSecrets(signature, sign('cookie', user, untilMs))) return undefined;
      const person = { row: user, caller: await users.callerOf(user) };
      if ((await people.whyNoSession(person)) !== undefined) return undefined;
      return { person, userToken: sign('user token', user, untilMs) };
    },
  };
};

/** An Authorization header wins over the cookie. `sessions` is asked for at each call: identity/ is made after this list. */
export const makeSessionMethod = (sessions: () => Sessions): AuthenticationMethod => ({
  name: 'session',
  async identify(knock) {
    const cookie = sessionCookie(knock);
    if (cookie === undefined || knock.headers.authorization !== undefined || knock.headers['x-sn-apikey'] !== undefined)
      return undefined;
    const session = await sessions().read(cookie);
    if (session === undefined) throw new Refusal('unknown_token', { expected: 'a live session', got: 'a cookie of none' });
    const { caller } = session.person;
    const sent = knock.headers['x-usertoken'];
    // Without it any page that the person visits could act in his name.
    if (typeof sent !== 'string' || !equalSecrets(sent, session.userToken)) {
      throw new Refusal('policy_denied', {
        userSysId: caller.userSysId,
        expected: 'the X-UserToken of the session',
        got: sent ? 'another' : 'none',
      });
    }
    return { caller, method: 'session', entity: '' };
  },
});
