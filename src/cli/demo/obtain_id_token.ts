// A fresh ID token from the demo's provider: the authorization code flow with PKCE, walked by program instead of by browser.
// It must not send the client's secret anywhere but to the token endpoint that the provider's own metadata names.
import { createHash, randomBytes } from 'node:crypto';
import type { ProviderClient } from './identity_provider.ts';

type Fetch = typeof fetch;

const hopLimit = 10;

/** Follows the provider's redirects with its cookies until one leads to the client's redirect address. */
const walkToRedirect = async (fetcher: Fetch, start: string, redirectUri: string): Promise<URL> => {
  const cookies = new Map<string, string>();
  let address = start;
  for (let hop = 0; hop < hopLimit; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetcher(address, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`The provider stopped at ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
    address = new URL(next, address).href;
    if (address.startsWith(redirectUri)) return new URL(address);
  }
  throw new Error('The provider redirects in circles');
};

/** Throws Error with a sentence when the provider refuses. */
export const obtainIdToken = async (parts: {
  fetcher: Fetch;
  metadataUrl: string;
  client: ProviderClient;
  person: string;
}): Promise<string> => {
  const { fetcher, client } = parts;
  const metadata = (await (await fetcher(parts.metadataUrl)).json()) as {
    authorization_endpoint: string;
    token_endpoint: string;
  };
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const question = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: 'openid profile email',
    state,
    nonce: randomBytes(16).toString('base64url'),
    login_hint: parts.person,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const arrived = await walkToRedirect(fetcher, `${metadata.authorization_endpoint}?${question}`, client.redirectUri);
  const code = arrived.searchParams.get('code');
  if (code === null || arrived.searchParams.get('state') !== state) {
    throw new Error(`The provider refused: ${arrived.searchParams.get('error_description') ?? 'no code came back'}`);
  }
  const answer = await fetcher(metadata.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
    }),
  });
  const tokens = (await answer.json()) as { id_token?: string; error_description?: string };
  if (tokens.id_token === undefined) throw new Error(`The token endpoint refused: ${tokens.error_description ?? answer.status}`);
  return tokens.id_token;
};
