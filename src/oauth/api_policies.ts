// API access policies (auth.md §2.7): which ways of authenticating an API takes. Of all policies that speak of a call the most specific one
// decides; a policy of an API always beats a global one.
import type { Records, Row } from '../records/records.ts';
import type { ApiCall } from './api_call.ts';
import { rowCovers } from './api_scopes.ts';
import { makeTopicRows } from './topic_rows.ts';

export interface AuthProfile {
  readonly sysId: string;
  /** basic_auth, oauth, id_token, certificate, api_key */
  readonly type: string;
  /** sys_id of the one entity that it is for, '' for any. */
  readonly entity: string;
  /** Header or parameter that carries an API key. */
  readonly parameter: string;
  readonly isQuery: boolean;
  readonly prefix: string;
}

export interface Policy {
  readonly name: string;
  readonly isGlobal: boolean;
  /** In the order in which they were mapped. */
  readonly profiles: readonly AuthProfile[];
  readonly advertisesAll: boolean;
  /** Networks of its conditions: each list must hold the caller. */
  readonly networks: readonly string[];
}

export interface ApiPolicies {
  /** undefined: no policy speaks of this call. */
  find(call: ApiCall): Promise<Policy | undefined>;
  /** Every active profile of the API-key kind. */
  keyProfiles(): Promise<readonly AuthProfile[]>;
}

interface Entry {
  row: Row;
  policy: Policy;
}

const isOn = (row: Row, element: string): boolean => row[element] === 'true';

/** Smaller is better: method+resource+version, method+resource, resource+version, resource, method+version, method, version. */
export const priorityOf = (row: Row): number => {
  const [method, resource, version] = ['apply_all_methods', 'apply_all_resources', 'apply_all_versions'].map(
    (flag) => !isOn(row, flag),
  );
  if (isOn(row, 'global')) return method ? 8 : 9;
  if (resource) return method ? (version ? 0 : 1) : version ? 2 : 3;
  if (method) return version ? 4 : 5;
  return version ? 6 : 7;
};

const speaksOf = (row: Row, call: ApiCall): boolean => {
  if (isOn(row, 'global')) return isOn(row, 'apply_all_methods') || row.http_method?.toUpperCase() === call.method;
  const isTable = isOn(row, 'apply_all_tables') || row.table === '' || row.table === call.table;
  return isTable && rowCovers(row, call);
};

/** Among equals the one that names a table, then the older one. */
const better = (one: Row, other: Row): number =>
  priorityOf(one) - priorityOf(other) ||
  Number(isOn(one, 'apply_all_tables')) - Number(isOn(other, 'apply_all_tables')) ||
  (one.sys_id ?? '').localeCompare(other.sys_id ?? '');

const profileOf = (row: Row, http: Row | undefined): AuthProfile => ({
  sysId: row.sys_id ?? '',
  type: row.type ?? '',
  entity: row.oauth_entity || http?.oauth_entity || '',
  parameter: (row.auth_parameter || 'x-sn-apikey').toLowerCase(),
  isQuery: row.auth_parameter_in === 'query',
  prefix: row.prefix ?? '',
});

export const makeApiPolicies = ({ records, topic }: { records: Records; topic: () => number }): ApiPolicies => {
  const profiles = makeTopicRows(topic, async (): Promise<ReadonlyMap<string, AuthProfile>> => {
    const http = new Map((await records.find('std_http_auth', '')).map((row) => [row.sys_id ?? '', row]));
    const rows = await records.findBy('inbound_auth_profile', { active: 'true' });
    return new Map(rows.map((row) => [row.sys_id ?? '', profileOf(row, http.get(row.std_http_auth ?? ''))]));
  });
  const entries = makeTopicRows(topic, async (): Promise<readonly Entry[]> => {
    const known = await profiles();
    const made: Entry[] = [];
    for (const row of await records.findBy('sys_api_access_policy', { active: 'true' })) {
      const mapped = await records.find(
        'sys_auth_profile_mapping',
        `api_access_policy=${row.sys_id}^ORDERBYsys_created_on^ORDERBYsys_id`,
      );
      const conditions = await records.findBy('auth_policy_mapping', { api_access_policy: row.sys_id ?? '', active: 'true' });
      const policy = {
        name: row.name ?? '',
        isGlobal: isOn(row, 'global'),
        profiles: mapped.flatMap((mapping) => known.get(mapping.inbound_auth_profile ?? '') ?? []),
        advertisesAll: isOn(row, 'advertise_all_schemes'),
        networks: conditions.map((condition) => condition.networks ?? ''),
      };
      made.push({ row, policy });
    }
    return made.sort((one, other) => better(one.row, other.row));
  });
  return {
    find: async (call) => (await entries()).find(({ row }) => speaksOf(row, call))?.policy,
    keyProfiles: async () => [...(await profiles()).values()].filter((profile) => profile.type === 'api_key'),
  };
};
