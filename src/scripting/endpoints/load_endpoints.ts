// Rows of scripted REST APIs → what is served at which address. Cached, and dropped in every process when one of the rows changes.
import type { Records, Row } from '../../records/records.ts';
import { makeTopicCache } from '../../records/topic_cache.ts';
import type { Store } from '../../store/store.ts';
import { operationUri, versionPattern } from './addresses.ts';
import type { Endpoint, Endpoints, Found } from './endpoint.ts';
import { readMediaTypes } from './media_types.ts';
import { matchPath, readPath } from './path.ts';
import { endpointsTopic } from './topic.ts';

interface Served {
  /** `namespace/version/service`, the version '' where the address has none → what is there. */
  readonly services: ReadonlyMap<string, readonly Endpoint[]>;
  readonly namespaces: ReadonlySet<string>;
}

// More than any instance has; a limit only so that nothing is without one.
const most = 20_000;

const keyOf = (namespace: string, version: string, serviceId: string): string => `${namespace}/${version}/${serviceId}`;

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(',').filter((one) => one !== '');

const isOn = (row: Row, element: string): boolean => row[element] === 'true';

const endpointOf = (definition: Row, operation: Row, version: string): Endpoint | undefined => {
  const path = readPath(operation.relative_path ?? '');
  if (!path) return undefined;
  const { namespace = '', service_id: serviceId = '' } = definition;
  const own = listOf(operation.enforce_acl);
  return {
    sysId: operation.sys_id ?? '',
    method: operation.http_method ?? '',
    title: definition.name ?? '',
    summary: operation.short_description || (operation.name ?? ''),
    api: `${namespace}/${serviceId}`,
    pattern: operationUri({ namespace, serviceId, version: '' }, operation.relative_path ?? '').slice('/api/'.length),
    version,
    path,
    script: operation.operation_script ?? '',
    requiresAuthentication: isOn(operation, 'requires_authentication'),
    requiresAcl: isOn(operation, 'requires_acl_authorization'),
    requiresInternalRole: isOn(operation, 'requires_snc_internal_role'),
    acls: own.length > 0 ? own : listOf(definition.enforce_acl),
    consumes: readMediaTypes(operation.consumes || definition.consumes || ''),
    produces: readMediaTypes(operation.produces || definition.produces || ''),
  };
};

/** The services of one API: one for each version, and the address without a version, which is that of the default one. */
const servicesOf = (definition: Row, versions: readonly Row[], operations: readonly Row[]): [string, Endpoint[]][] => {
  const { namespace = '', service_id: serviceId = '' } = definition;
  const endpoints = (versionSysId: string, version: string): Endpoint[] =>
    operations
      .filter((operation) => (operation.web_service_version ?? '') === versionSysId)
      .flatMap((operation) => endpointOf(definition, operation, version) ?? []);
  if (!isOn(definition, 'is_versioned')) return [[keyOf(namespace, '', serviceId), endpoints('', '')]];
  return versions.flatMap((version): [string, Endpoint[]][] => {
    const name = version.version_id ?? '';
    const served = endpoints(version.sys_id ?? '', name);
    const asDefault: [string, Endpoint[]][] = isOn(version, 'is_default') ? [[keyOf(namespace, '', serviceId), served]] : [];
    return [[keyOf(namespace, name, serviceId), served], ...asDefault];
  });
};

const groupBy = (rows: readonly Row[], element: string): ReadonlyMap<string, Row[]> =>
  Map.groupBy(rows, (row) => row[element] ?? '');

const load = async (records: Pick<Records, 'find'>): Promise<Served> => {
  const active = (table: string) => records.find(table, 'active=true^ORDERBYsys_id', { limit: most });
  const definitions = await active('sys_ws_definition');
  const versions = groupBy(await active('sys_ws_version'), 'web_service_definition');
  const operations = groupBy(await active('sys_ws_operation'), 'web_service_definition');
  const services = definitions.flatMap((definition) => {
    const sysId = definition.sys_id ?? '';
    return servicesOf(definition, versions.get(sysId) ?? [], operations.get(sysId) ?? []);
  });
  return { services: new Map(services), namespaces: new Set(definitions.map((definition) => definition.namespace ?? '')) };
};

const findAmong = (endpoints: readonly Endpoint[], method: string, below: readonly string[]): Found | undefined => {
  const offered: string[] = [];
  for (const endpoint of endpoints) {
    const pathParams = matchPath(endpoint.path, below);
    if (!pathParams) continue;
    if (endpoint.method === method) return { endpoint, pathParams };
    offered.push(endpoint.method);
  }
  const api = endpoints[0]?.api ?? '';
  return offered.length === 0 ? undefined : { offered: [...new Set(offered)].sort(), api };
};

export const makeEndpoints = ({ records, store }: { records: Pick<Records, 'find'>; store: Pick<Store, 'topic'> }): Endpoints => {
  const served = makeTopicCache({ store, topics: [endpointsTopic], make: () => load(records) });
  return {
    async find(asked, segments) {
      const { services } = await served.current();
      const [namespace = '', second = '', ...rest] = segments;
      const hasVersion = versionPattern.test(second);
      const [serviceId = '', ...below] = hasVersion ? rest : [second, ...rest];
      const endpoints = services.get(keyOf(namespace, hasVersion ? second : '', serviceId));
      return endpoints && findAmong(endpoints, asked === 'HEAD' ? 'GET' : asked, below);
    },
    async all() {
      const { services } = await served.current();
      return [...services].flatMap(([key, endpoints]) =>
        endpoints.map((endpoint) => ({ version: key.split('/')[1] ?? '', endpoint })),
      );
    },
    hasNamespace: async (namespace) => (await served.current()).namespaces.has(namespace),
  };
};
