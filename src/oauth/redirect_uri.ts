// Which addresses a client may be sent back to. Exact match or nothing: there is no fallback to another address of the client.
// Must not fetch or resolve anything.

/** Native apps take the answer on a port that the system hands out (RFC 8252 §7.3), so the port of a loopback address is not compared. */
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
/** A page of the instance itself that shows a code to be copied into a command line. The one address that is not absolute. */
export const ownCodePage = '/sdk-oauth.do';
const dangerousSchemes: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'ws:',
  'wss:',
  'ftp:',
]);

/** The column holds several, separated by commas. */
export const splitRedirectUris = (column: string): string[] =>
  column
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');

/** undefined when the address may stand in the registry, else what is wrong with it, as the end of a sentence. */
export const faultOfRedirectUri = (uri: string): string | undefined => {
  if (uri === ownCodePage) return undefined;
  // Spaces, controls, backslashes and non-ASCII: browsers and servers disagree on what they mean.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(uri)) return 'holds characters that are not allowed in an address';
  if (uri.includes('*')) return 'holds a wildcard';
  if (!URL.canParse(uri)) return 'is not an absolute address';
  const url = new URL(uri);
  if (dangerousSchemes.has(url.protocol)) return 'has a scheme that cannot receive an answer';
  if (uri.includes('#')) return 'has a fragment';
  if (url.username !== '' || url.password !== '') return 'has a user name in it';
  if (url.protocol === 'http:' && !loopbackHosts.has(url.hostname)) return 'is http to a host that is not this machine';
  // A private-use scheme is a reversed domain name (RFC 8252 §7.1), which no other app holds by accident; a bare word may be anyone's.
  return undefined;
};

const withoutLoopbackPort = (uri: string): string | undefined => {
  const [, scheme, host, rest] = /^(http:\/\/)(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?([/?].*|)$/.exec(uri) ?? [];
  return scheme === undefined ? undefined : `${scheme}${host}${rest}`;
};

/** True when `sent` is one of the registered addresses, character by character; the port of a loopback address may differ. */
export const redirectUriMatches = (registered: readonly string[], sent: string): boolean => {
  if (faultOfRedirectUri(sent) !== undefined) return false;
  if (registered.includes(sent)) return true;
  const portless = withoutLoopbackPort(sent);
  return portless !== undefined && registered.some((uri) => withoutLoopbackPort(uri) === portless);
};

/** The address with the answer's parameters added to whatever query it has. */
export const withAnswer = (uri: string, answer: Readonly<Record<string, string | undefined>>): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) query.append(name, value);
  return `${uri}${uri.includes('?') ? (uri.endsWith('?') || uri.endsWith('&') ? '' : '&') : '?'}${query}`;
};
