// The public client under which the vendor's command line signs people in. Its only address is a page of the instance itself, which shows
// the code to be copied; five minutes, because a person does the copying.
import { seedId } from '../seed_id.ts';

export const sdkClientRow: Readonly<Record<string, string>> = {
  sys_id: seedId('oauth_entity', 'sdk command line'),
  name: 'SDK command line',
  type: 'client',
  client_id: '543e5655f77746a28228c6009a599dfb',
  public_client: 'true',
  redirect_url: '/sdk-oauth.do',
  inbound_grant_type: 'authz_code',
  auth_code_lifespan: '300',
  comments: 'Signs you in to the development kit on your own machine',
};
