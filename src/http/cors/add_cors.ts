// Puts the decision of cors.ts on answers, and answers the question that browsers ask first, which carries no credential.
// It must not touch requests that name no origin, nor doors that are no APIs.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cors } from './cors.ts';

/** `apiAt`: whose address it is, where no operation has the method. */
export const addCors = (app: FastifyInstance, cors: Cors, apiAt: (message: IncomingMessage) => string): void => {
  const decide = async (request: FastifyRequest, reply: FastifyReply, origin: string): Promise<void> => {
    const wanted = request.headers['access-control-request-method'];
    const isPreflight = request.method === 'OPTIONS' && wanted !== undefined;
    const { api = apiAt(request.raw) } = request.routeOptions.config as { api?: string };
    const method = isPreflight ? String(wanted).toUpperCase() : request.method;
    // A store that does not answer lets nobody in; the request itself will say so.
    const headers = await cors.allow({ origin, api, method, isPreflight }).catch(() => undefined);
    if (headers === undefined) return;
    reply.headers(headers);
    if (isPreflight) await reply.code(204).send();
  };
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    // Sign-in and tokens are no business of pages from elsewhere. Nearly no call comes from a page: none is to wait for a promise here.
    if (origin === undefined || !request.url.startsWith('/api/')) return done();
    decide(request, reply, origin).then(() => {
      if (!reply.sent) done();
    }, done);
  });
};
