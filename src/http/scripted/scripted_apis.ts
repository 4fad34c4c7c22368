// Scripted REST APIs: addresses that customers made. A call is: find, may they, read, run, say.
// It must not decide how a script is run, nor let a script see more than its caller may.
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Caller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Endpoint, Endpoints } from '../../scripting/endpoints/endpoint.ts';
import type { EndpointRights } from '../../scripting/endpoints/endpoint_rights.ts';
import type { ScriptRunner } from '../../scripting/runner.ts';
import type { Outcome, ScriptHost } from '../../scripting/script.ts';
import { runScriptedRest } from '../../scripting/scripted_rest.ts';
import type { Answer } from '../api.ts';
import { pathOf } from '../knock.ts';
import { decodeText } from '../parameters.ts';
import { methodNotAllowed, unknownResource } from '../unknown_address.ts';
import { readContent } from './read_content.ts';
import { sayScripted } from './say_scripted.ts';
import { makeScriptedRequest } from './scripted_request.ts';

/** What a request to a customers' address asks for, found before anybody is identified. */
export interface ScriptedRoute {
  readonly api: string;
  readonly pattern: string;
  readonly version: string;
  readonly produces: readonly string[];
  /** Callers without a credential come in, as the guest. */
  readonly isOpenToGuests: boolean;
  /** Throws Fault. */
  handle(call: ScriptedCall): Promise<Answer>;
}

export interface ScriptedCall {
  readonly message: IncomingMessage;
  readonly caller: Caller;
  /** One of `produces`. */
  readonly accept: string;
  /** Public address, without a slash at the end. */
  readonly base: string;
  readonly transactionId: string;
}

export interface ScriptedApis {
  /** undefined: no scripted API has anything to do with this address. */
  find(message: IncomingMessage): Promise<ScriptedRoute | undefined>;
  /** What this caller may call, for descriptions. */
  listFor(caller: Caller): ReturnType<Endpoints['all']>;
}

export interface ScriptedParts {
  readonly endpoints: Endpoints;
  readonly rights: EndpointRights;
  readonly runner: ScriptRunner;
  readonly hostFor: (caller: Caller) => ScriptHost;
  readonly properties: Pick<Properties, 'number'>;
  /** Headers, in lower case, that administrators have chosen for API keys. */
  readonly keyHeaders: () => Promise<readonly string[]>;
  readonly log: LocalhostLog;
}

const megabyte = 1_048_576;
const mostMegabytes = 25;

const notAuthorized = (endpoint: Endpoint): Fault =>
  new Fault('forbidden', 'http.scripted_acl', 'User Not Authorized', {
    explanation: 'Failed API level ACL Validation',
    detail: `no access rule lets the caller execute sys_ws_operation ${endpoint.sysId}`,
  });

const levels = { debug: 'debug', info: 'plain', warn: 'warning', error: 'severe' } as const;

export const makeScriptedApis = (parts: ScriptedParts): ScriptedApis => {
  const { endpoints, rights, runner, hostFor, properties, keyHeaders, log } = parts;

  /** What the script logged, and where it failed: for its author, who reads the log, and for nobody outside. */
  const note = (file: string, transactionId: string, { logs, fault, thrown }: Outcome): void => {
    const say = log.of(transactionId);
    for (const { level, text } of logs) say[levels[level]](`${file}: ${text}`);
    if (fault) say.severe(`${file}: ${fault.code}: ${fault.message} ${thrown?.stack ?? fault.detail ?? ''}`);
  };

  const bodyLimit = async (): Promise<number> => {
    const asked = await properties.number('glide.rest.scripted.max_inbound_content_length_mb', 10);
    return Math.max(1, Math.min(asked, mostMegabytes)) * megabyte;
  };

  const answer = async (
    endpoint: Endpoint,
    pathParams: Readonly<Record<string, string>>,
    { message, caller, accept, base, transactionId }: ScriptedCall,
  ): Promise<Answer> => {
    if (!(await rights.mayCall(caller, endpoint, decodeText(pathOf(message))))) throw notAuthorized(endpoint);
    const content = await readContent(message, { consumes: endpoint.consumes, limitBytes: await bodyLimit() });
    const file = `sys_ws_operation.${endpoint.sysId}`;
    const said = await runScriptedRest(runner, {
      source: endpoint.script,
      file,
      host: hostFor(caller),
      lane: caller.userSysId,
      request: makeScriptedRequest({ message, endpoint, pathParams, content, base, keyHeaders: await keyHeaders() }),
      note: (outcome) => note(file, transactionId, outcome),
    });
    return sayScripted(said, accept);
  };

  return {
    async listFor(caller) {
      const may = await Promise.all(
        (await endpoints.all()).map(async (each) => ({
          each,
          isOpen: await rights.mayCall(caller, each.endpoint, `/api/${each.endpoint.pattern}`),
        })),
      );
      return may.filter(({ isOpen }) => isOpen).map(({ each }) => each);
    },

    async find(message) {
      const path = pathOf(message);
      if (!path.startsWith('/api/')) return undefined;
      const segments = path.slice('/api/'.length).replace(/\/$/, '').split('/').map(decodeText);
      const found = await endpoints.find(message.method ?? 'GET', segments);
      if (found && 'endpoint' in found) {
        const { endpoint, pathParams } = found;
        const { api, pattern, version, produces, requiresAuthentication } = endpoint;
        return {
          api,
          pattern,
          version,
          produces,
          isOpenToGuests: !requiresAuthentication,
          handle: (call) => answer(endpoint, pathParams, call),
        };
      }
      const [namespace = ''] = segments;
      if (!found && !(await endpoints.hasNamespace(namespace))) return undefined;
      return {
        api: found?.api ?? '',
        pattern: '',
        version: '',
        produces: ['application/json', 'application/xml', 'text/xml'],
        isOpenToGuests: false,
        handle: async () => {
          throw found ? methodNotAllowed(found.offered) : unknownResource(true);
        },
      };
    },
  };
};
