// Links that still use a password and refresh tokens end one day without warning; and both sides must use the same way.
import { readWireMoment } from '../../kit/clock.ts';
import { type Check, evidenceOf, grantOf } from '../check.ts';

const soonDays = 14;

export const auth05: Check = {
  code: 'AUTH-05',
  title: 'The connection uses the legacy grant, or the two sides use different ones',
  severity: 'warning',
  needs: ['sn_sb_connection', 'sn_sb_connection.auth_method|oauth_entity.default_grant_type'],
  vendorCheck: 'User Not Authenticated with RPS',
  look({ facts, link, other }) {
    const mine = grantOf(link);
    const theirs = other ? grantOf(other.link) : link.row.peer_auth_method || mine;
    // What stands at the peer is told there, where it was asked.
    if (mine !== 'password' && (other || theirs !== 'password')) return [];
    const expires = readWireMoment(link.legacy?.refresh_expires ?? '');
    const days = Number.isNaN(expires) ? undefined : Math.floor((expires - facts.now) / 86_400_000);
    const ends =
      days === undefined ? '' : days < 0 ? `; the refresh token ended ${-days} days ago` : `, good for ${days} more days`;
    const differs = mine !== theirs;
    const provider = link.providers.find((each) => each.default_grant_type === 'password');
    return [
      {
        summary: differs
          ? `The upgrade to client credentials was made on one side only: ${mine === 'password' ? 'this side' : 'the peer'} still uses a password${ends}`
          : `The connection authenticates with a password and refresh tokens${ends}`,
        severity: differs || (days !== undefined && days < soonDays) ? 'error' : 'warning',
        evidence: [
          link.row.auth_method === undefined && provider
            ? evidenceOf('oauth_entity', provider, 'default_grant_type', 'client_credentials')
            : evidenceOf('sn_sb_connection', link.row, 'auth_method', 'client_credentials'),
          ...(link.legacy
            ? [
                evidenceOf(
                  'causeway_legacy_credential',
                  { ...link.legacy, name: link.legacy.user_name ?? '' },
                  'refresh_expires',
                  `more than ${soonDays} days away`,
                ),
              ]
            : []),
        ],
        fix: 'Move both sides to client credentials; messages are neither lost nor doubled meanwhile',
        commands: [`causeway exchange auth upgrade ${link.number} --dry-run`, `causeway exchange auth upgrade ${link.number}`],
      },
    ];
  },
};
