// GET /exchange_status.do: the exchange for people who would rather look: connections, both directions, what waits, what doctor found and
// the command that mends it. It changes nothing.
import type { ExchangeAdmin } from '../../exchange/admin/exchange_admin.ts';
import type { Succession } from '../../exchange/incarnation/succession.ts';
import { Fault } from '../../kit/fault.ts';
import { hasRole } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';
import type { Api } from '../api.ts';
import { pageHeaders, renderStatusPage, type ShownIssue } from './render_status_page.ts';

export interface StatusPageParts {
  exchangeAdmin: Pick<ExchangeAdmin, 'status'>;
  succession: Pick<Succession, 'report'>;
  records: Pick<Records, 'find'>;
  now: () => number;
}

const mostIssues = 500;

/** Open ones, as the scheduled checks keep them. */
const readIssues = async (records: Pick<Records, 'find'>): Promise<ShownIssue[]> => {
  const [issues, known] = await Promise.all([
    records.find('sn_sb_error', 'state=open^ORDERBYnumber', { limit: mostIssues }),
    records.find('sn_sb_known_error_code', ''),
  ]);
  const errors = new Map(known.map((row) => [row.sys_id, row]));
  return issues.map((row) => ({
    sysId: row.sys_id ?? '',
    number: row.number ?? '',
    connection: row.connection ?? '',
    code: errors.get(row.known_error)?.code ?? '',
    title: errors.get(row.known_error)?.name ?? '',
    severity: row.severity ?? '',
    error: row.error ?? '',
    cause: row.cause ?? '',
    solution: row.solution ?? '',
    since: row.sys_created_on ?? '',
    lastSeen: row.last_seen ?? '',
    count: Number(row.count || 1),
  }));
};

export const makeStatusPageApi = ({ exchangeAdmin, succession, records, now }: StatusPageParts): Api => ({
  name: 'exchange_status',
  title: 'Exchange status page',
  base: '/exchange_status.do',
  versions: [''],
  operations: [
    {
      method: 'GET',
      path: '',
      summary: 'The status of every connection, as a page',
      produces: 'as_stored',
      async handle({ caller }) {
        if (!hasRole(caller, 'sn_sb.read', 'sn_sb.admin'))
          throw new Fault('forbidden', 'exchange.admin_forbidden', 'User Not Authorized', {
            explanation: 'This needs the role sn_sb.read',
          });
        const parts = [exchangeAdmin.status(), readIssues(records), succession.report()] as const;
        const [connections, issues, identity] = await Promise.all(parts);
        return {
          status: 200,
          body: renderStatusPage({ connections, issues, identity, now: now() }),
          contentType: 'text/html',
          headers: pageHeaders,
        };
      },
    },
  ],
});
