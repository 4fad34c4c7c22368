// The OAuth Client record, by which the peer calls us, must act as the integration user.
import { type Check, changeOf, evidenceOf, isPeerLegacy } from '../check.ts';

export const auth01: Check = {
  code: 'AUTH-01',
  title: 'The OAuth Client record has no OAuth Application User',
  severity: 'critical',
  needs: ['oauth_entity', 'oauth_entity.user'],
  vendorCheck: 'User Not Authenticated with RPS',
  look: ({ link }) =>
    isPeerLegacy(link)
      ? []
      : link.clients
          .filter((client) => client.user === '')
          .map((client) => ({
            summary: `The peer cannot authenticate here: "${client.name}" has no OAuth Application User`,
            evidence: [evidenceOf('oauth_entity', client, 'user', link.user?.user_name ?? `sb_user.${link.number}`)],
            fix: `Set the OAuth Application User of "${client.name}" to ${link.user?.user_name ?? `sb_user.${link.number}`}`,
            changes: link.user
              ? [changeOf('oauth_entity', client, { user: link.user.sys_id ?? '' }, { user: link.user.user_name ?? '' })]
              : [],
          })),
};
