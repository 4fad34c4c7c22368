// The APIs as an OpenAPI document: 3.1 in full, or 3.0.1 in the form that exports of the platform have.
// It must not promise an address that no operation has: it is made from the operations themselves.
import { tableMediaTypes } from '../negotiate.ts';
import type { DescribedApi, DescribedOperation } from './described.ts';

export type OpenApiVersion = '3.0.1' | '3.1.0';

type Json = Readonly<Record<string, unknown>>;

const anything = { type: 'object', additionalProperties: true } as const;

const detail = (version: OpenApiVersion): Json =>
  version === '3.0.1' ? { type: 'string', nullable: true } : { type: ['string', 'null'] };

const failureSchema = (version: OpenApiVersion): Json => ({
  type: 'object',
  required: ['error', 'status'],
  properties: {
    error: { type: 'object', required: ['message'], properties: { message: { type: 'string' }, detail: detail(version) } },
    status: { type: 'string', enum: ['failure'] },
  },
});

export const titleOf = ({ title, name }: DescribedApi): string => title ?? name;

/** `/api/now/v2/table/{table}`. */
export const routeOf = (api: DescribedApi, version: string, { path }: DescribedOperation): string =>
  `${api.base}${version === '' ? '' : `/${version}`}${path}`;

export const summaryOf = (api: DescribedApi, { summary, method, path }: DescribedOperation): string =>
  summary || `${method} ${api.base}${path}`;

const operationId = (method: string, route: string): string =>
  method.toLowerCase() +
  route
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const mediaOf = ({ produces }: DescribedOperation): readonly string[] =>
  produces === 'as_stored' ? ['application/octet-stream'] : (produces ?? tableMediaTypes);

const content = (types: readonly string[], schema: Json): Json => Object.fromEntries(types.map((type) => [type, { schema }]));

const pathParameters = (route: string): Json[] =>
  [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

const otherParameters = ({ parameters }: DescribedOperation): Json[] =>
  parameters.map(({ name, in: where, description, type, isRequired, among }) => {
    const schema = { type, ...(among ? { enum: among } : {}) };
    return { name, in: where, required: isRequired ?? false, description, schema };
  });

const bodyOf = ({ method, path, consumes = tableMediaTypes }: DescribedOperation): Json => {
  if (method === 'GET' || method === 'DELETE') return {};
  if (path.endsWith('/attachment/file')) {
    return { requestBody: { content: { '*/*': { schema: { type: 'string', format: 'binary' } } } } };
  }
  if (path.endsWith('/upload')) return { requestBody: { content: content(['multipart/form-data'], anything) } };
  return { requestBody: { content: content(consumes, anything) } };
};

const successOf = (operation: DescribedOperation): Json => {
  if (operation.method === 'DELETE') return { 204: { description: 'Deleted' } };
  const schema = operation.produces === 'as_stored' ? { type: 'string', format: 'binary' } : anything;
  const isCreated = operation.method === 'POST';
  return { [isCreated ? 201 : 200]: { description: isCreated ? 'Created' : 'OK', content: content(mediaOf(operation), schema) } };
};

const describeOperation = (api: DescribedApi, version: string, operation: DescribedOperation): Json => {
  const route = routeOf(api, version, operation);
  return {
    operationId: operationId(operation.method, route),
    summary: summaryOf(api, operation),
    tags: [titleOf(api)],
    parameters: [...pathParameters(route), ...otherParameters(operation)],
    ...bodyOf(operation),
    responses: {
      ...successOf(operation),
      default: { description: 'Failure', content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } } },
    },
  };
};

/** `schemas` are added to the components: one for each table that is described. */
export const makeOpenApi = (options: {
  openapi: OpenApiVersion;
  title: string;
  base: string;
  apis: readonly DescribedApi[];
  /** Version segment; '' is the newest. APIs without it are described in the last they have. */
  version: string;
  schemas?: Json;
}): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  const ids = new Set<unknown>();
  for (const api of options.apis) {
    const version = api.versions.includes(options.version) ? options.version : (api.versions.at(-1) ?? '');
    for (const operation of api.operations) {
      const route = routeOf(api, version, operation);
      const verbs = paths[route] ?? {};
      const described = describeOperation(api, version, operation);
      // Addresses that differ in signs only have one id between them.
      const id = ids.has(described.operationId) ? `${described.operationId}${ids.size}` : described.operationId;
      ids.add(id);
      verbs[operation.method.toLowerCase()] = { ...described, operationId: id };
      paths[route] = verbs;
    }
  }
  return {
    openapi: options.openapi,
    info: {
      title: options.title,
      description: 'REST APIs of this instance',
      version: options.version || 'latest',
      ...(options.openapi === '3.1.0' ? { license: { name: 'Apache 2.0', identifier: 'Apache-2.0' } } : {}),
    },
    servers: [{ url: options.base }],
    tags: [...new Set(options.apis.map(titleOf))].map((name) => ({ name })),
    security: [{ basic: [] }, { bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-sn-apikey' },
      },
      schemas: { Failure: failureSchema(options.openapi), ...options.schemas },
    },
  };
};
