// The numbers of a lane must be without holes, and the two sides agree on how far it is.
import { type Check, evidenceOf } from '../check.ts';

export const queue06: Check = {
  code: 'QUEUE-06',
  title: 'Messages of a lane are missing at the receiver',
  severity: 'error',
  needs: ['sn_transport_lane'],
  look({ link, other }) {
    const theirs = new Map(
      (other?.link.lanes ?? []).filter((lane) => lane.direction === 'inbound').map((lane) => [lane.name, lane]),
    );
    return link.lanes
      .filter((lane) => lane.direction === 'outbound')
      .flatMap((lane) => {
        const there = theirs.get(lane.name);
        if (!other || Number(lane.done_seq) <= Number(there?.last_seq ?? 0)) return [];
        return [
          {
            summary: `Lane ${lane.name}: we delivered up to ${lane.done_seq}, the peer has ${there?.last_seq ?? 0}`,
            evidence: [evidenceOf('sn_transport_lane', lane, 'done_seq', there?.last_seq ?? '0')],
            fix: 'The peer was set back to an older state: compare the records of both sides',
          },
        ];
      })
      .slice(0, 5);
  },
};
