// What must hold on an instance before it registers with another.
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records } from '../../records/records.ts';

export const grantProperty = 'glide.oauth.inbound.client.credential.grant_type.enabled';

/** `enable`: turns the grant on where it is off. Throws `exchange.grant_disabled`. */
export const requireGrant = async (properties: Properties, enable?: Records): Promise<void> => {
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
