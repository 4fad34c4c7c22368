// The Basic restriction gate (auth.md §7.3): once it is on, people who could sign in with a browser may not use their password on APIs.
// Roles count only when they were given to the user himself: what admin implies does not.
import type { Identified } from '../identity/identity.ts';
import type { Users } from '../identity/users.ts';
import type { Clock } from '../kit/clock.ts';
import type { Records } from '../records/records.ts';
import type { BasicExceptions } from './basic_exceptions.ts';
import type { OAuthProperties } from './properties.ts';

export interface BasicGate {
  /** What the gate thinks of a call, which is asked of every one; undefined when it is off or has nothing to do with the caller. */
  objects(identified: Identified): Promise<'maintained' | { isEnforced: boolean } | undefined>;
}

const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

export const makeBasicGate = ({
  records,
  users,
  clock,
  properties,
  exceptions,
}: {
  records: Records;
  users: Users;
  clock: Clock;
  properties: OAuthProperties;
  exceptions: BasicExceptions;
}): BasicGate => {
  const holdsExplicitly = async (userSysId: string, roleNames: readonly string[]): Promise<boolean> => {
    for (const name of roleNames) {
      const [role] = await records.findBy('sys_user_role', { name }, { limit: 1 });
      if (role === undefined) continue;
      const held = await records.findBy('sys_user_has_role', { user: userSysId, role: role.sys_id ?? '' }, { limit: 1 });
      if (held.length > 0) return true;
    }
    return false;
  };
  return {
    async objects({ method, caller }) {
      if (method !== 'basic') return undefined;
      const restriction = await properties.basicRestriction();
      if (!restriction.isActive) return undefined;
      const { enforcedFrom, allowsExternal } = restriction;
      // A date that is none, or that nobody can read, delays nothing.
      const objection = { isEnforced: restriction.isEnforced && !(clock.now() < enforcedFrom) };
      if (allowsExternal !== undefined && (await holdsExplicitly(caller.userSysId, ['snc_external'])))
        return allowsExternal ? undefined : objection;
      const user = await users.bySysId(caller.userSysId);
      if (restriction.allowsServiceUsers && user?.web_service_access_only === 'true') return undefined;
      if (wordsOf(restriction.allowedUsers).includes(caller.userSysId)) return undefined;
      if (await holdsExplicitly(caller.userSysId, wordsOf(restriction.allowedRoles))) return undefined;
      const decision = user === undefined ? 'revoke' : await exceptions.seen(user);
      const isMaintained = decision === 'maintain' || (decision === 'default' && restriction.maintainsByDefault);
      return isMaintained ? 'maintained' : objection;
    },
  };
};
