// The list of rules that the record layer itself brings. Other rooms bring theirs through instance.ts.
import type { Clock } from '../../kit/clock.ts';
import type { Sealer } from '../../kit/seal.ts';
import type { Rule } from '../records.ts';
import { applicationUserRules } from './application_users.ts';
import { attachmentRules } from './attachments.ts';
import { cacheRules } from './caches.ts';
import { fieldRules } from './field_rows.ts';
import { incidentRules } from './incidents.ts';
import { labelRules } from './labels.ts';
import { oidcConfigurationRules } from './oidc_configurations.ts';
import { rateLimitRules } from './rate_limits.ts';
import { roleGrantRules } from './role_grants.ts';
import { secretPropertyRules } from './secret_properties.ts';
import { tableRules } from './table_rows.ts';
import { taskRules } from './tasks.ts';
import { userRules } from './users.ts';

export const builtInRules = ({ clock, sealer }: { clock: Clock; sealer: Sealer }): readonly Rule[] => [
  ...tableRules,
  ...fieldRules,
  ...labelRules,
  // The two states of an incident are made one before closing looks at them.
  ...incidentRules({ clock }),
  ...taskRules({ clock }),
  ...userRules,
  ...roleGrantRules,
  ...applicationUserRules,
  ...oidcConfigurationRules,
  ...attachmentRules,
  ...rateLimitRules,
  ...secretPropertyRules({ sealer }),
  ...cacheRules,
];
