// Does this provider vouch for such a user? One that was registered by somebody who is no admin lets nobody in as an admin, or as anyone whose
// roles only an admin gives: else whoever keeps the registry could be everyone.
import { guardedNames } from '../../../records/rules/guarded_roles.ts';
import { Refusal } from '../../refusal.ts';
import { check } from '../check.ts';

export const guardedUser = check('guarded_user', ['user', 'registration'], async ({ user, registration }, { records, users }) => {
  if (!registration.barsAdmins) return { isIdle: true };
  const { roles } = await users.callerOf(user);
  const elevated = await records.findBy('sys_user_role', { elevated_privilege: 'true' });
  const guarded = [...guardedNames, ...elevated.map(({ name = '' }) => name)].find((name) => roles.has(name));
  const expected = 'a user without guarded roles, until an admin takes bars_admins from entity and provider configuration';
  if (guarded === undefined) return { expected, got: user.user_name ?? '' };
  throw new Refusal('policy_denied', { expected, got: `${user.user_name}, who holds ${guarded}` });
});
