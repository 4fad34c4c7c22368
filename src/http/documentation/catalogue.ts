// Which APIs there are, by namespace, title and version, as explorers and command lines read it (data_api.md §4.4).
import type { Data } from '../say_data.ts';
import type { DescribedApi } from './described.ts';
import { routeOf, summaryOf, titleOf } from './openapi.ts';

export const namespaceOf = ({ base }: DescribedApi): string => base.split('/')[2] ?? '';

const resourcesOf = (api: DescribedApi, version: string): Data =>
  api.operations.map((operation) => ({
    httpMethod: operation.method,
    route: routeOf(api, version, operation).slice('/api'.length),
    description: summaryOf(api, operation),
  }));

const sayApi = (api: DescribedApi) => ({
  apiName: api.name,
  svcName: titleOf(api),
  description: titleOf(api),
  scripted: api.isScripted,
  versions: Object.fromEntries(
    api.versions.map((version) => [version === '' ? 'latest' : version, { resources: resourcesOf(api, version) }]),
  ),
});

/** Namespace → title → API. Unknown namespaces have none. */
export const catalogueOf = (apis: readonly DescribedApi[], only?: string): Data => {
  const catalogue = new Map<string, Record<string, ReturnType<typeof sayApi>>>();
  for (const api of apis) {
    const namespace = namespaceOf(api);
    if (only !== undefined && namespace !== only) continue;
    const listed = catalogue.get(namespace) ?? Object.create(null);
    const said = sayApi(api);
    const known = listed[titleOf(api)];
    // The versions of a scripted API come one by one. Two APIs of one title keep apart by their names.
    if (known === undefined) listed[titleOf(api)] = said;
    else if (known.apiName !== said.apiName) listed[api.name] = said;
    else listed[titleOf(api)] = { ...said, versions: { ...known.versions, ...said.versions } };
    catalogue.set(namespace, listed);
  }
  return Object.fromEntries(catalogue);
};

/** By title or by name, with or without its namespace, whatever the case. */
export const findApis = (apis: readonly DescribedApi[], namespace: string, name: string): readonly DescribedApi[] => {
  const wanted = name.trim().toLowerCase();
  const isNamed = (api: DescribedApi): boolean =>
    [titleOf(api), api.name, api.name.slice(api.name.indexOf('/') + 1)].some((word) => word.toLowerCase() === wanted);
  return apis.filter((api) => (namespace === '' || namespaceOf(api) === namespace) && isNamed(api));
};
