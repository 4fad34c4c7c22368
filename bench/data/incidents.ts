// Test data: incidents of a middling company, written straight through the store in large transactions, many rows a statement.
// It must write what the record layer would have written: a row in each table of the chain, under one growing sys_id.
import type { Store, Value } from '../../src/store/store.ts';

/** Every value follows from the number of the incident, so that two runs measure the same rows. */
const callers = 500;
const rowsPerStatement = 100;
const rowsPerTransaction = 10_000;
const firstMs = Date.UTC(2025, 0, 1);
const firstNumber = 1_000_000;

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** The n-th of the people who call; each has the same share of the incidents. */
export const callerId = (n: number): string => `ca11e4${hex(n % callers, 26)}`;
export const incidentId = (n: number): string => `${hex(firstMs + n, 12)}bec4${hex(n, 16)}`;

const moment = (n: number): string => new Date(firstMs + n * 1000).toISOString().slice(0, 19).replace('T', ' ');

const troubles = ['printer does not print', 'cannot sign in', 'mail is late', 'laptop is slow', 'no network on the third floor'];
const categories = ['inquiry', 'software', 'hardware', 'network', 'database'];

type Columns = readonly (readonly [column: string, value: (n: number) => Value])[];

const task: Columns = [
  ['sys_id', incidentId],
  ['sys_class_name', () => 'incident'],
  ['sys_created_on', moment],
  ['sys_created_by', () => 'bench'],
  ['sys_updated_on', moment],
  ['sys_updated_by', () => 'bench'],
  ['sys_mod_count', () => 0],
  ['number', (n) => `INC${firstNumber + n}`],
  ['short_description', (n) => `${troubles[n % troubles.length]}, case ${n}`],
  ['description', (n) => `Reported by telephone. It began this morning, and a restart did not help. Case ${n} of the day.`],
  ['state', (n) => 1 + (n % 3)],
  ['priority', (n) => 1 + (n % 5)],
  ['impact', (n) => 1 + (n % 3)],
  ['urgency', (n) => 1 + (n % 3)],
  ['active', (n) => (n % 4 === 0 ? 0 : 1)],
  ['opened_at', moment],
  ['opened_by', (n) => callerId(n * 7)],
  ['assigned_to', (n) => callerId(n * 13)],
  ['approval', () => 'not requested'],
  ['upon_approval', () => 'proceed'],
  ['upon_reject', () => 'cancel'],
  ['escalation', () => 0],
  ['made_sla', () => 1],
  ['reassignment_count', () => 0],
  ['sys_domain', () => 'global'],
  ['sys_domain_path', () => '/'],
];

const incident: Columns = [
  ['sys_id', incidentId],
  ['caller_id', callerId],
  ['category', (n) => categories[n % categories.length] ?? 'inquiry'],
  ['incident_state', (n) => 1 + (n % 3)],
  ['severity', () => 3],
  ['notify', () => 1],
  ['reopen_count', () => 0],
  ['child_incidents', () => 0],
];

const writeRows = async (
  transaction: Parameters<Parameters<Store['write']>[0]>[0],
  table: string,
  columns: Columns,
  from: number,
  to: number,
): Promise<void> => {
  const { dialect } = transaction;
  const names = columns.map(([name]) => dialect.name(name)).join(', ');
  const parameters: Value[] = [];
  const tuples: string[] = [];
  for (let n = from; n < to; n += 1) {
    const start = parameters.length;
    tuples.push(`(${columns.map((_, at) => dialect.parameter(start + at + 1)).join(', ')})`);
    for (const [, value] of columns) parameters.push(value(n));
  }
  await transaction.run(`INSERT INTO ${dialect.name(table)} (${names}) VALUES ${tuples.join(', ')}`, parameters);
};

/** Writes the incidents numbered `from` to `to` (without). The tables must be there. */
export const writeIncidents = async (store: Store, from: number, to: number): Promise<void> => {
  for (let start = from; start < to; start += rowsPerTransaction) {
    const end = Math.min(to, start + rowsPerTransaction);
    await store.write(async (transaction) => {
      for (let at = start; at < end; at += rowsPerStatement) {
        const until = Math.min(end, at + rowsPerStatement);
        await writeRows(transaction, 'task', task, at, until);
        await writeRows(transaction, 'incident', incident, at, until);
      }
    });
  }
  // PostgreSQL does this by itself some time after so many rows; the bench does not wait for it.
  if (store.dialect.engine === 'postgres') await store.write((transaction) => transaction.run('ANALYZE task, incident'));
};
