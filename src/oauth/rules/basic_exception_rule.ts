// Whoever decides that a person becomes a service account has him made one, with his own rights and at once.
import type { Records, Rule } from '../../records/records.ts';

export const makeBasicExceptionRule = ({ records }: { records: Records }): Rule => ({
  name: 'oauth: exceptions of Basic',
  tables: ['basic_auth_exception'],
  async check(transaction, { operation, before, values, caller }) {
    if (operation === 'delete' || values.decision !== 'convert' || before.decision === 'convert') return;
    await records.within(transaction).update(caller, 'sys_user', values.user ?? '', { web_service_access_only: 'true' });
  },
});
