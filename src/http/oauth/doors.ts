// The open doors of the OAuth room, under the original's addresses and under the standard's. No rule lives here.
// Adding one: an entry in the list.
import type { BrowserRequest } from '../../oauth/authorization.ts';
import { openidMetadata, serverMetadata } from '../../oauth/discovery.ts';
import type { OAuthRoom } from '../../oauth/oauth.ts';
import { bodyLimitBytes } from '../../oauth/parameters.ts';
import type { TokenRequest } from '../../oauth/token_context.ts';
import type { Answer } from '../api.ts';
import type { OpenDoor, OpenRequest } from '../open_door.ts';
import { sent } from './sent.ts';

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(', ') : header);

const tokenRequest = (request: OpenRequest): TokenRequest => ({
  contentType: one(request.headers['content-type']),
  accept: one(request.headers.accept),
  authorization: one(request.headers.authorization),
  body: request.body,
  query: request.query,
  remoteAddress: request.remoteAddress,
  transactionId: request.transactionId,
});

const browserRequest = (request: OpenRequest): BrowserRequest => ({
  query: request.query,
  body: request.body,
  contentType: one(request.headers['content-type']),
  cookie: request.headers.cookie,
  fetchSite: one(request.headers['sec-fetch-site']),
  isSecure: request.base.startsWith('https:'),
  remoteAddress: request.remoteAddress,
  transactionId: request.transactionId,
});

/** Public documents: any script on any page may read them. */
const published = (value: unknown): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  contentType: 'application/json',
  headers: { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' },
});

// A little above what the room itself accepts, so that it gives its own answer to a body that is too large.
const limit = bodyLimitBytes * 4;

export const makeOAuthDoors = (room: OAuthRoom): readonly OpenDoor[] => {
  const door = (name: string, path: string, methods: OpenDoor['methods']): OpenDoor => ({
    name,
    path,
    methods,
    bodyLimitBytes: limit,
  });
  const revoke = async (request: OpenRequest) => sent(await room.revocation(tokenRequest(request)));
  const metadata = (make: typeof serverMetadata) => async () =>
    published(make(room.issuer(), await room.properties.isIntrospectionEnabled()));
  const login = async (request: OpenRequest) => sent(await room.authorization.submit(browserRequest(request)));
  return [
    {
      ...door('oauth_token', '/oauth_token.do', { POST: async (request) => sent(await room.token(tokenRequest(request))) }),
      turnAway: async (why, about) => sent(await room.turnAway(why, about)),
    },
    door('oauth_auth', '/oauth_auth.do', {
      GET: async (request) => sent(await room.authorization.start(browserRequest(request))),
    }),
    door('oauth_login', '/oauth_login.do', { POST: login }),
    door('oauth_revoke_token', '/oauth_revoke_token.do', { GET: revoke, POST: revoke }),
    door('oauth_revoke', '/oauth_revoke.do', { GET: revoke, POST: revoke }),
    door('oauth_introspect', '/oauth_introspect.do', {
      POST: async (request) => sent(await room.introspection(tokenRequest(request))),
    }),
    door('now/oauth', '/api/now/oauth/jwks', { GET: async () => published(await room.signingKeys.published()) }),
    door('oauth_metadata', '/.well-known/oauth-authorization-server', { GET: metadata(serverMetadata) }),
    door('openid_metadata', '/.well-known/openid-configuration', { GET: metadata(openidMetadata) }),
  ];
};
