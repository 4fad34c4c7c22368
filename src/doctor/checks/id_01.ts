// The connection must lead to the instance that it was made for, and neither end may be a copy that stands still.
import { type Check, evidenceOf, type Found, isOnboarded } from '../check.ts';
import type { SeenRow } from '../reader.ts';

const originOf = (text: string | undefined): string => URL.parse(text ?? '')?.origin ?? '';
const commands = ['causeway exchange adopt --dry-run', 'causeway exchange detach --dry-run'];
const decide = 'adopt where that instance is the successor and goes on, detach where it is a copy';

/** This end stands still: it was restored or copied, or the peer knows a later one of it. */
const ownStandstill = (row: SeenRow): Found | undefined => {
  const reason = row.outbound_reason ?? '';
  if (reason !== 'quarantined' && reason !== 'incarnation_behind') return undefined;
  return {
    summary:
      `Nothing is exchanged: this instance is taken for a copy, or for a restored one. ${row.outbound_detail ?? ''}`.trim(),
    evidence: [evidenceOf('sn_sb_connection', row, 'outbound_reason', '(empty)')],
    fix: `Decide here: ${decide}`,
    commands,
    about: 'copy',
  };
};

/** The peer refuses us, because one of the two was restored or copied. */
const refusal = (profile: SeenRow | undefined, number: string): Found | undefined =>
  /incarnation|quarantine/.test(profile?.pause_code ?? '')
    ? {
        summary: `Nothing is exchanged: one end is taken for a copy (${`${profile?.pause_code} ${profile?.pause_detail ?? ''}`.trim()})`,
        evidence: [evidenceOf('sn_transport_profile', { ...profile, name: number }, 'pause_code', '(empty)')],
        fix: `Find out which instance was restored or copied, and decide there: ${decide}`,
        commands,
        about: 'copy',
      }
    : undefined;

export const id01: Check = {
  code: 'ID-01',
  title: 'The connection leads to another instance than it was made for, or one end is a copy',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.peer_url'],
  look({ link, other }) {
    const { row, profile, number } = link;
    const found: Found[] = [ownStandstill(row) ?? refusal(profile, number)].filter((each) => each !== undefined);
    const expected = other ? originOf(other.facts.instance) : '';
    if (isOnboarded(link) && expected !== '' && originOf(row.peer_url) !== expected)
      found.push({
        severity: 'warning',
        summary: `The connection calls ${row.peer_url}, and its other end was found at ${expected}`,
        evidence: [evidenceOf('sn_sb_connection', row, 'peer_url', expected)],
        fix: 'Make sure that both names lead to one instance, and not one to a copy; where the peer has moved, say so',
        commands: [`causeway exchange address ${link.number} --peer ${expected} --dry-run`],
        about: 'url',
      });
    return found;
  },
};
