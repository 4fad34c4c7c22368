// What the peer says when it refuses us: the record to mend is usually on its side.
import { type Check, type Evidence, evidenceOf } from '../check.ts';

/** By the reason that the peer gave. */
const advice: ReadonlyMap<string, string> = new Map([
  ['user_not_bound', 'Set the OAuth Application User on the OAuth Client record of the peer (AUTH-01 there)'],
  ['grant_disabled', 'Turn the client credentials grant on at the peer (AUTH-03 there)'],
  ['client_refused', 'Client id or secret here are not those of the OAuth Client record of the peer (AUTH-12 there)'],
  ['connection_unknown', 'Ask why; where it was meant, remove this half as well: causeway exchange offboard'],
  ['client_inactive', 'Activate the OAuth Client record of the peer'],
  ['client_missing', 'The OAuth Client record of the peer is gone: offboard and register again'],
  ['credential_missing', 'The OAuth Provider record here has no client id, secret or token URL, or is not active'],
  ['token_lapsed', 'The refresh token has ended and the password is not taken: causeway exchange auth upgrade'],
  ['token_refused', 'The peer gives tokens and does not take them: look at the integration user there (AUTH-04 there)'],
]);

export const auth08: Check = {
  code: 'AUTH-08',
  title: 'The peer refuses our credential',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.outbound_auth_state'],
  vendorCheck: 'User Not Authenticated with RPS',
  look({ link, other }) {
    const { row, providers } = link;
    if (row.outbound_auth_state !== 'refused') return [];
    const mine = providers[0];
    const theirs = other?.link.clients[0];
    const mixed: Evidence[] =
      mine?.client_id !== undefined && theirs?.client_id !== undefined && mine.client_id !== theirs.client_id
        ? [evidenceOf('oauth_entity', mine, 'client_id', `${theirs.client_id}, as "${theirs.name}" of the peer has it`)]
        : [];
    const idle = mine?.active === 'false' ? [evidenceOf('oauth_entity', mine, 'active', 'true')] : [];
    return [
      {
        summary: `The peer refuses us: ${row.outbound_auth_reason}. ${row.outbound_auth_detail ?? ''}`.trim(),
        evidence: [...mixed, ...idle, evidenceOf('sn_sb_connection', row, 'outbound_auth_state', 'valid')],
        fix:
          advice.get(row.outbound_auth_reason ?? '') ??
          'Run doctor on the peer, or with --peer-instance: the record to mend is there',
        changes:
          mine && idle.length > 0
            ? [
                {
                  kind: 'update',
                  table: 'oauth_entity',
                  sysId: mine.sys_id ?? '',
                  record: mine.name ?? '',
                  values: { active: 'true' },
                },
              ]
            : [],
        about: 'outbound',
      },
    ];
  },
};
