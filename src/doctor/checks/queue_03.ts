// Messages that near the end of their time turn to Error: nothing is deleted, but nothing tries any more either.
import { type Check, evidenceOf } from '../check.ts';

export const queue03: Check = {
  code: 'QUEUE-03',
  title: 'Messages near the end of their retention',
  severity: 'warning',
  needs: ['sn_transport_queue'],
  look({ facts, link }) {
    const hours = Number(facts.properties.get('sn_transport.retention_hours') || 72);
    const since = Date.parse(`${(link.oldestReady?.sys_created_on ?? '').replace(' ', 'T')}Z`);
    const share = (facts.now - since) / (hours * 3_600_000);
    if (!link.oldestReady || !(share > 0.5)) return [];
    return [
      {
        summary: `The oldest waiting message has used ${Math.round(share * 100)} % of its ${hours} hours`,
        severity: share > 0.8 ? ('error' as const) : ('warning' as const),
        evidence: [evidenceOf('sn_transport_queue', link.oldestReady, 'sys_created_on', `within ${hours} hours`)],
        fix: 'Mend the connection, or raise sn_transport.retention_hours',
      },
    ];
  },
};
