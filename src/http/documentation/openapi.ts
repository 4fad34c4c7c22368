// The APIs as an OpenAPI document: 3.1 in full, or 3.0.1 in the form that exports of the platform have.
// It must not promise an address that no operation has: it is made from the operations themselves.
import type { Api, Operation } from '../api.ts';
import { tableMediaTypes } from '../negotiate.ts';
import { parameterDescriptions } from './parameters.ts';

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

export const titleOf = ({ title, name }: Api): string => title ?? name;

/** `/api/now/v2/table/{table}`. */
export const routeOf = (api: Api, version: string, { path }: Operation): string =>
  `${api.base}${version === '' ? '' : `/${version}`}${path.replace(/:(\w+)/g, '{$1}').replace('*', '{route}')}`;

export const summaryOf = (api: Api, { summary, method, path }: Operation): string => summary ?? `${method} ${api.base}${path}`;

const operationId = (method: string, route: string): string =>
  method.toLowerCase() +
  route
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const mediaOf = ({ produces }: Operation): readonly string[] =>
  produces === 'as_stored' ? ['application/octet-stream'] : (produces ?? tableMediaTypes);

const content = (types: readonly string[], schema: Json): Json => Object.fromEntries(types.map((type) => [type, { schema }]));

const pathParameters = (route: string): Json[] =>
  [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

const queryParameters = ({ reads = [] }: Operation): Json[] =>
  reads.map((name) => {
    const { description, type, isRequired, among } = parameterDescriptions[name];
    const schema = { type, ...(among ? { enum: among } : {}) };
    return { name, in: 'query', required: isRequired ?? false, description, schema };
  });

const bodyOf = ({ method, path }: Operation): Json => {
  if (method === 'GET' || method === 'DELETE') return {};
  if (path.endsWith('/attachment/file')) {
    return { requestBody: { content: { '*/*': { schema: { type: 'string', format: 'binary' } } } } };
  }
  if (path.endsWith('/upload')) return { requestBody: { content: content(['multipart/form-data'], anything) } };
  return { requestBody: { content: content(tableMediaTypes, anything) } };
};

const successOf = (operation: Operation): Json => {
  if (operation.method === 'DELETE') return { 204: { description: 'Deleted' } };
  const schema = operation.produces === 'as_stored' ? { type: 'string', format: 'binary' } : anything;
  const isCreated = operation.method === 'POST';
  return { [isCreated ? 201 : 200]: { description: isCreated ? 'Created' : 'OK', content: content(mediaOf(operation), schema) } };
};

const describeOperation = (api: Api, version: string, operation: Operation): Json => {
  const route = routeOf(api, version, operation);
  return {
    operationId: operationId(operation.method, route),
    summary: summaryOf(api, operation),
    tags: [titleOf(api)],
    parameters: [...pathParameters(route), ...queryParameters(operation)],
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
  apis: readonly Api[];
  /** Version segment; '' is the newest. */
  version: string;
  schemas?: Json;
}): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const api of options.apis) {
    for (const operation of api.operations) {
      const route = routeOf(api, options.version, operation);
      const verbs = paths[route] ?? {};
      verbs[operation.method.toLowerCase()] = describeOperation(api, options.version, operation);
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
