// Reads the parameters of an OAuth request, once, at the door: form bodies and query strings become a Map of single, bounded values.
// Must not know what any parameter means beyond whether it may stand in a URL.
import { malformed, OAuthRefusal } from './oauth_refusal.ts';

export type Parameters = ReadonlyMap<string, string>;

export const bodyLimitBytes = 65_536;
const valueLimitCharacters = 8192;
const parameterLimit = 64;
/** An assertion is a JWT, which may carry more than any other value. */
const longValues: ReadonlyMap<string, number> = new Map([['assertion', 16_384]]);

/** Parameters of a token request; one of these in the query string means that secrets are being written into logs. */
const bodyOnly: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'username',
  'password',
  'refresh_token',
  'code',
  'code_verifier',
  'redirect_uri',
  'assertion',
  'scope',
]);

/**
 * One value per name; an empty value counts as absent (RFC 6749 §3.1). Throws OAuthRefusal `invalid_request` for a name that stands twice,
 * too many or too long values, and control characters.
 */
export const readParameters = (text: string): Map<string, string> => {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (seen.size >= parameterLimit) throw malformed('The request has too many parameters');
    if (seen.has(name)) throw malformed('A parameter is included more than once');
    seen.add(name);
    if (name.length > 100 || value.length > (longValues.get(name) ?? valueLimitCharacters))
      throw malformed('A parameter is too long');
    if (value.includes('\0')) throw malformed('A parameter holds a character that is not allowed');
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
};

const isForm = (contentType: string | undefined): boolean =>
  (contentType ?? '').split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';

/**
 * Parameters of a POST. With `isBodyOnly` a parameter of the token request in the query string is refused, else the query is read too and a
 * name that stands in both is refused as a duplicate.
 */
export const readFormRequest = (
  request: { contentType: string | undefined; body: string; query: string },
  isBodyOnly: boolean,
): Parameters => {
  const inQuery = readParameters(request.query);
  if (isBodyOnly && [...inQuery.keys()].some((name) => bodyOnly.has(name))) {
    throw new OAuthRefusal('invalid_request', {
      description: 'Parameters are accepted in the request body only',
      reason: 'parameters_in_query',
      isPlain: true,
    });
  }
  if (request.body !== '' && !isForm(request.contentType)) {
    throw malformed('The content type must be application/x-www-form-urlencoded');
  }
  if (Buffer.byteLength(request.body) > bodyLimitBytes) throw malformed('The request is too large');
  return readParameters(isBodyOnly || request.query === '' ? request.body : `${request.body}&${request.query}`);
};

/** A parameter that the request must have. Throws OAuthRefusal `invalid_request` that names it. */
export const required = (parameters: Parameters, name: string): string => {
  const value = parameters.get(name);
  if (value === undefined) throw malformed(`Missing ${name} parameter in request`);
  return value;
};
