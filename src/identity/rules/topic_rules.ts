// Raises the change counters that identity's caches watch, in the transaction of the change, so that every process drops what is stale.
// Must not raise them for what the door itself writes all day (attempts, last login): a flood of bad passwords would empty the caches.
import type { Rule } from '../../records/records.ts';
import { attemptsTopic, providerKeysTopic, registrationsTopic, usersTopic } from '../topics.ts';

const idle = new Set(['failed_attempts', 'last_login', 'last_login_time', 'sys_updated_on', 'sys_updated_by', 'sys_mod_count']);

const bumping = (topic: string, tables: readonly string[]): Rule => ({
  name: `identity: ${topic}`,
  tables,
  async applied(transaction, change) {
    const matters = change.operation !== 'update' || change.changed.some((element) => !idle.has(element));
    if (matters) await transaction.bump(topic);
  },
});

export const topicRules: readonly Rule[] = [
  bumping(usersTopic, [
    'sys_user',
    'sys_user_role',
    'sys_user_has_role',
    'sys_user_role_contains',
    'sys_user_group',
    'sys_user_grmember',
    'sys_group_has_role',
  ]),
  bumping(registrationsTopic, ['oauth_entity', 'oidc_provider_configuration', 'oidc_claim_validation', 'oauth_entity_scope']),
  {
    // Every save counts, changed or not: saving again is how admins throw away cached keys.
    name: `identity: ${providerKeysTopic}`,
    tables: ['oidc_provider_configuration'],
    applied: (transaction) => transaction.bump(providerKeysTopic),
  },
  {
    name: `identity: ${attemptsTopic}`,
    tables: ['sys_user'],
    async applied(transaction, change) {
      if (change.changed.includes('failed_attempts')) await transaction.bump(attemptsTopic);
    },
  },
];
