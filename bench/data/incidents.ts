// Test data: incidents of a middling company, made inside the database. It must write what the record layer would have written: a row in
// each table of the chain, under one growing sys_id.
import type { Store, Value } from '../../src/store/store.ts';
import { type Columns, insertOfRows } from './rows.ts';

const callers = 500;
const rowsPerTransaction = 50_000;
const firstMs = Date.UTC(2025, 0, 1);
const firstNumber = 1_000_000;

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** The n-th of the people who call; each has the same share of the incidents. */
export const callerId = (n: number): string => `ca11e4${hex(n % callers, 26)}`;
export const incidentId = (n: number): string => `${hex(firstMs + n, 12)}bec4${hex(n, 16)}`;
export const incidentMoment = (n: number): string => new Date(firstMs + n * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** What a task of any class holds. The same values, under the same names, go to whatever Causeway is compared with. */
export const taskValues: Columns = ({ hex, moment, pick }) => {
  const at = moment(`${firstMs / 1000} + n`);
  const caller = (number: string) => `'ca11e4' || ${hex(`(${number}) % ${callers}`, 26)}`;
  return {
    number: `'INC' || (${firstNumber} + n)`,
    short_description: `${pick(['printer does not print', 'cannot sign in', 'mail is late', 'laptop is slow', 'no network on the third floor'])} || ', case ' || n`,
    description: `'Reported by telephone. It began this morning, and a restart did not help. Case ' || n || ' of the day.'`,
    state: '1 + n % 3',
    priority: '1 + n % 5',
    impact: '1 + n % 3',
    urgency: '1 + n % 3',
    active: 'CASE n % 4 WHEN 0 THEN 0 ELSE 1 END',
    opened_at: at,
    opened_by: caller('n * 7'),
    assigned_to: caller('n * 13'),
    approval: `'not requested'`,
    upon_approval: `'proceed'`,
    upon_reject: `'cancel'`,
    escalation: '0',
    made_sla: '1',
    reassignment_count: '0',
    sys_created_on: at,
    sys_created_by: `'bench'`,
    sys_updated_on: at,
    sys_updated_by: `'bench'`,
    sys_mod_count: '0',
  };
};

/** What only an incident holds. */
export const incidentValues: Columns = ({ hex, pick }) => ({
  caller_id: `'ca11e4' || ${hex(`n % ${callers}`, 26)}`,
  category: pick(['inquiry', 'software', 'hardware', 'network', 'database']),
  incident_state: '1 + n % 3',
  severity: '3',
  notify: '1',
  reopen_count: '0',
  child_incidents: '0',
});

/** `incidentId` as the database makes it. */
export const incidentKey: Columns = ({ hex }) => ({ sys_id: `${hex(`${firstMs} + n`, 12)} || 'bec4' || ${hex('n', 16)}` });

const task: Columns = (words) => ({
  ...incidentKey(words),
  sys_class_name: `'incident'`,
  ...taskValues(words),
  sys_domain: `'global'`,
  sys_domain_path: `'/'`,
});
const incident: Columns = (words) => ({ ...incidentKey(words), ...incidentValues(words) });

const tables = "('task', 'incident')";

/** Names and definitions of the indexes, but for the primary keys. */
const indexesOf = (store: Store): Promise<Value[][]> =>
  store.read(
    store.dialect.engine === 'sqlite'
      ? `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ${tables}`
      : `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ${tables}
           AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
  );

/** Twenty indexes that are kept up row by row cost ten times what it takes to make them of a full table. */
const withoutIndexes = async (store: Store, fill: () => Promise<void>): Promise<void> => {
  const indexes = await indexesOf(store);
  await store.write(async (transaction) => {
    for (const [name] of indexes) await transaction.run(`DROP INDEX ${store.dialect.name(String(name))}`);
  });
  await fill();
  for (const [, definition] of indexes) await store.write((transaction) => transaction.run(String(definition)));
};

/** Writes the incidents numbered `from` to `to` (without). The tables must be there, and nobody else may write to them. */
export const writeIncidents = async (store: Store, from: number, to: number): Promise<void> => {
  const { engine } = store.dialect;
  await withoutIndexes(store, async () => {
    for (let start = from; start < to; start += rowsPerTransaction) {
      const end = Math.min(to, start + rowsPerTransaction);
      await store.write(async (transaction) => {
        await transaction.run(insertOfRows(engine, 'task', task, start, end));
        await transaction.run(insertOfRows(engine, 'incident', incident, start, end));
      });
    }
  });
};
