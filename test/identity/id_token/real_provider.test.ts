// A provider that is none of ours: oidc-provider on loopback, walked through its authorization code flow.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type IdentityProvider, startIdentityProvider } from '../../../src/cli/demo/identity_provider.ts';
import { obtainIdToken } from '../../../src/cli/demo/obtain_id_token.ts';
import { openRoom, outcome, type Room, register } from '../part.ts';

const client = {
  clientId: 'rest-client',
  clientSecret: 'a-secret-of-the-demo-client',
  redirectUri: 'http://127.0.0.1:1/callback',
};

describe('an ID token of oidc-provider', () => {
  let room: Room;
  let provider: IdentityProvider;
  const token = () => obtainIdToken({ fetcher: fetch, metadataUrl: provider.metadataUrl, client, person: 'ada' });
  before(async () => {
    room = await openRoom();
    // The provider lives by the real clock.
    room.clock.advance(Date.now() - room.clock.now());
    const people = new Map([['ada', { preferred_username: 'ada', email: 'ada@example.com', email_verified: true }]]);
    provider = await startIdentityProvider({ port: 0, client, people, now: Date.now });
    await room.add('sys_user', { user_name: 'ada' });
  });
  after(async () => {
    await room.close();
    await provider.stop();
  });

  it('opens the door, and opens it once when it may be used once', async () => {
    const { configuration } = await register(room, { metadataUrl: provider.metadataUrl, clientId: client.clientId });
    const first = await token();
    assert.equal(outcome(await room.bearer(first)), 'in as ada');
    assert.equal(outcome(await room.bearer(first)), 'in as ada');
    await room.set('oidc_provider_configuration', configuration, { enable_jti_verification: 'true' });
    assert.equal(outcome(await room.bearer(first)), 'in as ada');
    assert.equal(await room.bearer(first), 'jti_replayed');
    assert.equal(outcome(await room.bearer(await token())), 'in as ada');
  });
});
