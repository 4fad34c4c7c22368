// The peer cannot be reached at all: names, certificates, ways out.
import { type Check, evidenceOf } from '../check.ts';

export const link03: Check = {
  code: 'LINK-03',
  title: 'The peer cannot be reached',
  severity: 'error',
  needs: ['sn_sb_connection'],
  look({ link }) {
    const { queue, row } = link;
    if (queue?.pause !== 'breaker' && queue?.pause !== 'unavailable') return [];
    return [
      {
        summary: `Nothing gets through to ${row.peer_url}: ${queue.pauseCode} ${queue.pauseDetail}`.trim(),
        evidence: [evidenceOf('sn_sb_connection', row, 'last_error', '')],
        fix: 'Look at DNS, certificate and the way out to the peer; messages wait and go on by themselves',
      },
    ];
  },
};
