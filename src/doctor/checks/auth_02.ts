// The OAuth Provider record, by which we call the peer, has no use for an application user: one that stands there was meant for the other record.
import { type Check, changeOf, evidenceOf } from '../check.ts';

export const auth02: Check = {
  code: 'AUTH-02',
  title: 'The OAuth Application User is set on the OAuth Provider record',
  severity: 'critical',
  needs: ['oauth_entity', 'oauth_entity.user'],
  look: ({ link }) =>
    link.providers
      .filter((provider) => (provider.user ?? '') !== '')
      .map((provider) => ({
        summary: `The OAuth Application User is on the wrong record: "${provider.name}" is of type OAuth Provider`,
        evidence: [evidenceOf('oauth_entity', provider, 'user', '(empty)', provider['user.user_name'])],
        fix: `Clear the OAuth Application User of "${provider.name}"; it belongs on the OAuth Client record of ${link.number}`,
        changes: [changeOf('oauth_entity', provider, { user: '' })],
      })),
};
