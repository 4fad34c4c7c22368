// Which APIs there are, by namespace, title and version, as explorers and command lines read it (data_api.md §4.4).
import type { Api } from '../api.ts';
import type { Data } from '../say_data.ts';
import { routeOf, summaryOf, titleOf } from './openapi.ts';

export const namespaceOf = ({ base }: Api): string => base.split('/')[2] ?? '';

const resourcesOf = (api: Api, version: string): Data =>
  api.operations.map((operation) => ({
    httpMethod: operation.method,
    route: routeOf(api, version, operation).slice('/api'.length),
    description: summaryOf(api, operation),
  }));

const describeApi = (api: Api): Data => ({
  apiName: api.name,
  svcName: titleOf(api),
  description: titleOf(api),
  scripted: false,
  versions: Object.fromEntries(
    api.versions.map((version) => [version === '' ? 'latest' : version, { resources: resourcesOf(api, version) }]),
  ),
});

/** Namespace → title → API. Unknown namespaces have none. */
export const catalogueOf = (apis: readonly Api[], only?: string): Data => {
  const catalogue = new Map<string, Record<string, Data>>();
  for (const api of apis) {
    const namespace = namespaceOf(api);
    if (only !== undefined && namespace !== only) continue;
    const listed = catalogue.get(namespace) ?? {};
    listed[titleOf(api)] = describeApi(api);
    catalogue.set(namespace, listed);
  }
  return Object.fromEntries(catalogue);
};

/** By title or by name, with or without its namespace, whatever the case. */
export const findApis = (apis: readonly Api[], namespace: string, name: string): readonly Api[] => {
  const wanted = name.trim().toLowerCase();
  const isNamed = (api: Api): boolean =>
    [titleOf(api), api.name, api.name.slice(api.name.indexOf('/') + 1)].some((word) => word.toLowerCase() === wanted);
  return apis.filter((api) => (namespace === '' || namespaceOf(api) === namespace) && isNamed(api));
};
