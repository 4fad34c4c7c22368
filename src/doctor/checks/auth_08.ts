// What the peer says when it refuses us: the record to mend is usually on its side.
import { type Check, evidenceOf } from '../check.ts';

export const auth08: Check = {
  code: 'AUTH-08',
  title: 'The peer refuses our credential',
  severity: 'critical',
  needs: ['sn_sb_connection'],
  look: ({ link }) =>
    link.row.outbound_auth_state === 'refused'
      ? [
          {
            summary: `The peer refuses us: ${link.row.outbound_auth_reason}. ${link.row.outbound_auth_detail ?? ''}`.trim(),
            evidence: [evidenceOf('sn_sb_connection', link.row, 'outbound_auth_state', 'valid')],
            fix: 'Run doctor on the peer, or with --peer-instance: the record to mend is there',
          },
        ]
      : [],
};
