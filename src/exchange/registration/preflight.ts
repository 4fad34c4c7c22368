// What must hold on an instance before it registers with another.
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records } from '../../records/records.ts';
import type { AuthMethod } from '../credential/auth_method.ts';

export const grantProperty = 'glide.oauth.inbound.client.credential.grant_type.enabled';

/** `enable`: turns the grant on where it is off. Throws `exchange.grant_disabled`. */
const requireGrant = async (properties: Properties, enable?: Records): Promise<void> => {
  if (await properties.flag(grantProperty)) return;
  if (!enable) {
    throw new Fault('conflict', 'exchange.grant_disabled', 'The client credentials grant is turned off on this instance', {
      explanation: `A connection needs it: set ${grantProperty} to true, or ask for it with --enable-grant.`,
    });
  }
  const [row] = await enable.findBy('sys_properties', { name: grantProperty }, { limit: 1 });
  if (row) await enable.update(systemCaller, 'sys_properties', row.sys_id ?? '', { value: 'true' });
  else await enable.insert(systemCaller, 'sys_properties', { name: grantProperty, type: 'boolean', value: 'true' });
};

const passwordProperty = 'glide.oauth.inbound.ropc.grant_type.disabled';

/** The older way stands on the password grant. Throws `exchange.password_grant_disabled`. */
const requirePasswordGrant = async (properties: Properties): Promise<void> => {
  if (!(await properties.flag(passwordProperty))) return;
  throw new Fault('conflict', 'exchange.password_grant_disabled', 'The password grant is turned off on this instance', {
    explanation: `A connection of the older kind needs it: set ${passwordProperty} to false.`,
  });
};

export const requireGrantFor = (method: AuthMethod, properties: Properties, enable?: Records): Promise<void> =>
  method === 'password' ? requirePasswordGrant(properties) : requireGrant(properties, enable);
