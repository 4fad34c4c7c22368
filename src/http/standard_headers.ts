// The headers every answer carries. It must not set a cookie: no client of a REST call needs one, and a cookie would be a credential.

const fixed = {
  Server: 'Causeway',
  'Cache-Control': 'no-cache,no-store,must-revalidate,max-age=-1',
  Pragma: 'no-store,no-cache',
  Expires: '0',
  'X-Content-Type-Options': 'nosniff',
};

export const standardHeaders = (transactionId: string, isLoggedIn: boolean): Record<string, string> => ({
  ...fixed,
  'X-Is-Logged-In': isLoggedIn ? 'true' : 'false',
  'X-Transaction-ID': transactionId,
});

const fixedLines: readonly string[] = Object.entries(fixed).flat();

/** The same in one line after another, name and value: the form that costs least to send. */
export const standardLines = (transactionId: string, isLoggedIn: boolean): string[] => [
  ...fixedLines,
  'X-Is-Logged-In',
  isLoggedIn ? 'true' : 'false',
  'X-Transaction-ID',
  transactionId,
];

/** In lower case, with the type of the body: what an answer says of these itself goes before what stands here. */
export const standardNames: ReadonlySet<string> = new Set(
  [...Object.keys(standardHeaders('', false)), 'Content-Type', 'Content-Length'].map((name) => name.toLowerCase()),
);
