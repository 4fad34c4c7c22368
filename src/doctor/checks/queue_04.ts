// One bad message holds up those behind it in its lane, and only those.
import { type Check, evidenceOf } from '../check.ts';

const shown = 5;

export const queue04: Check = {
  code: 'QUEUE-04',
  title: 'A lane is blocked by one message',
  severity: 'error',
  needs: ['sn_transport_lane'],
  look: ({ link }) =>
    link.heldLanes.slice(0, shown).map((lane) => {
      const blocker = link.blockers.get(lane.sys_id ?? '');
      const behind = Math.max(0, Number(lane.last_seq) - Number(lane.error_seq));
      const more = link.heldLanes.length > shown ? ` (one of ${link.heldLanes.length} blocked lanes)` : '';
      return {
        summary: `Lane ${lane.name} (${lane.direction}) is blocked at ${lane.error_seq}: ${behind} ${behind === 1 ? 'message stands' : 'messages stand'} behind${more}`,
        evidence: [
          ...(blocker
            ? [
                {
                  ...evidenceOf('sn_transport_queue', blocker, 'state', 'processed'),
                  value: `${blocker.state}${blocker.error_code ? ` (${blocker.error_code})` : ''}`,
                },
              ]
            : []),
          evidenceOf('sn_transport_lane', lane, 'error_seq', '0'),
        ],
        fix: 'Reprocess the message once its cause is mended, or skip it: what stands behind goes on',
        commands: blocker
          ? [`causeway queue show ${blocker.sys_id}`, `causeway queue skip ${blocker.sys_id} --note "why it is given up"`]
          : [],
        changes:
          blocker && lane.direction === 'outbound'
            ? [
                {
                  kind: 'call' as const,
                  path: '/api/sn_transport/queue/reprocess',
                  body: { filter: { ids: [blocker.sys_id ?? ''] }, watch_ms: 5000 },
                  words: `reprocess message ${blocker.message_id}`,
                },
              ]
            : [],
        about: lane.sys_id ?? '',
      };
    }),
};
