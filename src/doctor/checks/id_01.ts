// The connection must lead to the instance that it was made for, and neither end may be a copy that stands still.
import { type Check, evidenceOf, type Found, isOnboarded } from '../check.ts';

const originOf = (text: string | undefined): string => URL.parse(text ?? '')?.origin ?? '';
const adopt = ['causeway exchange adopt', 'causeway exchange detach'];

export const id01: Check = {
  code: 'ID-01',
  title: 'The connection leads to another instance than it was made for, or one end is a copy',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.peer_url'],
  look({ link, other }) {
    const { row, profile } = link;
    const found: Found[] = [];
    const words = `${profile?.pause_code ?? ''} ${row.outbound_reason ?? ''} ${row.inbound_reason ?? ''}`;
    if (/incarnation|quarantine/.test(words))
      found.push({
        summary: `Nothing is exchanged: one end is taken for a copy (${words.trim().replace(/\s+/g, ' ')})`,
        evidence: [
          profile?.pause_code
            ? evidenceOf('sn_transport_profile', { ...profile, name: link.number }, 'pause_code', '(empty)')
            : evidenceOf('sn_sb_connection', row, 'outbound_reason', '(empty)'),
        ],
        fix: 'Find out which instance is the successor before anything is sent: adopt on the one that goes on, detach on the copy',
        commands: adopt,
        about: 'copy',
      });
    const expected = other ? originOf(other.facts.instance) : '';
    if (isOnboarded(link) && expected !== '' && originOf(row.peer_url) !== expected)
      found.push({
        severity: 'warning',
        summary: `The connection calls ${row.peer_url}, and its other end was found at ${expected}`,
        evidence: [evidenceOf('sn_sb_connection', row, 'peer_url', expected)],
        fix: 'Make sure that both names lead to one instance, and not one to a copy',
        about: 'url',
      });
    return found;
  },
};
