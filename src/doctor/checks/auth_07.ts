// The token must come from the instance that is called.
import { type Check, changeOf, evidenceOf } from '../check.ts';

const hostOf = (text: string | undefined): string => URL.parse(text ?? '')?.host ?? '';

export const auth07: Check = {
  code: 'AUTH-07',
  title: "The token URL is not the peer's",
  severity: 'error',
  needs: ['oauth_entity', 'oauth_entity.token_url', 'sn_sb_connection.peer_url'],
  look: ({ link }) =>
    hostOf(link.row.peer_url) === ''
      ? []
      : link.providers
          .filter((provider) => hostOf(provider.token_url) !== hostOf(link.row.peer_url))
          .map((provider) => ({
            summary: `"${provider.name}" asks ${hostOf(provider.token_url) || 'nobody'} for tokens, and the peer is ${hostOf(link.row.peer_url)}`,
            evidence: [evidenceOf('oauth_entity', provider, 'token_url', `${link.row.peer_url}/oauth_token.do`)],
            fix: `Set the token URL of "${provider.name}" to the peer's`,
            changes: [changeOf('oauth_entity', provider, { token_url: `${link.row.peer_url}/oauth_token.do` })],
          })),
};
