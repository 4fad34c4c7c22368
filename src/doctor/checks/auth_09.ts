// Tokens and signatures have times: clocks that differ make good ones look bad.
import { type Check, evidenceOf } from '../check.ts';
import { spanOf } from '../outage.ts';

export const auth09: Check = {
  code: 'AUTH-09',
  title: 'The clocks of the two sides differ',
  severity: 'warning',
  needs: ['sn_sb_connection', 'sn_sb_connection.clock_skew_ms'],
  look({ link }) {
    const skew = Number(link.row.clock_skew_ms || 0);
    if (!(Math.abs(skew) > 60_000)) return [];
    return [
      {
        summary: `The clock of the peer is ${spanOf(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`,
        evidence: [evidenceOf('sn_sb_connection', link.row, 'clock_skew_ms', 'within 60000')],
        fix: 'Let both machines follow a time server',
      },
    ];
  },
};
