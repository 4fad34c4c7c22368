// A rate limit rule that was changed counts from nothing.
import { forgetCounts } from '../limits/rate_counts.ts';
import type { Rule } from '../records.ts';
import { valueRefused } from '../refusals.ts';

export const rateLimitRules: readonly Rule[] = [
  {
    name: 'what a rate limit may be',
    tables: ['sys_rate_limit_rules'],
    async check(_transaction, { operation, values }) {
      if (operation === 'delete') return;
      if (Number(values.request_limit) < 1) throw valueRefused('Request limit per hour', 'It is 1 or more');
      if (values.apply_to === 'user' && !values.user) throw valueRefused('User', 'A rule for a single user names him');
      if (values.apply_to === 'role' && !values.role) throw valueRefused('Role', 'A rule for a role names it');
    },
    async applied(transaction, { operation, sysId }) {
      if (operation !== 'insert') await forgetCounts(transaction, sysId);
    },
  },
];
