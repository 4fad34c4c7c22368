// Two instances that present one identity: one of them is a copy.
import { type Check, evidenceOf } from '../check.ts';

export const id02: Check = {
  code: 'ID-02',
  title: 'Two instances present the same identity',
  severity: 'critical',
  needs: ['sn_sb_connection', 'sn_sb_connection.peer_instance_id'],
  look({ facts, link }) {
    const id = link.row.peer_instance_id ?? '';
    const twins = facts.links.filter(({ row }) => row.peer_instance_id === id && row.peer_url !== link.row.peer_url);
    if (id === '' || twins.length === 0) return [];
    return [
      {
        summary: `${link.row.peer_url} and ${twins[0]?.row.peer_url} say that they are the same instance`,
        evidence: [evidenceOf('sn_sb_connection', link.row, 'peer_instance_id', 'an identity of its own')],
        fix: 'One of them is a copy: run there causeway exchange detach',
        about: 'twin',
      },
    ];
  },
};
