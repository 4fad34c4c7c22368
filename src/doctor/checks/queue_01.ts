// What waits longest says how far behind the peer is.
import { type Check, evidenceOf } from '../check.ts';
import { numberOf } from '../facts.ts';
import { spanOf } from '../outage.ts';

export const queue01: Check = {
  code: 'QUEUE-01',
  title: 'Messages have waited for long',
  severity: 'warning',
  needs: ['sn_transport_queue'],
  vendorCheck: 'Transport inbound queue slow',
  look({ facts, link }) {
    const limit = numberOf(facts, 'sn_sb.slow_seconds', 900);
    const age = facts.now - link.waitingSince;
    if (link.waitingSince === 0 || age <= limit * 1000) return [];
    const count = Number(link.row.waiting_count || 0);
    return [
      {
        summary: `The oldest waiting message is ${spanOf(age)} old${count > 1 ? `; ${count} wait` : ''}`,
        evidence: link.oldest ? [evidenceOf('sn_transport_queue', link.oldest, 'sys_created_on', `at most ${limit} s ago`)] : [],
        fix: 'Mend the connection, or the message in Error before it; what waits goes on by itself',
        about: 'oldest',
      },
    ];
  },
};
