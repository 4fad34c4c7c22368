// A secret that was replaced by hand at one end: the other end goes on with the one before, and is refused once that has ended.
import { readWireMoment } from '../../kit/clock.ts';
import { type Change, type Check, evidenceOf, type Found, isPeerLegacy } from '../check.ts';

export const auth12: Check = {
  code: 'AUTH-12',
  title: 'The secret of the OAuth Client record was changed, and the peer has not heard of it',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.inbound_auth_state'],
  look({ facts, link }) {
    const { row, number } = link;
    const [client] = link.clients;
    if (!client) return [];
    const isRefused = row.inbound_auth_state === 'refused' && row.inbound_auth_reason === 'client_refused';
    const until = client.former_secret_until ?? '';
    const isLate = (client.former_secret_used ?? '') !== '' && readWireMoment(until) > facts.now;
    if (!isRefused && !isLate) return [];
    const kind = isPeerLegacy(link) ? 'upgrade' : 'rotate';
    const renew: Change = {
      kind: 'call',
      path: `/api/sn_sb/exchange_admin/connections/${encodeURIComponent(number)}/auth/${kind}`,
      body: {},
      words: `give both sides of ${number} new secrets`,
    };
    const found: Found = {
      fix:
        `Give both sides new secrets from this side, which can still call the peer; or write the secret of "${client.name}" into ` +
        'the OAuth Provider record of the peer',
      changes: [renew],
      commands: [`causeway exchange auth ${kind} ${number}`],
      about: 'secret',
      summary: isRefused
        ? `The peer is refused here: what it sends is not the client id and secret of "${client.name}"`
        : `The peer still uses the secret of "${client.name}" that was replaced; it is taken until ${until} UTC`,
      severity: isRefused ? 'critical' : 'warning',
      evidence: isRefused
        ? [
            evidenceOf('oauth_entity', client, 'client_id', 'client id and secret that the peer has'),
            evidenceOf('sn_sb_connection', row, 'inbound_auth_state', 'valid'),
          ]
        : [evidenceOf('oauth_entity', client, 'former_secret_used', '(empty)')],
    };
    return [found];
  },
};
