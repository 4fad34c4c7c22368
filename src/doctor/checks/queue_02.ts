// Messages in Error go nowhere until somebody says so.
import { type Check, evidenceOf } from '../check.ts';

export const queue02: Check = {
  code: 'QUEUE-02',
  title: 'Messages are in Error',
  severity: 'error',
  needs: ['sn_transport_queue'],
  look({ link }) {
    const groups = Map.groupBy(link.errorRows, (row) => `${row.direction} ${row.error_class || 'unclassified'}`);
    return [...groups].map(([group, rows]) => ({
      summary:
        `${rows.length}${link.errorRows.length >= 200 ? ' or more' : ''} messages are in Error (${group}): ${rows[0]?.error_code ?? ''} ${rows[0]?.error_detail ?? ''}`.trim(),
      evidence: rows.slice(0, 1).map((row) => evidenceOf('sn_transport_queue', row, 'error_code', '')),
      fix: `Mend the cause, then: causeway queue reprocess --connection ${link.number} --dry-run`,
    }));
  },
};
