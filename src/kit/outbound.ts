// The one way out: HTTP calls with bounds on where, how long and how much. Addresses are judged when the connection is made, so a
// name that resolves otherwise the second time gains nothing. Must never carry anything an inbound caller chose: no URL, no header.
import { lookup as systemLookup } from 'node:dns';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { makeAddressRules } from './addresses.ts';
import type { Clock } from './clock.ts';
import { Fault, isFault } from './fault.ts';
import { type Abort, callOut } from './outbound_call.ts';
import { guardedLookup, permitUrl } from './outbound_guard.ts';

export interface OutboundRequest {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Written by our own code, never taken from a request that came in. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** From the first packet to the last byte; 5 s. */
  timeLimitMs?: number;
  /** Of the body, as sent and as unpacked; 1 MiB. */
  limitBytes?: number;
}

export interface OutboundAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

export interface Outbound {
  /**
   * Throws Fault `kit.outbound_refused` (an address or scheme that is never called), `kit.outbound_redirected`, `kit.outbound_timeout`,
   * `kit.outbound_too_large`, `kit.outbound_unreachable`. Any status is an answer. GET follows up to 3 redirects within its origin.
   */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
  /** GET that must answer 200 with JSON; else `kit.outbound_status` or `kit.outbound_not_json`. */
  getJson(url: string): Promise<unknown>;
  /** Throws `kit.outbound_refused` for a URL that would never be called whatever its name resolves to. Touches no network. */
  permit(url: string): URL;
  close(): Promise<void>;
}

const redirectLimit = 3;
const unpackers = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

// What a log or an error may show of a URL: a query may carry what is nobody's business.
const shown = (url: URL): string => `${url.origin}${url.pathname}`;
const refusalWithin = (error: unknown): Fault | undefined => {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isFault(cause)) return cause;
    const inner = cause instanceof AggregateError ? cause.errors.find((one) => isFault(one)) : undefined;
    if (inner) return inner;
  }
  return undefined;
};

const tooLarge = (url: URL, limitBytes: number): Fault =>
  new Fault('unavailable', 'kit.outbound_too_large', `${shown(url)} sent more than ${limitBytes} bytes`);

const unpack = async (body: Buffer, encoding: string, limitBytes: number, url: URL): Promise<Buffer> => {
  const unpacker = unpackers.get(encoding);
  if (!unpacker)
    throw new Fault('unavailable', 'kit.outbound_unreachable', `${shown(url)} answered in an encoding that was not asked for`);
  try {
    return await unpacker(body, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, limitBytes);
    throw new Fault('unavailable', 'kit.outbound_unreachable', `${shown(url)} answered with a body that cannot be unpacked`, {
      cause: error,
    });
  }
};

/** `resolve` and `ca` stand in for the system's resolver and trust store; NODE_EXTRA_CA_CERTS is honoured by the runtime itself. */
export const makeOutbound = (parts: { clock: Clock; resolve?: typeof systemLookup; ca?: string }): Outbound => {
  const rules = makeAddressRules();
  const resolve = parts.resolve ?? systemLookup;
  const open = async () => {
    const { Agent } = await import('undici');
    const agent = (loopbackOnly: boolean) =>
      new Agent({
        connections: 16,
        keepAliveTimeout: 4_000,
        connect: { lookup: guardedLookup(rules, resolve, loopbackOnly), ...(parts.ca === undefined ? {} : { ca: parts.ca }) },
      });
    return { plain: agent(true), secure: agent(false) };
  };
  // At the first call: it is a fifth of what a process loads at its start, and many call nobody.
  let opened: ReturnType<typeof open> | undefined;

  /** Most calls go where the one before went. */
  let latest: { href: string; url: URL } | undefined;

  const once = async (url: URL, ask: OutboundRequest, begun: (abort: Abort) => void): Promise<OutboundAnswer> => {
    const limitBytes = ask.limitBytes ?? 1_048_576;
    opened ??= open();
    const { plain, secure } = await opened;
    const call = {
      url,
      method: ask.method ?? 'GET',
      headers: { 'user-agent': 'Causeway', 'accept-encoding': 'identity', ...ask.headers },
      body: ask.body ?? null,
      limitBytes,
      tooLarge: () => tooLarge(url, limitBytes),
    };
    const answer = await callOut(url.protocol === 'http:' ? plain : secure, call, begun);
    const encoding = (answer.headers.get('content-encoding') ?? '').trim().toLowerCase();
    if (encoding === '' || encoding === 'identity') return answer;
    return { ...answer, body: await unpack(answer.body, encoding, limitBytes, url) };
  };

  const follow = async (target: URL, ask: OutboundRequest, begun: (abort: Abort) => void): Promise<OutboundAnswer> => {
    let url = target;
    const { origin } = target;
    for (let hop = 0; ; hop += 1) {
      const answer = await once(url, ask, begun);
      const location = answer.headers.get('location');
      const redirects = (ask.method ?? 'GET') === 'GET' && answer.status >= 301 && answer.status <= 308 && answer.status !== 304;
      if (!redirects || location === undefined) return answer;
      const elsewhere = new Fault(
        'unavailable',
        'kit.outbound_redirected',
        `${shown(url)} redirects, and not within its own host`,
      );
      if (!URL.canParse(location, url) || hop >= redirectLimit) throw elsewhere;
      url = permitUrl(rules, new URL(location, url).href);
      if (url.origin !== origin) throw elsewhere;
    }
  };

  const send = async (ask: OutboundRequest): Promise<OutboundAnswer> => {
    if (latest?.href !== ask.url) latest = { href: ask.url, url: permitUrl(rules, ask.url) };
    const target = latest.url;
    const timeLimitMs = ask.timeLimitMs ?? 5_000;
    let timeout: Error | undefined;
    let abort: Abort = () => {};
    const cancel = parts.clock.after(timeLimitMs, () => {
      timeout = new Error('the time is over');
      abort(timeout);
    });
    try {
      return await follow(target, ask, (call) => {
        abort = call;
        // Between two hops.
        if (timeout) call(timeout);
      });
    } catch (error) {
      const known = refusalWithin(error);
      if (known) throw known;
      if (timeout) {
        throw new Fault('unavailable', 'kit.outbound_timeout', `${shown(target)} did not answer within ${timeLimitMs} ms`, {
          cause: error,
        });
      }
      const code = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
      throw new Fault('unavailable', 'kit.outbound_unreachable', `${shown(target)} cannot be reached (${code})`, {
        cause: error,
      });
    } finally {
      cancel();
    }
  };

  return {
    send,
    permit: (url) => permitUrl(rules, url),
    async getJson(text) {
      const answer = await send({ url: text, headers: { accept: 'application/json' } });
      const where = shown(new URL(text));
      if (answer.status !== 200)
        throw new Fault('unavailable', 'kit.outbound_status', `${where} answered with status ${answer.status}`);
      try {
        // Unlike toString it drops a byte order mark, which some servers send.
        return JSON.parse(new TextDecoder().decode(answer.body)) as unknown;
      } catch (error) {
        throw new Fault('unavailable', 'kit.outbound_not_json', `${where} answered with something that is not JSON`, {
          cause: error,
        });
      }
    },
    async close() {
      if (!opened) return;
      const { plain, secure } = await opened;
      await Promise.all([plain.destroy(), secure.destroy()]);
    },
  };
};
