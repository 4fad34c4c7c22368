// Rows of sys_rate_limit_rules → the one rule that binds a call. Reads and chooses, counts nothing.
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import { makeTopicCache, type TopicCache } from '../topic_cache.ts';

/** What is called, as rules name it. */
export interface LimitedCall {
  /** `now/table`. */
  readonly api: string;
  /** `v1`, `v2`, '' where the address names none. */
  readonly version: string;
  /** `now/table/incident/{sys_id}`. */
  readonly resource: string;
  readonly method: string;
}

export interface RateRule {
  readonly sysId: string;
  readonly limit: number;
  readonly applyTo: 'user' | 'role' | 'all';
  readonly user: string;
  readonly role: string;
  readonly api: string;
  readonly version: string;
  readonly resource: string;
  readonly method: string;
  readonly table: string;
}

const isAny = (wanted: string, given: string): boolean => wanted === '' || wanted.toLowerCase() === given.toLowerCase();

const isAbout = (rule: RateRule, call: LimitedCall): boolean =>
  isAny(rule.api, call.api) &&
  (rule.version === 'latest' || isAny(rule.version, call.version)) &&
  isAny(rule.resource, call.resource) &&
  isAny(rule.method, call.method) &&
  (rule.table === '' || call.resource.split('/').includes(rule.table));

const binds = (rule: RateRule, caller: Caller): boolean => {
  if (rule.applyTo === 'user') return rule.user !== '' && rule.user === caller.userSysId;
  return rule.applyTo === 'all' || caller.roles.has(rule.role);
};

const rank = { user: 0, role: 1, all: 2 } as const;

/** A rule for the user comes before one for a role, that before one for all; of several of a kind the lowest limit counts. */
export const ruleFor = (rules: readonly RateRule[], caller: Caller, call: LimitedCall): RateRule | undefined =>
  rules
    .filter((rule) => isAbout(rule, call) && binds(rule, caller))
    .sort((a, b) => rank[a.applyTo] - rank[b.applyTo] || a.limit - b.limit)[0];

const readRules = async (store: Store): Promise<RateRule[]> => {
  const n = store.dialect.name;
  const words = ['apply_to', 'user', 'rest_api', 'rest_version', 'rest_resource', 'rest_method', 'table_name'];
  const rows = await store.read(
    `SELECT l.sys_id, l.${n('request_limit')}, r.${n('name')}, ${words.map((word) => `l.${n(word)}`).join(', ')}` +
      ` FROM ${n('sys_rate_limit_rules')} l LEFT JOIN ${n('sys_user_role')} r ON r.sys_id = l.${n('role')} WHERE l.${n('active')} = 1`,
  );
  return rows.map(([sysId, limit, role, ...rest]): RateRule => {
    const [applyTo, user = '', api = '', version = '', resource = '', method = '', table = ''] = rest.map((each) =>
      String(each ?? ''),
    );
    return {
      sysId: String(sysId),
      limit: Math.max(0, Number(limit ?? 0)),
      applyTo: applyTo === 'user' || applyTo === 'role' ? applyTo : 'all',
      user,
      role: String(role ?? ''),
      api,
      version,
      resource,
      method,
      table,
    };
  });
};

export const makeRateRules = ({ store }: { store: Store }): TopicCache<readonly RateRule[]> =>
  makeTopicCache({ store, topics: ['rate_limits'], make: () => readRules(store) });
