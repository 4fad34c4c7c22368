// Messages in Error go nowhere until somebody says so.
import { type Check, evidenceOf } from '../check.ts';

const most = 200;

export const queue02: Check = {
  code: 'QUEUE-02',
  title: 'Messages are in Error',
  severity: 'error',
  needs: ['sn_transport_queue'],
  look({ facts, link }) {
    // Another instance is reprocessed by hand: it has no operation for it.
    const isOurs = facts.sees('sn_transport_lane');
    const groups = Map.groupBy(link.errors, (row) => `${row.direction} ${row.error_class || 'unclassified'}`);
    return [...groups].map(([group, rows]) => {
      const [sample] = rows;
      const isOutbound = sample?.direction !== 'inbound';
      const what = [sample?.kind, sample?.error_code].filter(Boolean).join(' ');
      const filter = {
        connection: link.row.sys_id ?? '',
        state: 'error',
        direction: 'outbound',
        ...(sample?.error_class ? { error_class: sample.error_class } : {}),
      };
      return {
        summary: `${rows.length}${link.errors.length >= most ? ' or more' : ''} ${rows.length === 1 ? 'message is' : 'messages are'} in Error (${group}), the first: ${
          [sample?.error_code, sample?.error_detail].filter(Boolean).join(' ') || 'no reason is given'
        }`,
        evidence: sample
          ? [
              {
                ...evidenceOf('sn_transport_queue', sample, 'state', 'processed'),
                value: what === '' ? 'error' : `error (${what})`,
              },
            ]
          : [],
        fix: isOutbound
          ? isOurs
            ? 'Mend the cause, then reprocess: order is kept, and twice is harmless'
            : 'Mend the cause, then set the State of the rows to Ready, the oldest first'
          : 'The peer sent what cannot be applied here: the cause is in the row',
        commands: isOutbound
          ? [
              `causeway queue reprocess --connection ${link.number} --dry-run`,
              `causeway queue reprocess --connection ${link.number}`,
            ]
          : [`causeway queue list --connection ${link.number} --state error`],
        changes: isOutbound
          ? [
              {
                kind: 'call' as const,
                path: '/api/sn_transport/queue/reprocess',
                body: { filter, watch_ms: 5000 },
                words: `reprocess the messages of ${link.number} in Error (${group})`,
              },
            ]
          : [],
        about: group,
      };
    });
  },
};
