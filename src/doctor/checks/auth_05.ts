// Links that still use a password and refresh tokens end one day without warning.
import { type Check, evidenceOf } from '../check.ts';

export const auth05: Check = {
  code: 'AUTH-05',
  title: 'The connection uses the legacy grant',
  severity: 'warning',
  needs: ['sn_sb_connection'],
  look({ facts, link }) {
    if (link.row.auth_method !== 'password') return [];
    const expires = Date.parse(`${(link.legacy?.refresh_expires ?? '').replace(' ', 'T')}Z`);
    const days = Number.isNaN(expires) ? undefined : Math.floor((expires - facts.now) / 86_400_000);
    return [
      {
        summary: `The connection authenticates with a password and refresh tokens${days === undefined ? '' : `, good for ${days} more days`}`,
        severity: days !== undefined && days < 14 ? ('error' as const) : ('warning' as const),
        evidence: [evidenceOf('sn_sb_connection', link.row, 'auth_method', 'client_credentials')],
        fix: `causeway exchange auth upgrade ${link.number}`,
      },
    ];
  },
};
