// The one walk of every request: who is it, do what was asked, say it, and leave its lines in the log.
// It must not reveal anything before the caller is known, nor let an error out in any words but its own.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identified, Identity } from '../identity/identity.ts';
import { Fault } from '../kit/fault.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { CarriedTokens } from '../oauth/carried_tokens.ts';
import { sessionCookieLine } from '../oauth/sessions.ts';
import { type CallLimits, type Entered, noHeaders } from '../records/limits/call_limits.ts';
import type { Answer } from './api.ts';
import type { BaseAddress } from './base_address.ts';
import { smallBody } from './bodies/small_body.ts';
import { answerFault } from './faults.ts';
import { refuseForeignPage } from './foreign_page.ts';
import { knockOf } from './knock.ts';
import type { MediaType } from './negotiate.ts';
import { standardHeaders, standardLines, standardNames } from './standard_headers.ts';
import type { Transaction, Transactions } from './transactions.ts';

/** How the log calls what was asked. */
export interface About {
  api: string;
  resource: string;
  version: string;
}

export interface Step {
  identified: Identified;
  /** What was asked for, without the query, and by whom: the caller behind the proxies that the settings trust. */
  path: string;
  remoteAddress: string;
  transactionId: string;
  /** Tells in which form errors are to be said from here on. */
  accepted(accept: MediaType): void;
}

export type Walk = (
  request: FastifyRequest,
  reply: FastifyReply,
  about: About,
  perform: (step: Step) => Promise<Answer>,
  door?: { isOpenToGuests: boolean },
) => Promise<FastifyReply>;

const typeOf = (answer: Answer, accept: MediaType): string => {
  const type = answer.contentType ?? accept;
  return type === 'application/octet-stream' ? type : `${type};charset=UTF-8`;
};

const speaksOfStandard = (headers: Answer['headers']): boolean => {
  for (const name in headers) if (standardNames.has(name.toLowerCase())) return true;
  return false;
};

const end = (raw: FastifyReply['raw'], body: string, encoding: BufferEncoding): void => void raw.end(body, encoding);

/** The whole answer in one piece, past what the framework does for answers of other kinds. */
const sendText = (reply: FastifyReply, status: number, headers: (string | string[])[], body: string): FastifyReply => {
  const byteLength = Buffer.byteLength(body);
  headers.push('Content-Length', String(byteLength));
  reply.raw.writeHead(status, headers as string[]);
  reply.hijack();
  // What is answered in one turn of the event loop goes out at its end, answer behind answer: a client that is woken for each costs more
  // than the answer did, on its end and on this one.
  // Text of single bytes need not be encoded.
  setImmediate(end, reply.raw, body, byteLength === body.length ? 'latin1' : 'utf8');
  return reply;
};

export const sendAnswer = (
  reply: FastifyReply,
  answer: Answer,
  about: { transactionId: string; isLoggedIn: boolean; accept: MediaType },
): FastifyReply => {
  const { status, headers, body } = answer;
  // Only where an origin was named may something else have put a header on.
  if (typeof body === 'string' && !speaksOfStandard(headers) && reply.request.headers.origin === undefined) {
    const lines: (string | string[])[] = standardLines(about.transactionId, about.isLoggedIn);
    lines.push('Content-Type', typeOf(answer, about.accept));
    for (const name in headers) lines.push(name, headers[name] ?? '');
    return sendText(reply, status, lines, body);
  }
  reply.code(status).headers(standardHeaders(about.transactionId, about.isLoggedIn));
  if (headers) reply.headers(headers);
  if (body === undefined || reply.hasHeader('content-type')) return reply.send(body);
  return reply.header('Content-Type', typeOf(answer, about.accept)).send(body);
};

export const reportFault = (error: unknown, log: LocalhostLog, { id: transactionId }: Transaction): void => {
  if (!(error instanceof Fault)) {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.write({ level: 'severe', text: `Unexpected failure: ${cause}`, transactionId });
  } else if (error.kind === 'unavailable' || error.kind === 'timeout') {
    log.write({ level: 'warning', text: `${error.code}: ${error.message} ${error.detail ?? ''}`, transactionId });
  }
};

export const makeWalk =
  (parts: {
    identity: Identity;
    transactions: Transactions;
    log: LocalhostLog;
    baseAddress: BaseAddress;
    limits?: CallLimits | undefined;
    /** Tokens that came in a cookie, or are to go back in one; absent: there are none. */
    carriedTokens?: Pick<CarriedTokens, 'unpack' | 'carry'> | undefined;
  }): Walk =>
  async (request, reply, about, perform, { isOpenToGuests } = { isOpenToGuests: false }) => {
    const hasCookie = request.raw.headers.cookie !== undefined;
    const asSent = knockOf(request.raw, request.ip);
    const knock = hasCookie && parts.carriedTokens ? parts.carriedTokens.unpack(asSent) : asSent;
    const transaction = parts.transactions.begin(knock.path);
    const { id: transactionId } = transaction;
    let identified: Identified | undefined;
    let accept: MediaType = 'application/json';
    let answer: Answer;
    let limits: Entered | undefined;
    // Whoever is known and still not let in is told no more than a stranger: not that the password was right.
    let isLetIn = true;
    try {
      identified = await parts.identity.identify({ ...knock, transactionId, isOpenToGuests });
      transaction.started(identified.caller.userName, request.raw);
      // Nothing but a password does a browser send unasked; a session has a token of its own against this.
      if (identified.method === 'basic' && !reply.hasHeader('access-control-allow-origin')) refuseForeignPage(request.raw);
      const accepted = (chosen: MediaType) => {
        accept = chosen;
      };
      // A request inside a batch has no such mark: its body is there.
      if (request.raw.complete === false) await smallBody(request.raw);
      const isArriving = request.raw.complete === false;
      const isGone = () => request.raw.socket.destroyed;
      limits = await parts.limits?.enter(identified.caller, { ...about, method: knock.method, isArriving, isGone });
      answer = await perform({ identified, path: knock.path, remoteAddress: knock.remoteAddress, transactionId, accepted });
    } catch (error) {
      reportFault(error, parts.log, transaction);
      answer = answerFault(error, accept, transactionId);
      isLetIn = !(error instanceof Fault && error.kind === 'unauthenticated');
    } finally {
      limits?.leave();
    }
    if (limits && isLetIn && limits.headers !== noHeaders)
      answer = { ...answer, headers: { ...limits.headers, ...answer.headers } };
    const cookie = hasCookie && isLetIn && identified ? parts.carriedTokens?.carry(asSent, identified) : undefined;
    if (cookie !== undefined) {
      const base = parts.baseAddress.of({ remoteAddress: request.socket.remoteAddress ?? '', headers: request.headers });
      answer = { ...answer, headers: { ...answer.headers, 'Set-Cookie': sessionCookieLine(cookie, base) } };
    }
    const { userName = '', userSysId = '' } = identified?.caller ?? {};
    transaction.ended({
      ...about,
      userName,
      userSysId,
      method: knock.method,
      status: answer.status,
      remoteAddress: knock.remoteAddress,
    });
    return sendAnswer(reply, answer, {
      transactionId,
      isLoggedIn: isLetIn && identified !== undefined && identified.method !== 'guest',
      accept,
    });
  };
