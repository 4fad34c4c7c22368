// Writes down when somebody last came in by a password or a token: once in a window of time for each user, not at every call.
// Must never stand in the way of the call: what cannot be written is said in the log.
import { makeBoundedMap } from '../kit/bounded_map.ts';
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import { type Caller, systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';
import type { Identified } from './identity.ts';
import type { Properties } from './parts.ts';

/** A promise only where there may be something to write. */
export type StampLastLogin = (identified: Identified, transactionId: string) => Promise<void> | undefined;

const switchOf: ReadonlyMap<string, string> = new Map([
  ['basic', 'glide.basicauth.update_last_login_time'],
  ['access_token', 'glide.oauth.update_last_login_time'],
  ['id_token', 'glide.oauth.update_last_login_time'],
]);
const windowProperty = 'glide.integration.update_last_login_time.window.seconds';

export const makeLastLogin = (parts: {
  records: Pick<Records, 'findBy' | 'write' | 'within'>;
  clock: Clock;
  properties: Properties;
  log: LocalhostLog;
}): StampLastLogin => {
  const { records, clock, properties, log } = parts;
  // Users who need no look before this moment: all that nearly every call costs.
  const notBeforeMs = makeBoundedMap<string, number>(10_000);

  const write = (userSysId: string, nowMs: number, windowMs: number): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const [user] = await within.findBy('sys_user', { sys_id: userSysId }, { limit: 1, forUpdate: true });
      // Another process may have stamped it within the window.
      const last = readWireMoment(user?.last_login_time ?? '');
      if (user === undefined || nowMs - last < windowMs) return;
      const moment = wireMoment(nowMs);
      await within.update(systemCaller, 'sys_user', userSysId, { last_login_time: moment, last_login: moment.slice(0, 10) });
    });

  const stamp = async (caller: Caller, name: string, nowMs: number, transactionId: string): Promise<void> => {
    const { userSysId } = caller;
    try {
      if (!(await properties.flag(name, true))) return;
      const windowMs = Math.max(1, await properties.number(windowProperty, 60)) * 1000;
      // Set first: what fails now is not tried again at every call.
      notBeforeMs.set(userSysId, nowMs + windowMs);
      await write(userSysId, nowMs, windowMs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.of(transactionId).warning(`The last login of ${caller.userName} was not written: ${why}`);
    }
  };

  return ({ caller, method }, transactionId) => {
    const nowMs = clock.now();
    const name = switchOf.get(method);
    if (name === undefined || nowMs < (notBeforeMs.get(caller.userSysId) ?? 0)) return undefined;
    return stamp(caller, name, nowMs, transactionId);
  };
};
