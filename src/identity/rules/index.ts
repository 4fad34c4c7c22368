// What identity does when records change. A new rule is a file beside this one and a line here; instance.ts hands the list to records/.
import type { Clock } from '../../kit/clock.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Records, Rule } from '../../records/records.ts';
import { makeConfigurationRule } from './configuration_rule.ts';
import { makeEntityRules } from './entity_rule.ts';
import { topicRules } from './topic_rules.ts';
import { userLockRule } from './user_lock_rule.ts';

/** `records` is asked for only when a rule runs: the records this list is given to may be made after it. */
export const makeIdentityRules = (parts: { outbound: Outbound; clock: Clock; records: () => Records }): readonly Rule[] => [
  ...topicRules,
  userLockRule,
  makeConfigurationRule({ outbound: parts.outbound, clock: parts.clock, dictionary: () => parts.records().dictionary() }),
  ...makeEntityRules({ within: (transaction) => parts.records().within(transaction) }),
];
