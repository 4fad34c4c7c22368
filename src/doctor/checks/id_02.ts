// Two instances that present one identity: one of them is a copy, or was set back to an older database.
import { type Check, evidenceOf, type Found } from '../check.ts';
import type { Facts } from '../facts.ts';
import { ageOf, spanOf } from '../outage.ts';
import type { SeenRow } from '../reader.ts';

/** So long after it was heard of last, a copy is a thing of the past. */
const dayMs = 86_400_000;

const olderSeen = (row: SeenRow, facts: Facts): Found | undefined => {
  const age = ageOf(row.stale_incarnation_at, facts);
  if (!row.stale_incarnation || !(age < dayMs)) return undefined;
  return {
    summary: `The peer is incarnation ${row.peer_incarnation}, and ${spanOf(age)} ago somebody with its credential was ${row.stale_incarnation}: a copy of it runs, or an older database was restored there`,
    evidence: [evidenceOf('sn_sb_connection', row, 'stale_incarnation', '(empty)')],
    fix: 'It is refused. At the peer: causeway exchange detach on the copy, or causeway exchange adopt where an older database was restored',
    about: 'older',
  };
};

const twin = (row: SeenRow, other: SeenRow | undefined): Found => ({
  summary: `${row.peer_url} and ${other?.peer_url} say that they are the same instance`,
  evidence: [evidenceOf('sn_sb_connection', row, 'peer_instance_id', 'an identity of its own')],
  fix: 'One of them is a copy: run there causeway exchange detach',
  about: 'twin',
});

export const id02: Check = {
  code: 'ID-02',
  title: 'Two instances present the same identity',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.peer_instance_id'],
  look({ facts, link }) {
    const id = link.row.peer_instance_id ?? '';
    const twins = facts.links.filter(({ row }) => row.peer_instance_id === id && row.peer_url !== link.row.peer_url);
    const older = olderSeen(link.row, facts);
    return [...(older ? [older] : []), ...(id === '' || twins.length === 0 ? [] : [twin(link.row, twins[0]?.row)])];
  },
};
