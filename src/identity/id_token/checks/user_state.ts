// May this user come in at present? The same rule as for every other method.
import { refuseUnfitUser } from '../../user_state.ts';
import { check } from '../check.ts';

export const userState = check('user_state', ['user'], async ({ user }, { properties, clock }) => {
  await refuseUnfitUser(user, { properties, nowMs: clock.now() });
  return { expected: 'active and not locked out', got: user.user_name ?? '' };
});
