// A name and a password that came in a form, checked as Basic authentication would check them: one lockout, one timing, one set of rules.
import type { AuthenticationMethod } from '../identity/identity.ts';
import { Refusal } from '../identity/refusal.ts';
import type { Users } from '../identity/users.ts';
import type { SignIn } from './people.ts';

export const makeSignIn =
  ({ passwords, users }: { passwords: AuthenticationMethod; users: Users }): SignIn =>
  async ({ userName, password, transactionId, remoteAddress }) => {
    // A name with a colon would be cut in two there.
    if (userName.includes(':')) return { reason: 'user_not_found' };
    const authorization = `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
    try {
      const found = await passwords.identify({
        method: 'POST',
        path: '/oauth_token.do',
        headers: { authorization },
        remoteAddress,
        transactionId,
      });
      const user = found === undefined ? undefined : await users.bySysId(found.caller.userSysId);
      return user === undefined ? { reason: 'user_not_found' } : { user };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const user = error.facts.userSysId ? await users.bySysId(error.facts.userSysId) : undefined;
      return { reason: error.reason, ...(user ? { user } : {}) };
    }
  };
