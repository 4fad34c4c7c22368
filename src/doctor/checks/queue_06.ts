// What the peer said it has stored must be there: a peer that was set back to an older database has lost it.
import { type Check, evidenceOf } from '../check.ts';

const shown = 5;

export const queue06: Check = {
  code: 'QUEUE-06',
  title: 'Messages of a lane are missing at the receiver',
  severity: 'error',
  needs: ['sn_transport_lane'],
  look({ link, other, arrived }) {
    if (!other || !arrived) return [];
    const lost = link.sentLanes.filter(
      (lane) => Number(lane.peer_seq) > (arrived.get(lane.name ?? '') ?? Number.POSITIVE_INFINITY),
    );
    return lost.slice(0, shown).map((lane) => {
      const have = arrived.get(lane.name ?? '') ?? 0;
      const more = lost.length > shown ? ` (one of ${lost.length} such lanes)` : '';
      return {
        summary: `Lane ${lane.name}: the peer said it had stored up to ${lane.peer_seq}, and has ${have}${more}`,
        evidence: [evidenceOf('sn_transport_lane', lane, 'peer_seq', String(have))],
        fix: 'The peer was set back to an older state. What is still kept here is sent again with the next message of the lane; compare the records of both sides',
        about: lane.sys_id ?? '',
      };
    });
  },
};
