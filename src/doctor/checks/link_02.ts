// One way works and the other does not: which one, so that nobody looks at the wrong side.
import { type Check, evidenceOf } from '../check.ts';

export const link02: Check = {
  code: 'LINK-02',
  title: 'One leg of the connection fails',
  severity: 'error',
  needs: ['sn_sb_connection'],
  look({ link }) {
    const { row } = link;
    const fails = (name: string): boolean => row[`${name}_status`] === 'down' && row[`${name}_reason`] !== 'return_leg';
    if (fails('outbound') === fails('inbound')) return [];
    const broken = fails('outbound') ? 'outbound' : 'inbound';
    return [
      {
        summary: `The ${broken} leg fails (${row[`${broken}_reason`]}); the other would work`,
        evidence: [evidenceOf('sn_sb_connection', row, `${broken}_reason`, '')],
        fix:
          broken === 'outbound'
            ? 'Look at what the peer has for us: its OAuth Client record and user'
            : 'Look here: our OAuth Client record and the integration user',
      },
    ];
  },
};
