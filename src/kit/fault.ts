// The one kind of expected failure. Anything else that is thrown is a bug and is loud.
// It must not know HTTP: http/faults.ts alone decides status and body.

export type FaultKind =
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'timeout'
  | 'unavailable'
  /** Code that a customer wrote went wrong; the message is its own. */
  | 'failed';

export interface FaultOptions {
  /** Second sentence for the caller, the wire's `error.detail`. Holds nothing the caller did not send. */
  explanation?: string | null;
  /** For the log only. Never a secret or a token. */
  detail?: string;
  cause?: unknown;
  /** Seconds, for `Retry-After`. */
  retryAfterSeconds?: number;
  /** Machine-readable extras for the answer's headers, already safe to show. */
  headers?: Readonly<Record<string, string>>;
}

/** An expected failure: `kind` for the door, `code` (`room.reason`, never reused) for machines, `message` for anyone. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly explanation: string | null;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: FaultKind, code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.explanation = options.explanation ?? null;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
  }
}

export const isFault = (error: unknown, code?: string): error is Fault =>
  error instanceof Fault && (code === undefined || error.code === code);
