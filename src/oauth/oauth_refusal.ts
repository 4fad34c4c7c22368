// What every check of every OAuth endpoint throws when it says no: one vocabulary for the wire, the log and the refusal row.
// Must not decide how it looks on the wire: answer.ts does.

/** Error codes of RFC 6749 §4.1.2.1 and §5.2. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'access_denied'
  | 'server_error'
  | 'temporarily_unavailable';

export interface OAuthRefusalOptions {
  /** Sentence for the caller; holds nothing but what it sent and what it may know. */
  description: string;
  /** Reason code of the refusal row. */
  reason: string;
  /** For the operator only: expected against got. Never a secret or a token. */
  detail?: string;
  /** Overrides the status that the error code has in either mode. */
  status?: number;
  /** The original answers this one with its own error code and sentence instead of the generic one. */
  isPlain?: boolean;
  /** sys_id of the user that was matched before the refusal. */
  user?: string;
  retryAfterSeconds?: number;
}

export class OAuthRefusal extends Error {
  readonly error: OAuthError;
  readonly description: string;
  readonly reason: string;
  readonly detail: string;
  readonly status: number | undefined;
  readonly isPlain: boolean;
  readonly user: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(error: OAuthError, options: OAuthRefusalOptions) {
    super(`${error}: ${options.description}`);
    this.name = 'OAuthRefusal';
    this.error = error;
    this.description = options.description;
    this.reason = options.reason;
    this.detail = options.detail ?? '';
    this.status = options.status;
    this.isPlain = options.isPlain ?? false;
    this.user = options.user ?? '';
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A request that no client library would send: duplicated, oversized or missing parameters, a foreign content type. */
export const malformed = (description: string, detail?: string): OAuthRefusal =>
  new OAuthRefusal('invalid_request', { description, reason: 'request_malformed', detail, isPlain: true });

/** The client is not who it says. Unknown, inactive and wrong secret look alike outside. */
export const badClient = (reason: string, detail: string): OAuthRefusal =>
  new OAuthRefusal('invalid_client', { description: 'Client authentication failed', reason, detail, isPlain: true });

/** The code, refresh token, password or assertion is not good. All of them look alike outside. */
export const badGrant = (reason: string, detail: string, user?: string): OAuthRefusal =>
  new OAuthRefusal('invalid_grant', {
    description: 'The grant is invalid, expired, revoked or was given to another client',
    reason,
    detail,
    user,
  });
