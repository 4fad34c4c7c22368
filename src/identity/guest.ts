// Nobody in particular: the caller of what an administrator opened to strangers. A row like any other, so that roles can be given to it.
// Must not be anyone who showed a credential, however wrong.
import { guestSysId } from '../records/tables/sys_user_rows.ts';
import type { Identified } from './identity.ts';
import type { Users } from './users.ts';

export const makeGuest = (users: Pick<Users, 'bySysId' | 'callerOf'>) => async (): Promise<Identified | undefined> => {
  const user = await users.bySysId(guestSysId);
  if (user?.active !== 'true') return undefined;
  return { caller: { ...(await users.callerOf(user)), isGuest: true }, method: 'guest', entity: '' };
};
