// The descriptions that the instance gives of itself: the catalogue of its APIs, and OpenAPI documents.
// It must not describe a table to anyone who may not read it.
import { Fault } from '../../kit/fault.ts';
import type { Records } from '../../records/records.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import type { ScriptedApis } from '../scripted/scripted_apis.ts';
import { catalogueOf, findApis, namespaceOf } from './catalogue.ts';
import { type DescribedApi, describeApi, describeScripted } from './described.ts';
import { makeOpenApi, routeOf, summaryOf, titleOf } from './openapi.ts';
import { tableSchema } from './table_schema.ts';

export interface DocumentationParts {
  records: Records;
  scripted: ScriptedApis;
}

/** Those of the instance, and those of customers that the caller may call. */
type ListApis = (asked: Asked) => Promise<readonly DescribedApi[]>;

const unknownApi = (name: string, namespace: string): Fault =>
  new Fault('not_found', 'http.unknown_api', 'API not found', { explanation: `API ${name} not found in namespace ${namespace}` });

/** JSON or YAML, as the format says; the type is that of a file unless the caller accepts one of `shownTo` by name. */
const document = async (asked: Asked, spec: object, shownTo = ['application/json']): Promise<Answer> => {
  const wantsYaml = asked.parameters.get('format')?.toLowerCase() === 'yaml';
  const accepts = String(asked.headers.accept ?? '').toLowerCase();
  const isShown = !wantsYaml && shownTo.some((type) => accepts.includes(type));
  const type = isShown ? 'application/json;charset=UTF-8' : 'application/octet-stream';
  // Seldom asked for, and as much to load as all of the query language.
  const write = wantsYaml ? (await import('yaml')).stringify : JSON.stringify;
  return { status: 200, headers: { 'Content-Type': type }, body: write(spec) };
};

/** The one asked for, or the newest. */
const versionFor = (apis: readonly DescribedApi[], said: string | undefined): string =>
  said !== undefined && apis.some(({ versions }) => versions.includes(said)) ? said : '';

const exportApi =
  (list: ListApis) =>
  async (asked: Asked): Promise<Answer> => {
    const { parameters, base } = asked;
    const [namespace, name] = [parameters.get('namespace') ?? 'now', parameters.get('name') ?? ''];
    const apis = findApis(await list(asked), namespace, name);
    const [first] = apis;
    if (!first) throw unknownApi(name, namespace);
    const version = versionFor(apis, parameters.get('version'));
    const chosen = apis.filter(({ versions }) => versions.includes(version));
    const spec = { openapi: '3.0.1', title: titleOf(first), base, apis: chosen.length > 0 ? chosen : apis, version } as const;
    return document(asked, makeOpenApi(spec));
  };

const mostTables = 50;

/** Everything in one document, with the tables that `tables` names, as far as the caller may read them. */
const exportAll =
  (list: ListApis, { records }: DocumentationParts) =>
  async (asked: Asked): Promise<Answer> => {
    const wanted = (asked.parameters.get('tables') ?? '').split(',').map((name) => name.trim());
    const readable = (await records.readableTables(asked.caller)).filter(({ name }) => wanted.includes(name));
    const schemas: Record<string, object> = {};
    for (const { name, label } of readable.slice(0, mostTables)) {
      schemas[name] = tableSchema(label, await records.readableFields(asked.caller, name));
    }
    const { base } = asked;
    return document(
      asked,
      makeOpenApi({ openapi: '3.1.0', title: 'Causeway', base, apis: await list(asked), version: '', schemas }),
      // Whoever follows the link on the first page wants to look, and not to keep a file.
      ['application/json', 'text/html'],
    );
  };

const listCatalogue =
  (list: ListApis) =>
  async (asked: Asked): Promise<Answer> => ({
    status: 200,
    body: sayData(asked.accept, catalogueOf(await list(asked), asked.parameters.get('namespace'))),
  });

const listNamespaces =
  (list: ListApis) =>
  async (asked: Asked): Promise<Answer> => ({
    status: 200,
    body: sayData(asked.accept, [...new Set((await list(asked)).map(namespaceOf))].sort()),
  });

/** `/doc/GET/now/v2/table/{tableName}`: names in braces may differ from ours. */
const readResource =
  (list: ListApis) =>
  async (asked: Asked): Promise<Answer> => {
    const plain = (route: string): string => route.replace(/\{[^}]*\}/g, '{}').replace(/^\/?(?:api\/)?/, '/');
    const verb = (asked.segments.get('verb') ?? '').toUpperCase();
    const wanted = plain(asked.segments.get('*') ?? '');
    for (const api of await list(asked)) {
      for (const version of api.versions) {
        for (const operation of api.operations) {
          const route = routeOf(api, version, operation).slice('/api'.length);
          if (operation.method !== verb || plain(route) !== wanted) continue;
          const found = { httpMethod: verb, route, description: summaryOf(api, operation), apiName: api.name };
          return { status: 200, body: sayData(asked.accept, found) };
        }
      }
    }
    throw unknownApi(`${verb} ${wanted}`, 'now');
  };

/** `list` answers all APIs, this one among them. */
export const makeDocumentationApi = (listAll: () => readonly Api[], parts: DocumentationParts): Api => {
  // Old addresses such as /sys_import.do belong to no namespace.
  const list: ListApis = async ({ caller }) => [
    ...listAll()
      .filter(({ base }) => base.startsWith('/api/'))
      .map(describeApi),
    ...(await describeScripted(parts, caller)),
  ];
  return describe(list, parts);
};

const describe = (list: ListApis, parts: DocumentationParts): Api => ({
  name: 'now/doc',
  title: 'Documentation API',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: '/doc', summary: 'Lists the APIs', handle: listCatalogue(list) },
    { method: 'GET', path: '/doc/services', summary: 'Lists the APIs of a namespace', handle: listCatalogue(list) },
    { method: 'GET', path: '/doc/namespaces', summary: 'Lists the namespaces', handle: listNamespaces(list) },
    { method: 'GET', path: '/doc/oas_3', summary: 'OpenAPI 3.0 of one API', produces: 'as_stored', handle: exportApi(list) },
    {
      method: 'GET',
      path: '/doc/openapi',
      summary: 'OpenAPI 3.1 of all APIs',
      produces: 'as_stored',
      handle: exportAll(list, parts),
    },
    { method: 'GET', path: '/doc/:verb/*', summary: 'Describes one operation', handle: readResource(list) },
  ],
});
