// A real OpenID Connect provider for tests, and ID tokens from it by the authorization code flow.
// It is the provider of the demo: the journeys try what a reader of the README tries.
import { randomBytes } from 'node:crypto';
import { type People, startIdentityProvider } from '../../src/cli/demo/identity_provider.ts';
import { obtainIdToken } from '../../src/cli/demo/obtain_id_token.ts';

export const runProvider = async (people: People) => {
  const client = {
    clientId: `client-${randomBytes(4).toString('hex')}`,
    clientSecret: randomBytes(32).toString('base64url'),
    redirectUri: 'http://127.0.0.1/signed-in',
  };
  const provider = await startIdentityProvider({ port: 0, client, people, now: Date.now });
  const { issuer, metadataUrl, stop } = provider;
  return {
    client,
    issuer,
    metadataUrl,
    stop,
    token: (person: string) => obtainIdToken({ fetcher: fetch, metadataUrl, client, person }),
  };
};
