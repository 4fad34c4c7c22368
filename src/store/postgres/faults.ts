// Which of PostgreSQL's conditions are expected, and which Fault each becomes. Everything else stays what it was: a bug.
import { Fault, isFault } from '../../kit/fault.ts';
import { queryCancelled } from '../query_cancelled.ts';

interface PostgresError {
  code?: unknown;
  constraint?: string;
  message?: string;
}

const codeOf = (error: unknown): string => {
  const code = (error as PostgresError | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Serialisation failure, deadlock: the same work may succeed when it runs again. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

/** What an operator reads of each. */
const socketCodes: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there'],
  ['ECONNRESET', 'it broke the connection'],
  ['EPIPE', 'it broke the connection'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ENOTFOUND', 'its name leads nowhere'],
  ['EAI_AGAIN', 'its name leads nowhere at the moment'],
  ['EHOSTUNREACH', 'there is no way there'],
  ['ENETUNREACH', 'there is no way there'],
]);
const serverLeavingCodes = new Set(['57P01', '57P02', '57P03', '53300', '25P03']);

/** The server itself says, in the order of its answers, that it leaves this connection. */
export const isLeaving = (error: unknown): boolean => serverLeavingCodes.has(codeOf(error));

/** The connection is gone, or never was: nothing of what was not committed has happened. */
export const isConnectionLoss = (error: unknown): boolean => {
  const code = codeOf(error);
  if (socketCodes.has(code) || isLeaving(error) || code.startsWith('08')) return true;
  // The driver's own errors carry no code.
  return (
    code === '' &&
    error instanceof Error &&
    /connection terminated|connection error|timeout exceeded when trying to connect|client was closed|timeout expired/i.test(
      error.message,
    )
  );
};

/** A prepared statement whose answer changed its form under it; a new connection prepares it again. */
export const isStalePlan = (error: unknown): boolean =>
  codeOf(error) === '0A000' && String((error as PostgresError).message).includes('cached plan');

/** Only refused because an earlier statement of the transaction failed. */
export const isAborted = (error: unknown): boolean => codeOf(error) === '25P02';

/** Node repeats its codes in its messages. */
const detailOf = (code: string, message = ''): string => {
  const words = message.includes(code) ? message : `${code} ${message}`.trim();
  const plain = socketCodes.get(code);
  return plain === undefined ? words : `${plain} (${words})`;
};

const unusableClasses = new Set(['28', '3D', '53', '58', 'XX', '57']);

/** The Fault for an expected failure, the error itself for any other. */
export const postgresFault = (error: unknown): unknown => {
  if (isFault(error)) return error;
  const code = codeOf(error);
  const { constraint, message } = (error ?? {}) as PostgresError;
  const options = { cause: error, detail: detailOf(code, message) };
  if (isConnectionLoss(error))
    return new Fault('unavailable', 'store.unreachable', 'The database cannot be reached', { ...options, retryAfterSeconds: 1 });
  if (code === '23505') {
    return new Fault('conflict', 'store.duplicate', 'A record with this unique value exists already', {
      cause: error,
      detail: `${constraint ?? ''} ${message ?? ''}`.trim(),
    });
  }
  if (code === '23502') return new Fault('bad_request', 'store.missing_value', 'A required value is missing', options);
  if (code === '22021') {
    return new Fault('bad_request', 'store.bad_text', 'Text must not contain NUL characters or unpaired surrogates', options);
  }
  if (code.startsWith('22')) return new Fault('bad_request', 'store.bad_value', 'A value does not fit its field', options);
  if (code.startsWith('54')) return new Fault('too_large', 'store.too_large', 'A value is too large to store', options);
  if (code === '57014') return queryCancelled(error);
  if (code === '55P03' || isRetryable(error)) {
    return new Fault('unavailable', 'store.busy', 'The database is busy', { ...options, retryAfterSeconds: 1 });
  }
  if (code === '25006' || (code.length === 5 && unusableClasses.has(code.slice(0, 2)))) {
    return new Fault('unavailable', 'store.unusable', 'The database cannot be used', options);
  }
  return error;
};
