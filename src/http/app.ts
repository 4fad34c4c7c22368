// The web server: one walk for every request (who, what is asked, do it, say it), and nothing of the product's rules.
// It alone knows the web framework. Nothing is revealed before the caller is known: not a path, not a body error.
import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Identified, Identity } from '../identity/identity.ts';
import { Fault } from '../kit/fault.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Answer, Api, Operation } from './api.ts';
import { makeAsked } from './asked.ts';
import type { BaseAddress } from './base_address.ts';
import { answerClientError } from './client_error.ts';
import { answerFault } from './faults.ts';
import type { Health } from './health.ts';
import { knockOf, pathOf } from './knock.ts';
import { chooseAccept, type MediaType } from './negotiate.ts';
import { type OpenDoor, openDoor } from './open_door.ts';
import { standardHeaders } from './standard_headers.ts';
import type { Transaction, Transactions } from './transactions.ts';
import { methodNotAllowed, unknownAddress } from './unknown_address.ts';

export interface AppParts {
  identity: Identity;
  apis: readonly Api[];
  /** Open to strangers. */
  doors?: readonly OpenDoor[];
  /** Whether this way of coming in is good enough for this API. Throws Fault. */
  admit?: (identified: Identified, call: Call) => Promise<void>;
  health: Health;
  transactions: Transactions;
  baseAddress: BaseAddress;
  log: LocalhostLog;
  ids: Ids;
  /** Of a request's body, in bytes. */
  bodyLimitBytes: number;
  /** Of all headers together: far above the 16 KiB of a token, so that an oversized token is refused as a token. */
  headerLimitBytes: number;
}

/** What is called, as policies and scopes name it. */
export interface Call {
  readonly api: string;
  /** `now/table/{table}` */
  readonly resource: string;
  readonly version: string;
  readonly method: string;
  /** Of the Table API and its like, else ''. */
  readonly table: string;
  readonly remoteAddress: string;
  readonly transactionId: string;
  readonly path: string;
}

const overridable = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST']);

/** `X-HTTP-Method-Override`, on POST only: done before routing, because routing looks at the method. */
const applyMethodOverride = (message: IncomingMessage): string => {
  const wanted = message.headers['x-http-method-override'];
  if (message.method === 'POST' && typeof wanted === 'string' && overridable.has(wanted.toUpperCase())) {
    message.method = wanted.toUpperCase();
  }
  return message.url ?? '/';
};

const send = (
  reply: FastifyReply,
  transactionId: string,
  isLoggedIn: boolean,
  accept: MediaType,
  answer: Answer,
): FastifyReply => {
  reply.code(answer.status).headers(standardHeaders(transactionId, isLoggedIn));
  if (answer.headers) reply.headers(answer.headers);
  if (answer.body === undefined) return reply.send();
  const type = answer.contentType ?? accept;
  return reply.header('Content-Type', type === 'application/octet-stream' ? type : `${type};charset=UTF-8`).send(answer.body);
};

/** `now/table/incident/{sys_id}`: the log names the table, not the record. */
const resourceOf = (pattern: string, request: FastifyRequest): string => {
  const { table } = request.params as { table?: string };
  return table === undefined ? pattern : pattern.replace('{table}', () => table.slice(0, 100));
};

export const makeApp = (parts: AppParts): FastifyInstance => {
  const { identity, apis, health, transactions, baseAddress, log, ids } = parts;
  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: 120_000,
    rewriteUrl: applyMethodOverride,
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    http: { maxHeaderSize: parts.headerLimitBytes },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 10_000, querystringParser: () => ({}) },
    // Not reached while unroutable addresses go to the last handler, but never the framework's own words.
    frameworkErrors: (_error, request, reply) => void answerUnknown(request, reply),
  });

  // The framework reads no body: an operation that wants one reads it, after the caller is known.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }

  const fail = (error: unknown, accept: MediaType, transaction: Transaction): Answer => {
    if (!(error instanceof Fault)) {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.write({ level: 'severe', text: `Unexpected failure: ${cause}`, transactionId: transaction.id });
    } else if (error.kind === 'unavailable' || error.kind === 'timeout') {
      log.write({
        level: 'warning',
        text: `${error.code}: ${error.message} ${error.detail ?? ''}`,
        transactionId: transaction.id,
      });
    }
    return answerFault(error, accept, transaction.id);
  };

  const walk = async (
    request: FastifyRequest,
    reply: FastifyReply,
    about: { api: string; resource: string; version: string },
    perform: (identified: Identified, transactionId: string, chosen: (accept: MediaType) => void) => Promise<Answer>,
  ): Promise<FastifyReply> => {
    const knock = knockOf(request.raw, request.ip);
    const transaction = transactions.begin(knock.path);
    let identified: Identified | undefined;
    let accept: MediaType = 'application/json';
    let answer: Answer;
    try {
      identified = await identity.identify({ ...knock, transactionId: transaction.id });
      transaction.started(identified.caller.userName);
      answer = await perform(identified, transaction.id, (chosen) => {
        accept = chosen;
      });
    } catch (error) {
      answer = fail(error, accept, transaction);
    }
    const { userName = '', userSysId = '' } = identified?.caller ?? {};
    transaction.ended({ userName, userSysId, method: knock.method, status: answer.status, ...about });
    return send(reply, transaction.id, identified !== undefined, accept, answer);
  };

  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) =>
    walk(request, reply, { api: '', resource: '', version: '' }, async () => {
      throw unknownAddress(request.raw, apis);
    });

  const serve = (api: Api, version: string, operation: Operation) => {
    const base = version === '' ? api.base : `${api.base}/${version}`;
    const resource = `${base.slice('/api/'.length)}${operation.path.replace(/:(\w+)/g, '{$1}')}`;
    app.route({
      method: operation.method,
      url: `${base}${operation.path}`,
      handler: (request, reply) =>
        walk(request, reply, { api: api.name, resource: resourceOf(resource, request), version }, async (identified, transactionId, chosen) => {
          const accept = chooseAccept(request.headers.accept, operation.produces);
          chosen(accept);
          const { table = '' } = request.params as Record<string, string>;
          const [method, path, remoteAddress] = [request.method, pathOf(request.raw), request.ip];
          await parts.admit?.(identified, { api: api.name, resource, version, method, path, table, remoteAddress, transactionId });
          return operation.handle(
            makeAsked({
              message: request.raw,
              segments: request.params as Record<string, string>,
              base: baseAddress.of({ remoteAddress: request.ip, headers: request.headers }),
              bodyLimitBytes: parts.bodyLimitBytes,
              version,
              accept,
              identified,
              transactionId,
            }),
          );
        }),
    });
  };

  for (const api of apis) {
    for (const version of api.versions) {
      for (const operation of api.operations) serve(api, version, operation);
      for (const path of new Set(api.operations.map((operation) => operation.path))) {
        const offered = new Set<string>(
          api.operations.filter((operation) => operation.path === path).map((operation) => operation.method),
        );
        if (offered.has('GET')) offered.add('HEAD');
        app.route({
          method: app.supportedMethods.filter((method) => !offered.has(method)),
          url: `${version === '' ? api.base : `${api.base}/${version}`}${path}`,
          handler: (request, reply) =>
            walk(request, reply, { api: api.name, resource: '', version }, async () => {
              throw methodNotAllowed([...offered]);
            }),
        });
      }
    }
  }
  for (const door of parts.doors ?? []) {
    app.route({
      method: app.supportedMethods,
      url: door.path,
      handler: async (request, reply) => {
        const { method = 'GET' } = request.raw;
        const transaction = transactions.begin(door.path);
        let answer: Answer;
        try {
          const base = baseAddress.of({ remoteAddress: request.ip, headers: request.headers });
          answer = await openDoor(door, { message: request.raw, remoteAddress: request.ip, base, transactionId: transaction.id });
        } catch (error) {
          answer = fail(error, 'application/json', transaction);
        }
        const stranger = { userName: '', userSysId: '' };
        transaction.ended({ ...stranger, method, api: door.name, resource: door.name, version: '', status: answer.status });
        return send(reply, transaction.id, false, 'application/json', answer);
      },
    });
  }
  app.get('/healthz', (_request, reply) => send(reply, ids.randomHex(12), false, 'application/json', health.isAlive()));
  app.get('/readyz', async (_request, reply) =>
    send(reply, ids.randomHex(12), false, 'application/json', await health.isReady()),
  );
  app.setNotFoundHandler(answerUnknown);
  return app;
};
