// The connection must lead to the instance that it was made for.
import { type Check, evidenceOf, isOnboarded } from '../check.ts';

export const id01: Check = {
  code: 'ID-01',
  title: 'The connection leads to another instance than it was made for',
  severity: 'critical',
  needs: ['sn_sb_connection'],
  look({ link, other }) {
    if (link.queue?.pauseCode.includes('incarnation'))
      return [
        {
          summary: 'The peer takes us, or itself, for a copy',
          fix: 'Find out which instance is the successor before anything is sent',
        },
      ];
    if (!other || !isOnboarded(link)) return [];
    const expected = URL.parse(other.facts.instance)?.origin ?? '';
    if (expected === '' || URL.parse(link.row.peer_url ?? '')?.origin === expected) return [];
    return [
      {
        severity: 'warning' as const,
        summary: `The connection calls ${link.row.peer_url}, and its other end was found at ${expected}`,
        evidence: [evidenceOf('sn_sb_connection', link.row, 'peer_url', expected)],
        fix: 'Make sure that both names lead to one instance, and not one to a copy',
      },
    ];
  },
};
