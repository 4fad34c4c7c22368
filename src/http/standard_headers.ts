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
