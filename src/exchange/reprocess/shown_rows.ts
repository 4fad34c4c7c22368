// What people see of a row of the queue, in a plan and in an export. Secrets are in neither: none is ever in the queue.
import type { Value } from '../../store/store.ts';
import { text } from '../queue_row.ts';

export const shownColumns = [
  'sys_id',
  'message_id',
  'connection',
  'direction',
  'state',
  'lane',
  'seq',
  'kind',
  'operation',
  'correlation_id',
  'source_table',
  'source',
  'attempts',
  'next_attempt_at',
  'error_class',
  'error_code',
  'error_detail',
  'http_status',
  'peer_ack_at',
  'payload_hash',
  'sys_created_on',
] as const;

export const exportedColumns = [...shownColumns, 'base_version', 'schema_version', 'parent_message_id', 'payload'];

export const shown = (columns: readonly string[], row: readonly Value[]): Record<string, string> =>
  Object.fromEntries(columns.map((column, at) => [column, text(row[at])]));
