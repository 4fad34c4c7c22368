// A real OpenID Connect provider on loopback, for the demo and the tests: it signs people in without asking, by login_hint.
// It must never listen anywhere but on loopback: whoever reaches it may be anyone in its list.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { listen } from '../../kit/listen.ts';
import { loadOidcProvider, type OidcProvider } from './oidc_provider.ts';
import { makeProviderMemory } from './provider_memory.ts';

export interface ProviderClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly metadataUrl: string;
  stop(): Promise<void>;
}

/** Claims of one person; the key of the map is what `login_hint` and `sub` say. */
export type People = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const signInPath = '/sign-in/';
const day = 86_400;

const configurationOf = async (parts: { client: ProviderClient; people: People; now: () => number; cookieKey: string }) => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    adapter: makeProviderMemory(parts.now),
    clients: [
      {
        client_id: parts.client.clientId,
        client_secret: parts.client.clientSecret,
        redirect_uris: [parts.client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: [parts.cookieKey] },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub', 'jti'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    // The ID token itself carries the claims: a REST client has no use for a second round trip.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false }, revocation: { enabled: false } },
    findAccount: (_context: unknown, id: string) => {
      const claims = parts.people.get(id);
      return claims && { accountId: id, claims: () => ({ ...claims, sub: id, jti: randomUUID() }) };
    },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `${signInPath}${interaction.uid}` },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: day, IdToken: 3600, Interaction: 600, Session: day },
    clientBasedCORS: () => false,
    pkce: { required: () => true },
    renderError: (context: { body: string; type: string }, out: Record<string, string>) => {
      context.type = 'text/plain';
      context.body = `${out.error}: ${out.error_description ?? ''}\n`;
    },
  };
};

/** Nobody sits in front of this provider: the person named by `login_hint` is signed in, and has consented. */
const signIn = async (
  provider: OidcProvider,
  people: People,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = String(params.login_hint ?? '');
  if (!people.has(accountId)) {
    const refusal = { error: 'access_denied', error_description: 'login_hint names nobody known here' };
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
};

/** `port` 0 takes any free one. Listens on 127.0.0.1 only. */
export const startIdentityProvider = async (parts: {
  port: number;
  client: ProviderClient;
  people: People;
  now: () => number;
}): Promise<IdentityProvider> => {
  const server = createServer();
  const port = await listen(server, { port: parts.port, host: '127.0.0.1' });
  const issuer = `http://127.0.0.1:${port}`;
  const Provider = await loadOidcProvider();
  const provider = new Provider(issuer, await configurationOf({ ...parts, cookieKey: randomUUID() }));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const isSignIn = request.method === 'GET' && request.url?.startsWith(signInPath);
    const work = isSignIn ? signIn(provider, parts.people, request, response) : answer(request, response);
    work.catch(() => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
      response.end('This sign-in cannot be continued. Start again from the authorization endpoint.\n');
    });
  });
  return {
    issuer,
    metadataUrl: `${issuer}/.well-known/openid-configuration`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
};
