// Messages that near the end of their time turn to Error: nothing is deleted, but nothing tries any more either.
import { type Check, evidenceOf } from '../check.ts';
import { numberOf } from '../facts.ts';

export const queue03: Check = {
  code: 'QUEUE-03',
  title: 'Messages near the end of their retention',
  severity: 'warning',
  needs: ['sn_transport_queue'],
  look({ facts, link }) {
    const hours = numberOf(facts, 'sn_transport.retention_hours', 72);
    const share = (facts.now - link.waitingSince) / (hours * 3_600_000);
    if (link.waitingSince === 0 || share <= 0.5) return [];
    return [
      {
        summary: `The oldest waiting message has used ${Math.round(share * 100)} % of its ${hours} hours; then it goes to Error, and nothing is deleted`,
        severity: share > 0.8 ? 'error' : 'warning',
        evidence: link.oldest ? [evidenceOf('sn_transport_queue', link.oldest, 'sys_created_on', `within ${hours} hours`)] : [],
        fix: 'Mend the connection, or raise sn_transport.retention_hours',
        about: 'oldest',
      },
    ];
  },
};
