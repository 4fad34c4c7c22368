// How the token endpoint says yes and no on the wire, in the two modes: as the original does (`compat`) and as RFC 6749 says.
// Pure; must not look at anything but its arguments.
import type { OAuthRefusal } from './oauth_refusal.ts';

export type AnswerMode = 'compat' | 'rfc6749';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface IssuedTokens {
  accessToken: string;
  refreshToken?: string;
  scope: string;
  expiresInSeconds: number;
}

/** Tokens and their errors are for one reader, once (RFC 6749 §5.1); `Pragma` for caches older than HTTP/1.1. */
export const uncached: Readonly<Record<string, string>> = Object.freeze({ 'cache-control': 'no-store', pragma: 'no-cache' });

export const jsonAnswer = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8', ...uncached, ...headers },
  body: JSON.stringify(value),
});

export const tokenAnswer = (tokens: IssuedTokens): Answer =>
  jsonAnswer(200, {
    access_token: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken }),
    scope: tokens.scope,
    token_type: 'Bearer',
    expires_in: tokens.expiresInSeconds,
  });

const rfcStatus = (refusal: OAuthRefusal): number => {
  if (refusal.error === 'invalid_client') return 401;
  if (refusal.error === 'temporarily_unavailable') return 503;
  return 400;
};

const compatStatus = (refusal: OAuthRefusal): number => (refusal.isPlain ? rfcStatus(refusal) : 401);

/** `sentBasic`: the client tried HTTP Basic, so that a refusal of the client owes it a challenge (RFC 6749 §5.2). */
export const refusalAnswer = (refusal: OAuthRefusal, mode: AnswerMode, sentBasic: boolean): Answer => {
  const status = refusal.status ?? (mode === 'compat' ? compatStatus(refusal) : rfcStatus(refusal));
  const headers: Record<string, string> = {};
  if (refusal.retryAfterSeconds !== undefined) headers['retry-after'] = String(refusal.retryAfterSeconds);
  if (refusal.error === 'invalid_client' && sentBasic) headers['www-authenticate'] = 'Basic realm="Service-now", charset="UTF-8"';
  if (mode === 'rfc6749') return jsonAnswer(status, { error: refusal.error, error_description: refusal.description }, headers);
  // The original says access_denied for all but the few that have a sentence of their own.
  if (!refusal.isPlain) return jsonAnswer(status, { error_description: 'access_denied', error: 'server_error' }, headers);
  return jsonAnswer(
    status,
    { error_description: refusal.error === 'invalid_client' ? 'access_denied' : refusal.description, error: refusal.error },
    headers,
  );
};
