// What `causeway queue` says to people: rows as a table, a plan before it is done, and what came of it. Pure.
import type { Group, Plan, Requeued } from '../../exchange/reprocess/reprocess.ts';

type Words = Readonly<Record<string, string>>;

export const listedColumns = [
  'sys_id',
  'connection.connection_id',
  'state',
  'direction',
  'kind',
  'operation',
  'seq',
  'attempts',
  'error_class',
  'error_code',
  'sys_created_on',
] as const;

/** The table asked about goes without saying. */
const headOf = (name: string): string => name.split('.')[0] ?? '';

export const describeRows = (rows: readonly Words[]): string => {
  if (rows.length === 0) return 'Nothing.\n';
  const width = (name: string): number => Math.max(headOf(name).length, ...rows.map((row) => (row[name] ?? '').length));
  const line = (cells: (name: string) => string): string =>
    listedColumns
      .map((name) => cells(name).padEnd(width(name)))
      .join('  ')
      .trimEnd();
  return `${[line(headOf), ...rows.map((row) => line((name) => row[name] ?? ''))].join('\n')}\n`;
};

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
const groupLine = ({ count, errorClass, errorCode }: Group): string => `  ${rowsOf(count)} of class ${errorClass}: ${errorCode}`;

export const describePlan = (plan: Plan): string =>
  plan.total === 0
    ? 'No row is in Error: there is nothing to send again.\n'
    : `Would send again ${rowsOf(plan.total)}, in their old order:\n${plan.groups.map(groupLine).join('\n')}\n`;

export const describeRequeued = ({ requeued, remaining, newFailures }: Requeued): string => {
  if (requeued === 0 && remaining === 0) return 'No row is in Error: there is nothing to send again.\n';
  const lines = [`Sent again ${rowsOf(requeued)}, in their old order.`];
  if (newFailures.length > 0) lines.push('Stopped at failures that had not been there before:', ...newFailures.map(groupLine));
  if (remaining > 0) lines.push(`${rowsOf(remaining)} still in Error: causeway queue list --state error`);
  return `${lines.join('\n')}\n`;
};
