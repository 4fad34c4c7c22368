// What waits longest says how far behind the peer is.
import { type Check, evidenceOf } from '../check.ts';

export const queue01: Check = {
  code: 'QUEUE-01',
  title: 'Messages have waited for long',
  severity: 'warning',
  needs: ['sn_transport_queue'],
  look({ facts, link }) {
    const since = Date.parse(`${(link.oldestReady?.sys_created_on ?? '').replace(' ', 'T')}Z`);
    const limit = Number(facts.properties.get('sn_sb.slow_seconds') || 900);
    const age = Math.round((facts.now - since) / 1000);
    if (!link.oldestReady || !(age > limit)) return [];
    return [
      {
        summary: `The oldest Ready message has waited for ${age} s${link.queue ? `; ${link.queue.backlog} wait` : ''}`,
        evidence: [evidenceOf('sn_transport_queue', link.oldestReady, 'sys_created_on', `at most ${limit} s ago`)],
        fix: 'Mend the connection; they go on by themselves',
      },
    ];
  },
};
