// What this room needs to know of users: who they are, whether a password is theirs, and whether they may have a token now.
// Must not count failed passwords: the sign-in that instance.ts hands in does.
import type { Properties } from '../identity/parts.ts';
import { isLocked, readUnlockMinutes } from '../identity/user_state.ts';
import type { Users } from '../identity/users.ts';
import type { Caller } from '../records/caller.ts';
import type { Row } from '../records/records.ts';
import { guestSysId } from '../records/tables/sys_user_rows.ts';

export interface Person {
  readonly row: Row;
  readonly caller: Caller;
}

export interface SignInAttempt {
  userName: string;
  password: string;
  transactionId: string;
  remoteAddress: string;
}

/** The user, or why not, as a reason code. */
export type SignIn = (attempt: SignInAttempt) => Promise<{ user: Row } | { reason: string; user?: Row }>;

export interface People {
  signIn(attempt: SignInAttempt): Promise<{ person: Person } | { reason: string; userSysId: string }>;
  bySysId(sysId: string): Promise<Person | undefined>;
  /** Everyone whose column holds exactly this; the caller refuses to choose among several. */
  byField(field: string, value: string): Promise<Person[]>;
  /** Why no token may be given to or used by this user, as a reason code; undefined when nothing stands against it. */
  whyNoToken(person: Person): Promise<string | undefined>;
  /** The same for one who signs in with a password: the original wants someone who could have an interactive session. */
  whyNoSession(person: Person): Promise<string | undefined>;
}

export const makePeople = ({
  users,
  signIn,
  properties,
  now,
}: {
  users: Users;
  signIn: SignIn;
  properties: Properties;
  now: () => number;
}): People => {
  const personOf = async (row: Row): Promise<Person> => ({ row, caller: await users.callerOf(row) });
  const whyNoToken = async ({ row, caller }: Person): Promise<string | undefined> => {
    // The doors let nobody in as the guest; a token for him would only look like one.
    if (row.sys_id === guestSysId) return 'user_inactive';
    if (row.active !== 'true' && (await properties.flag('glide.authenticate.only.allow.active.user.login', true)))
      return 'user_inactive';
    if (isLocked(row, { unlockMinutes: await readUnlockMinutes(properties), nowMs: now() })) return 'user_locked';
    return caller.roles.has('snc_read_only') ? 'user_read_only' : undefined;
  };
  return {
    async signIn(attempt) {
      const outcome = await signIn(attempt);
      if ('reason' in outcome) return { reason: outcome.reason, userSysId: outcome.user?.sys_id ?? '' };
      return { person: await personOf(outcome.user) };
    },
    async bySysId(sysId) {
      const row = sysId === '' ? undefined : await users.bySysId(sysId);
      return row === undefined ? undefined : personOf(row);
    },
    byField: async (field, value) => Promise.all((await users.byField(field, value)).map(personOf)),
    whyNoToken,
    async whyNoSession(person) {
      const why = await whyNoToken(person);
      if (why !== undefined) return why;
      if (person.row.web_service_access_only === 'true') return 'user_web_service_only';
      if (person.row.password_needs_reset === 'true') return 'user_password_reset';
      return person.row.enable_multifactor_authn === 'true' ? 'user_multifactor' : undefined;
    },
  };
};
