// The two tokens and the key set that the seed articles print, with the clock set to their hour. The metadata comes from another host
// than the issuer, as in the articles.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fingerprint } from '../../../src/kit/fingerprint.ts';
import { openRoom, outcome, type Registered, type Room, register } from '../part.ts';
import { firstToken, keySet, secondToken } from './seed_tokens.ts';

const head = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d{3}\) API_INT-thread-\d SYSTEM txid=db83700edb1a /;

describe('the tokens of the articles', () => {
  let room: Room;
  let registered: Registered;
  let origin = '';
  const server = createServer((request, response) => {
    const metadata = { issuer: 'https://dev-934121.oktapreview.com', jwks_uri: `${origin}/oauth2/v1/keys` };
    response.end(JSON.stringify(request.url === '/oauth2/v1/keys' ? keySet : metadata));
  });
  const setClock = (seconds: number) => room.clock.advance(seconds * 1000 - room.clock.now());
  const told = () => room.lines.splice(0).map((line) => line.replace(head, ''));
  const debug = async (on: boolean) => {
    for (const name of ['com.snc.platform.security.oauth.debug', 'glide.auth.debug.enabled'])
      await room.property(name, String(on));
  };

  before(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    room = await openRoom();
    await room.add('sys_user', { user_name: 'oauth.admin', email: 'imron543@gmail.com' });
    setClock(1_544_562_700);
    registered = await register(room, {
      metadataUrl: `${origin}/.well-known/openid-configuration`,
      clientId: '0oagd8o97kiBOwpwB0h7',
      configuration: { user_claim: 'preferred_username', user_field: 'email', enable_jti_verification: 'true' },
    });
  });
  after(async () => {
    await room.close();
    server.closeAllConnections();
    server.close();
  });

  it('open the door in their hour, with the lines of the articles', async () => {
    setClock(1_537_933_400);
    await debug(true);
    assert.equal(outcome(await room.bearer(firstToken)), 'in as oauth.admin');
    const lines = told();
    assert.deepEqual(
      lines.slice(
        lines.indexOf(
          `DEBUG: Auth Adding OIDCConfig into syscache_oidc_config with url=${origin}/.well-known/openid-configuration`,
        ) + 1,
      ),
      [
        'DEBUG: Auth JWT info. key id:c56me9WSLOVv7PS0q88C9uoIs61Pa7fPn2dUE9oQ5H8;algorithName:RS256',
        'No certificate chain found for jwk with keyId=c56me9WSLOVv7PS0q88C9uoIs61Pa7fPn2dUE9oQ5H8',
        'DEBUG: Auth Going to verify claims:[]',
        'DEBUG: Auth JWT token sucessfully verified for algorithm=RS256',
        'DEBUG: Auth All claims are sucessfully validated.',
        "HTTP authorization validated user 'oauth.admin'",
        'Session user set to oauth.admin',
      ],
    );
    assert.ok(
      lines.some((line) =>
        line.startsWith(`DEBUG: Auth Response from url =${origin}/.well-known/openid-configuration is ={"issuer"`),
      ),
    );
    assert.ok(lines.some((line) => line.startsWith(`DEBUG: Auth JSON response ={"keys":[{`)));
  });

  it('are refused the second time, with the lines of the article and no token in them', async () => {
    await debug(false);
    setClock(1_544_562_700);
    assert.equal(outcome(await room.bearer(secondToken)), 'in as oauth.admin');
    told();
    assert.equal(await room.bearer(secondToken), 'jti_replayed');
    assert.deepEqual(told(), [
      'No certificate chain found for jwk with keyId=c56me9WSLOVv7PS0q88C9uoIs61Pa7fPn2dUE9oQ5H8',
      'SEVERE *** ERROR *** Failed in jti(JWT token_id) claim verification. Token is already used.',
      `WARNING *** WARNING *** Oauth authentication failed for access token ${fingerprint(secondToken)}. No user found.`,
      "WARNING *** WARNING *** Failed authorization by script include 'BearerAuth'",
    ]);
  });

  it('are held to claim validations, with the lines of the articles', async () => {
    await debug(true);
    await room.set('oidc_provider_configuration', registered.configuration, { enable_jti_verification: 'false' });
    const validation = await room.add('oidc_claim_validation', {
      oidc_provider_configuration: registered.configuration,
      claim_name: 'name',
      claim_value: 'imran ali',
    });
    told();
    assert.equal(outcome(await room.bearer(secondToken)), 'in as oauth.admin');
    assert.ok(told().includes('DEBUG: Auth Going to verify claims:[name]'));
    await room.set('oidc_claim_validation', validation, { claim_value: 'someone else' });
    assert.equal(await room.bearer(secondToken), 'claim_mismatch');
    const lines = told();
    const from = lines.indexOf('DEBUG: Auth Going to verify claims:[name]');
    assert.equal(
      lines[from + 1],
      "SEVERE *** ERROR *** JWT verification failed. exception:com.auth0.jwt.exceptions.InvalidClaimException: The Claim 'name' value doesn't match the required one.",
    );
    await room.set('oidc_claim_validation', validation, { claim_value: 'imran ali' });
  });

  it('write DEBUG lines only while both properties are true, and follow the switch at once', async () => {
    await debug(false);
    for (const name of ['com.snc.platform.security.oauth.debug', 'glide.auth.debug.enabled']) {
      await room.property(name, 'true');
      told();
      assert.equal(outcome(await room.bearer(secondToken)), 'in as oauth.admin');
      assert.deepEqual(
        told().filter((line) => line.startsWith('DEBUG')),
        [],
      );
      await room.property(name, 'false');
    }
    await debug(true);
    assert.equal(outcome(await room.bearer(secondToken)), 'in as oauth.admin');
    assert.equal(told().filter((line) => line.startsWith('DEBUG: Auth ')).length, 4);
  });

  it('are refused before and after their hour', async () => {
    setClock(1_544_562_618 - 301);
    assert.equal(await room.bearer(secondToken), 'not_yet_valid');
    setClock(1_544_566_218 + 300);
    assert.equal(await room.bearer(secondToken), 'expired');
  });
});
