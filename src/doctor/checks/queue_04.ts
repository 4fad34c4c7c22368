// One bad message holds up those behind it in its lane, and only those.
import { type Check, evidenceOf } from '../check.ts';

export const queue04: Check = {
  code: 'QUEUE-04',
  title: 'A lane is blocked by one message',
  severity: 'error',
  needs: ['sn_transport_lane'],
  look: ({ link }) =>
    link.heldLanes.slice(0, 5).map((lane) => ({
      summary: `Lane ${lane.name} (${lane.direction}) is held at ${lane.error_seq}; ${Number(lane.last_seq) - Number(lane.done_seq)} messages stand in it`,
      evidence: [evidenceOf('sn_transport_lane', lane, 'error_seq', '0')],
      fix: 'Reprocess or skip the message in Error',
    })),
};
