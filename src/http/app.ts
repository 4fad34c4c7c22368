// The web server: limits, addresses and methods, and which operation answers where. walk.ts is what happens to a request.
// It must not hold a rule of the product.
import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Identified, Identity } from '../identity/identity.ts';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { ApiCall } from '../oauth/api_call.ts';
import type { CarriedTokens } from '../oauth/carried_tokens.ts';
import type { CallLimits } from '../records/limits/call_limits.ts';
import type { Answer, Api, Operation } from './api.ts';
import { makeAsked } from './asked.ts';
import type { BaseAddress } from './base_address.ts';
import { watchBodies } from './body_pace.ts';
import { addCors } from './cors/add_cors.ts';
import type { Cors } from './cors/cors.ts';
import type { Health } from './health.ts';
import { queryTextOf } from './knock.ts';
import { addressOf, makeKnownAddresses } from './known_addresses.ts';
import { makeServer } from './make_server.ts';
import { chooseAccept } from './negotiate.ts';
import type { OpenDoor } from './open_door.ts';
import { makeReadParameters } from './parameters.ts';
import type { ScriptedApis } from './scripted/scripted_apis.ts';
import { makeServeScripted } from './scripted/serve_scripted.ts';
import { serveOpenDoor } from './serve_open_door.ts';
import type { Transactions } from './transactions.ts';
import { methodNotAllowed, unknownAddress, unknownResource } from './unknown_address.ts';
import { makeWalk, sendAnswer } from './walk.ts';

export interface AppParts {
  identity: Identity;
  apis: readonly Api[];
  /** Open to strangers. */
  doors?: readonly OpenDoor[];
  /** Whether this way of coming in is good enough for this API. Throws Fault. */
  admit?: (identified: Identified, call: ApiCall) => Promise<void> | undefined;
  /** APIs that are closed to everybody; absent: none. */
  isClosed?: (api: Api) => Promise<boolean> | boolean;
  /** What pages of other origins may do; absent: nothing. */
  cors?: Cors;
  /** The query that a short one stands for. */
  restoreQuery?: (queryText: string) => Promise<string>;
  /** Addresses that customers made. */
  scripted?: ScriptedApis;
  /** Tokens that come in a cookie; absent: none do. */
  carriedTokens?: CarriedTokens;
  /** How much a caller may call, and how much of it at once. */
  limits?: CallLimits;
  health: Health;
  transactions: Transactions;
  baseAddress: BaseAddress;
  log: LocalhostLog;
  clock: Clock;
  ids: Ids;
  /** Of a request's body, in bytes. */
  bodyLimitBytes: number;
  /** Of all headers together: far above the 16 KiB of a token, so that an oversized token is refused as a token. */
  headerLimitBytes: number;
}

const overridable = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST']);

/**
 * `X-HTTP-Method-Override`, on POST only, and one slash where clients that were given `https://host/` write two: done before routing,
 * because routing looks at both.
 */
const settleAddress = (message: IncomingMessage): string => {
  const wanted = message.headers['x-http-method-override'];
  if (message.method === 'POST' && typeof wanted === 'string' && overridable.has(wanted.toUpperCase())) {
    message.method = wanted.toUpperCase();
  }
  const { url = '/' } = message;
  return url.startsWith('//') ? url.replace(/^\/+/, '/') : url;
};

/** `now/table/incident/{sys_id}`: the log names the table, not the record. */
const makeResourceOf = (pattern: string): ((request: FastifyRequest) => string) => {
  let last = { table: '', resource: pattern.replace('{table}', '') };
  return (request) => {
    const { table } = request.params as { table?: string };
    if (table === undefined) return pattern;
    if (table !== last.table) last = { table, resource: pattern.replace('{table}', () => table.slice(0, 100)) };
    return last.resource;
  };
};

const noSchema = (): never => {
  throw new Error('no route has a schema');
};

export const makeApp = (parts: AppParts): FastifyInstance => {
  const { apis, health, ids } = parts;
  const walk = makeWalk(parts);
  const parametersOf = makeReadParameters();
  const addresses = makeKnownAddresses(apis);
  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const { method = '' } = request.raw;
    const found = addresses.find(request.raw);
    const about = { api: found?.api.name ?? '', resource: '', version: found?.version ?? '' };
    return walk(request, reply, about, async () => {
      throw found && !found.offered.has(method) ? methodNotAllowed([...found.offered]) : unknownAddress(request.raw, apis);
    });
  };

  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    serverFactory: (handle) => makeServer(handle, parts.headerLimitBytes),
    // `request.ip` is the caller behind the proxies that the settings trust.
    trustProxy: (address) => parts.baseAddress.isTrusted(address),
    rewriteUrl: settleAddress,
    // The server answers them.
    clientErrorHandler: () => {},
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 10_000, querystringParser: () => ({}) },
    // No route has a schema: what would compile them need not be loaded at every start.
    schemaController: { compilersFactory: { buildValidator: () => noSchema, buildSerializer: () => noSchema } },
    // Addresses that cannot be decoded come here instead of to a route.
    frameworkErrors: (_error, request, reply) => void answerUnknown(request, reply),
  });
  // The framework reads no body: an operation that wants one reads it, after the caller is known.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }

  const unwatch = watchBodies(app.server, parts.clock);
  app.addHook('onClose', async () => unwatch());

  if (parts.cors) addCors(app, parts.cors, (message) => addresses.find(message)?.api.name ?? '');

  const serve = (api: Api, version: string, { method, path, produces, standsFor, handle }: Operation) => {
    const url = addressOf(api, version, path);
    const pattern = addressOf(api, '', path)
      .replace(/^\/(?:api\/)?/, '')
      .replace(/:(\w+)/g, '{$1}');
    const resourceOf = makeResourceOf(pattern);
    app.route({
      method,
      url,
      config: { api: api.name },
      handler: (request, reply) => {
        const about = { api: api.name, resource: resourceOf(request), version };
        return walk(request, reply, about, async ({ identified, path, remoteAddress, transactionId, accepted }) => {
          const { raw: message } = request;
          const accept = produces === 'as_stored' ? 'application/json' : chooseAccept(request.headers.accept, produces);
          accepted(accept);
          const isClosed = parts.isClosed?.(api);
          if (isClosed === true || (isClosed && (await isClosed))) throw unknownResource(true);
          const segments = request.params as Record<string, string>;
          const { table = '' } = segments;
          const call = { api: api.name, pattern, version, method, path, table, remoteAddress, transactionId };
          const sent = queryTextOf(message);
          const admitting = parts.admit?.(identified, standsFor ? standsFor(call, sent) : call);
          if (admitting) await admitting;
          const base = parts.baseAddress.of({ remoteAddress: request.socket.remoteAddress ?? '', headers: request.headers });
          const { bodyLimitBytes } = parts;
          const mayBeShort = sent !== '' && method === 'GET';
          const parameters = parametersOf(mayBeShort && parts.restoreQuery ? await parts.restoreQuery(sent) : sent);
          return handle(
            makeAsked({ message, path, segments, parameters, version, accept, base, bodyLimitBytes, identified, transactionId }),
          );
        });
      },
    });
  };

  for (const api of apis) {
    for (const version of api.versions) for (const operation of api.operations) serve(api, version, operation);
  }
  for (const { address, methods } of addresses.mistaken)
    app.route({ method: [...methods], url: address, handler: answerUnknown });
  for (const door of parts.doors ?? []) {
    app.route({ method: app.supportedMethods, url: door.path, handler: serveOpenDoor(door, parts) });
  }
  const open = (reply: FastifyReply, answer: Answer) =>
    sendAnswer(reply, answer, { transactionId: ids.randomHex(12), isLoggedIn: false, accept: 'application/json' });
  app.get('/healthz', (_request, reply) => open(reply, health.isAlive()));
  app.get('/readyz', async (_request, reply) => open(reply, await health.isReady()));
  const { scripted } = parts;
  app.setNotFoundHandler(scripted ? makeServeScripted({ ...parts, scripted, walk, otherwise: answerUnknown }) : answerUnknown);
  return app;
};
