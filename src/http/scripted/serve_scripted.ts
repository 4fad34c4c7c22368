// What happens to a request that no built-in operation answers: customers' addresses are looked at, then it is an unknown one.
// It must not know how scripts run.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identified } from '../../identity/identity.ts';
import type { ApiCall } from '../../oauth/api_call.ts';
import type { BaseAddress } from '../base_address.ts';
import { chooseAccept, isXml, type MediaType } from '../negotiate.ts';
import type { Walk } from '../walk.ts';
import type { ScriptedApis, ScriptedRoute } from './scripted_apis.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** `otherwise` answers what is no scripted address either. */
export const makeServeScripted =
  (parts: {
    walk: Walk;
    scripted: ScriptedApis;
    baseAddress: BaseAddress;
    admit?: (identified: Identified, call: ApiCall) => Promise<void> | undefined;
    otherwise: Handler;
  }): Handler =>
  async (request, reply) => {
    const { walk, baseAddress, admit } = parts;
    const { raw: message } = request;
    let route: ScriptedRoute | undefined;
    try {
      route = await parts.scripted.find(message);
    } catch (error) {
      // Said by the same walk as everything else: nobody learns anything before the caller is known.
      return walk(request, reply, { api: '', resource: '', version: '' }, async () => {
        throw error;
      });
    }
    if (route === undefined) return parts.otherwise(request, reply);
    const { api, pattern, version, produces, isOpenToGuests, handle } = route;
    const about = { api, resource: pattern, version };
    return walk(
      request,
      reply,
      about,
      async ({ identified, path, remoteAddress, transactionId, accepted }) => {
        const accept = chooseAccept(request.headers.accept, produces);
        accepted(isXml(accept as MediaType) ? 'application/xml' : 'application/json');
        const { method } = request;
        await admit?.(identified, { api, pattern, version, method, path, table: '', remoteAddress, transactionId });
        const base = baseAddress.of({ remoteAddress: request.socket.remoteAddress ?? '', headers: request.headers });
        return handle({ message, caller: identified.caller, accept, base, transactionId });
      },
      { isOpenToGuests },
    );
  };
