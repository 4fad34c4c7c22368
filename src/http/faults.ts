// Which fault becomes which status and body. The only place that knows; docs/errors.md explains every code to people.
// It must not add to an answer what the fault did not clear for showing, and every refused credential looks the same.
import { Fault, type FaultKind } from '../kit/fault.ts';
import { xmlFailure } from '../records/present/xml.ts';
import type { Answer } from './api.ts';
import { isXml, type MediaType } from './negotiate.ts';

// A timeout is the server's limit, not the caller's slowness (408), and no bug either (500): worth a later try.
const statuses: Readonly<Record<FaultKind, number>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  timeout: 503,
  unavailable: 503,
  failed: 500,
};

/** Byte for byte what clients have always read; the reason stands in the log and in the refusal row, never here. */
export const refusedBody =
  '{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}';

const challenges = ['BASIC realm="Service-now"', 'BEARER realm="Service-now"'];

/** The envelope of a failure, in the form that is accepted. */
export const failureBody = (message: string, detail: string | null, accept: MediaType): string =>
  isXml(accept) ? xmlFailure(message, detail) : JSON.stringify({ error: { message, detail }, status: 'failure' });

/** The answer to a refused credential: the same for every cause, in JSON whatever the caller accepts. */
export const refusal: Answer = Object.freeze({
  status: 401,
  body: refusedBody,
  contentType: 'application/json',
  headers: { 'WWW-Authenticate': challenges },
});

/** Anything thrown. What is no Fault is a bug: 500, and the caller of this function logs it loudly. */
export const answerFault = (error: unknown, accept: MediaType, transactionId: string): Answer => {
  if (!(error instanceof Fault)) {
    const detail = `The log has the cause under transaction ${transactionId}`;
    const contentType = isXml(accept) ? accept : 'application/json';
    return { status: 500, contentType, body: failureBody('Internal error', detail, accept) };
  }
  if (error.kind === 'unauthenticated') {
    // A policy may say which ways in it takes; nothing else of a refusal differs.
    const offered = error.headers['WWW-Authenticate'];
    return offered === undefined ? refusal : { ...refusal, headers: { 'WWW-Authenticate': offered } };
  }
  const headers: Record<string, string> = { ...error.headers };
  if (error.retryAfterSeconds !== undefined) headers['Retry-After'] = String(Math.ceil(error.retryAfterSeconds));
  return {
    status: statuses[error.kind],
    // A failure has two forms, whatever else the operation can say.
    contentType: isXml(accept) ? accept : 'application/json',
    body: failureBody(error.message, error.explanation, accept),
    headers,
  };
};
