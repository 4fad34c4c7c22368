// What must hold on an instance before it registers with another.
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records } from '../../records/records.ts';
import type { AuthMethod } from '../credential/auth_method.ts';

export const grantProperty = 'glide.oauth.inbound.client.credential.grant_type.enabled';

export interface GrantParts {
  records: Records;
  properties: Properties;
}

/** `enable`: turns the grant on where it is off; `dryRun`: only says so. */
export interface GrantWish {
  enable: boolean;
  dryRun: boolean;
}

/** Answers what it turned on, as words. Throws `exchange.grant_disabled`. */
export const requireGrant = async ({ records, properties }: GrantParts, { enable, dryRun }: GrantWish): Promise<string[]> => {
  if (await properties.flag(grantProperty)) return [];
  if (!enable) {
    throw new Fault('conflict', 'exchange.grant_disabled', 'The client credentials grant is turned off on this instance', {
      explanation: `A connection needs it: set ${grantProperty} to true, or ask for it with --enable-grant.`,
    });
  }
  const done = [`set ${grantProperty} to true`];
  if (dryRun) return done;
  const [row] = await records.findBy('sys_properties', { name: grantProperty }, { limit: 1 });
  if (row) await records.update(systemCaller, 'sys_properties', row.sys_id ?? '', { value: 'true' });
  else await records.insert(systemCaller, 'sys_properties', { name: grantProperty, type: 'boolean', value: 'true' });
  return done;
};

const passwordProperty = 'glide.oauth.inbound.ropc.grant_type.disabled';

/** The older way stands on the password grant. Throws `exchange.password_grant_disabled`. */
const requirePasswordGrant = async ({ properties }: GrantParts): Promise<string[]> => {
  if (!(await properties.flag(passwordProperty))) return [];
  throw new Fault('conflict', 'exchange.password_grant_disabled', 'The password grant is turned off on this instance', {
    explanation: `A connection of the older kind needs it: set ${passwordProperty} to false.`,
  });
};

const noWish: GrantWish = { enable: false, dryRun: false };

export const requireGrantFor = (method: AuthMethod, parts: GrantParts, wish = noWish): Promise<string[]> =>
  method === 'password' ? requirePasswordGrant(parts) : requireGrant(parts, wish);
