// One way works and the other does not: which one, so that nobody looks at the wrong side.
import { type Check, evidenceOf } from '../check.ts';
import { directions, mayPass } from '../outage.ts';

export const link02: Check = {
  code: 'LINK-02',
  title: 'One leg of the connection fails',
  severity: 'error',
  needs: ['sn_sb_connection', 'sn_sb_connection.outbound_status'],
  look({ facts, link }) {
    const { row } = link;
    const failing = directions.filter((name) => row[`${name}_status`] === 'down' && row[`${name}_reason`] !== 'return_leg');
    const [broken] = failing;
    if (failing.length !== 1 || !broken || mayPass(link, broken, facts)) return [];
    const way = broken === 'outbound' ? 'from here to the peer' : 'from the peer to here';
    return [
      {
        summary: `The ${broken} leg, ${way}, fails (${row[`${broken}_reason`]}); the other would work`,
        evidence: [evidenceOf('sn_sb_connection', row, `${broken}_reason`, '(empty)')],
        fix:
          broken === 'outbound'
            ? 'Look at what the peer has for us: its OAuth Client record, its integration user, its Remote System'
            : 'Look here: our OAuth Client record, the integration user and the Remote System',
        about: broken,
      },
    ];
  },
};
