// Four OAuth client libraries that know nothing of this server get and use tokens by every grant.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { OAuth2Client } from '@badgateway/oauth2-client';
import { decodeJwt, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { engines } from '../parts/engines.ts';
import { openBrowser } from './browser.ts';
import { openRig, type Rig } from './part.ts';

const callback = 'https://app.example/callback';
const [engine] = engines;
const person = { username: 'ada', password: 'river stone lamp' };

let rig: Rig;
let client: { sysId: string; id: string; secret: string };
before(async () => {
  if (engine === undefined) throw new Error('no engine');
  rig = await openRig(engine);
  const machine = await rig.user('machine', { web_service_access_only: 'true' });
  await rig.user('ada', { email: 'ada@example.com' });
  await rig.setProperty('glide.oauth.inbound.client.credential.grant_type.enabled', 'true');
  await rig.setProperty('causeway.oauth.introspection.enabled', 'true');
  client = await rig.client({ redirect_url: callback, user: machine.sys_id ?? '' });
});
after(() => rig.close());

const works = async (token: string): Promise<void> => {
  const call = await rig.send('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${token}` } });
  assert.equal(call.status, 200, call.text);
};
const ended = async (token: string): Promise<void> => {
  const call = await rig.send('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${token}` } });
  assert.equal(call.status, 401);
};

const insecure = { [oauth.allowInsecureRequests]: true };
const server4 = async (): Promise<oauth.AuthorizationServer> => {
  const issuer = new URL(rig.url);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
};

test('oauth4webapi: code with PKCE, refresh, introspection, revocation', async () => {
  const server = await server4();
  const self: oauth.Client = { client_id: client.id };
  const auth = oauth.ClientSecretBasic(client.secret);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const location = await openBrowser(rig).allow({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callback,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const parameters = oauth.validateAuthResponse(server, self, location, state);
  const response = await oauth.authorizationCodeGrantRequest(server, self, auth, parameters, callback, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(server, self, response);
  await works(tokens.access_token);
  const refreshed = await oauth.processRefreshTokenResponse(
    server,
    self,
    await oauth.refreshTokenGrantRequest(server, self, auth, tokens.refresh_token ?? '', insecure),
  );
  await works(refreshed.access_token);
  const seen = await oauth.processIntrospectionResponse(
    server,
    self,
    await oauth.introspectionRequest(server, self, auth, refreshed.access_token, insecure),
  );
  assert.deepEqual([seen.active, seen.username, seen.client_id], [true, 'ada', client.id]);
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, self, auth, tokens.refresh_token ?? '', insecure));
  await ended(refreshed.access_token);
  const after = await oauth.processIntrospectionResponse(
    server,
    self,
    await oauth.introspectionRequest(server, self, auth, refreshed.access_token, insecure),
  );
  assert.equal(after.active, false);
});

test('oauth4webapi: client credentials, and JWT-format tokens as RFC 9068 has them', async () => {
  const server = await server4();
  const machine = await rig.client({
    token_format: 'jwt',
    sub_claim: 'user_name',
    user: (await rig.user('machine.two')).sys_id ?? '',
  });
  const self: oauth.Client = { client_id: machine.id };
  const response = await oauth.clientCredentialsGrantRequest(server, self, oauth.ClientSecretPost(machine.secret), {}, insecure);
  const tokens = await oauth.processClientCredentialsResponse(server, self, response);
  await works(tokens.access_token);
  const seen = await oauth.processIntrospectionResponse(
    server,
    self,
    await oauth.introspectionRequest(server, self, oauth.ClientSecretPost(machine.secret), tokens.access_token, insecure),
  );
  assert.deepEqual([seen.sub, decodeJwt(tokens.access_token).sub], ['machine.two', 'machine.two']);
});

test('openid-client: discovery, code with PKCE, refresh, client credentials, JWT bearer', async () => {
  const config = await openid.discovery(new URL(rig.url), client.id, client.secret, undefined, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const location = await openBrowser(rig).allow(Object.fromEntries(url.searchParams));
  const tokens = await openid.authorizationCodeGrant(config, location, { pkceCodeVerifier: verifier, expectedState: state });
  await works(tokens.access_token);
  await works((await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token);
  await works((await openid.clientCredentialsGrant(config)).access_token);

  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jobs = await rig.insert('oauth_jwt', { name: 'Jobs', user_field: 'email', public_client: 'true' });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const certificate = await rig.insert('sys_certificate', { name: 'Jobs', pem_certificate: pem });
  await rig.insert('jwt_verifier_map', { name: 'k', oauth_jwt: jobs.sys_id ?? '', sys_certificate: certificate.sys_id ?? '' });
  const now = Math.floor(rig.clock.now() / 1000);
  const assertion = await new SignJWT({
    iss: jobs.client_id,
    aud: jobs.client_id,
    sub: 'ada@example.com',
    jti: 'one',
    exp: now + 60,
  })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(pair.privateKey);
  const exchange = await openid.discovery(new URL(rig.url), jobs.client_id ?? '', undefined, openid.None(), {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  });
  const given = await openid.genericGrantRequest(exchange, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion });
  await works(given.access_token);
});

test('simple-oauth2: password, client credentials, code, refresh, revocation', async () => {
  const settings = {
    client: { id: client.id, secret: client.secret },
    auth: {
      tokenHost: rig.url,
      tokenPath: '/oauth_token.do',
      revokePath: '/oauth_revoke_token.do',
    },
  };
  const byPassword = await new ResourceOwnerPassword(settings).getToken({ ...person, scope: 'useraccount' });
  await works(String(byPassword.token.access_token));
  await works(String((await new ClientCredentials(settings).getToken({})).token.access_token));
  const code = new AuthorizationCode({ ...settings, auth: { ...settings.auth, authorizePath: '/oauth_auth.do' } });
  const url = new URL(code.authorizeURL({ redirect_uri: callback, state: 'some state' }));
  const location = await openBrowser(rig).allow(Object.fromEntries(url.searchParams));
  const given = await code.getToken({ code: location.searchParams.get('code') ?? '', redirect_uri: callback });
  await works(String(given.token.access_token));
  const refreshed = await given.refresh();
  await works(String(refreshed.token.access_token));
  await given.revokeAll();
  await ended(String(refreshed.token.access_token));
});

test('@badgateway/oauth2-client: discovery, password, client credentials, code with PKCE, refresh, revocation', async () => {
  const self = new OAuth2Client({
    server: rig.url,
    clientId: client.id,
    clientSecret: client.secret,
    discoveryEndpoint: '/.well-known/oauth-authorization-server',
  });
  const byPassword = await self.password(person);
  await works(byPassword.accessToken);
  await works((await self.clientCredentials()).accessToken);
  await works((await self.refreshToken(byPassword)).accessToken);
  const codeVerifier = 'verifier-that-is-long-enough-to-be-one-0123456789';
  const url = new URL(await self.authorizationCode.getAuthorizeUri({ redirectUri: callback, state: 'a state', codeVerifier }));
  const location = await openBrowser(rig).allow(Object.fromEntries(url.searchParams));
  const tokens = await self.authorizationCode.getTokenFromCodeRedirect(location, {
    redirectUri: callback,
    state: 'a state',
    codeVerifier,
  });
  await works(tokens.accessToken);
  await self.revoke(tokens);
  await ended(tokens.accessToken);
});

test('a library reads refusals as the standard has them in the mode rfc6749', async () => {
  await rig.setProperty('causeway.oauth.rfc6749', 'true');
  const server = await server4();
  const self: oauth.Client = { client_id: client.id };
  const auth = oauth.ClientSecretPost(client.secret);
  const response = await oauth.refreshTokenGrantRequest(server, self, auth, 'nonsense', insecure);
  await assert.rejects(
    oauth.processRefreshTokenResponse(server, self, response),
    (error: oauth.ResponseBodyError) => error.error === 'invalid_grant',
  );
  await rig.setProperty('causeway.oauth.rfc6749', 'false');
});

test('the metadata say where things are, under both names', async () => {
  const plain = await rig.send('GET', '/.well-known/oauth-authorization-server');
  const named = await rig.send('GET', '/.well-known/openid-configuration');
  assert.deepEqual([plain.status, named.status], [200, 200]);
  assert.equal(plain.json.issuer, rig.url);
  assert.equal(named.json.jwks_uri, `${rig.url}/api/now/oauth/jwks`);
  assert.deepEqual(plain.json.code_challenge_methods_supported, ['S256']);
});

test('introspection tells a stranger nothing, and is not there while it is off', async () => {
  const given = await rig.token({ grant_type: 'password', client_id: client.id, client_secret: client.secret, ...person });
  const other = await rig.client();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const ask = (id: string, secret: string) =>
    rig.send('POST', '/oauth_introspect.do', {
      headers,
      body: String(new URLSearchParams({ token: given.json.access_token, client_id: id, client_secret: secret })),
    });
  assert.equal((await ask(other.id, other.secret)).text, '{"active":false}');
  assert.equal((await ask(other.id, 'x')).status, 401);
  assert.equal((await ask(client.id, client.secret)).json.active, true);
  await rig.setProperty('causeway.oauth.introspection.enabled', 'false');
  assert.equal((await ask(client.id, client.secret)).status, 404);
});
