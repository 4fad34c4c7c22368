// Raises the counter of what was cached from rows that change, so that every process drops it.
import type { Rule } from '../records.ts';

const topics: Readonly<Record<string, readonly string[]>> = {
  dictionary: ['sys_db_object', 'sys_dictionary', 'sys_dictionary_override', 'sys_choice', 'sys_documentation'],
  numbers: ['sys_number'],
  properties: ['sys_properties'],
  rate_limits: ['sys_rate_limit_rules'],
  rights: ['sys_security_acl', 'sys_security_acl_role', 'sys_user_role'],
};

export const cacheRules: readonly Rule[] = Object.entries(topics).map(([topic, tables]) => ({
  name: `drop cached ${topic}`,
  tables,
  applied: (transaction) => transaction.bump(topic),
}));
