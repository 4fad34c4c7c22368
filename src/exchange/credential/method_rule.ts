// The connection shows how it authenticates; what decides is the registry record, which an administrator may change. This keeps the one
// in step with the other, in the same transaction.
import { systemCaller } from '../../records/caller.ts';
import type { Records, Rule } from '../../records/records.ts';
import { grantOf, methodOfLink, readMethod } from './auth_method.ts';

export const makeMethodRule = ({ records }: { records: Records }): Rule => ({
  name: 'exchange: the grant of a connection was changed',
  tables: ['oauth_entity'],
  async applied(transaction, { operation, sysId, changed, after }) {
    if (operation !== 'update' || !changed.includes('default_grant_type')) return;
    const within = records.within(transaction);
    for (const connection of await within.findBy('sn_sb_connection', { outbound_credential: sysId })) {
      const method = methodOfLink(grantOf(after), readMethod(connection.peer_auth_method));
      await within.update(systemCaller, 'sn_sb_connection', connection.sys_id ?? '', { auth_method: method });
    }
  },
});
