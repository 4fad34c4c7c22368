// A connection has two registry records on each side, one for each way.
import { type Check, evidenceOf, isOnboarded } from '../check.ts';

export const auth10: Check = {
  code: 'AUTH-10',
  title: 'A connection does not have one OAuth Client and one OAuth Provider record',
  severity: 'error',
  needs: ['oauth_entity'],
  look({ link }) {
    if (!isOnboarded(link) || (link.clients.length === 1 && link.providers.length === 1)) return [];
    const all = [...link.clients, ...link.providers];
    return [
      {
        summary: `The connection has ${link.clients.length} OAuth Client and ${link.providers.length} OAuth Provider records instead of one of each`,
        evidence: all.map((entity) => evidenceOf('oauth_entity', entity, 'type', 'one of each type')),
        fix: 'Remove what another attempt left behind, or register again',
      },
    ];
  },
};
