// What a token endpoint's refusal means, in a word that stays the same whatever the release says around it. Pure.

export interface TokenRefusal {
  /** user_not_bound, grant_disabled, client_refused, token_lapsed, login_refused, refused. */
  readonly reason: string;
  /** The peer's own words, never a secret. */
  readonly detail: string;
}

const sentences: readonly (readonly [RegExp, string])[] = [
  [/integration user is not configured/i, 'user_not_bound'],
  [/grant is turned off|may not use this grant|unsupported_grant_type/i, 'grant_disabled'],
  [/invalid_client/i, 'client_refused'],
  [/invalid_grant|refresh token/i, 'token_lapsed'],
];

/** The original says `access_denied` for nearly everything: then what was asked tells what it was. */
const usual: ReadonlyMap<string, string> = new Map([
  ['refresh_token', 'token_lapsed'],
  ['password', 'login_refused'],
]);

/** `status` and body of an answer that is not 200, and the grant that was asked for. */
export const readTokenRefusal = (status: number, body: string, grantType: string): TokenRefusal => {
  let words = '';
  try {
    const { error, error_description: description } = JSON.parse(body) as { error?: unknown; error_description?: unknown };
    words = [error, description].filter((word) => typeof word === 'string').join(': ');
  } catch {
    // Whatever it is, it is no answer of a token endpoint.
  }
  const found = sentences.find(([pattern]) => pattern.test(words));
  return {
    reason: found?.[1] ?? usual.get(grantType) ?? 'refused',
    detail: `User Not Authenticated: ${words.slice(0, 300) || `status ${status}`}`,
  };
};
