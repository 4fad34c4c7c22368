// All rows of a database as they stood, and put back later: the database of yesterday, on either engine, under the same name and file. For a
// time at which nobody else uses it.
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Store, Value } from '../../src/store/store.ts';

interface TableRows {
  columns: string[];
  rows: Value[][];
}

export type Snapshot = ReadonlyMap<string, TableRows>;

const withStore = async <T>(location: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore({ location, clock: systemClock, random: Math.random });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

const readAll = async (store: Store): Promise<Map<string, TableRows>> => {
  const { engine } = store.dialect;
  const columns = await store.read(
    engine === 'sqlite'
      ? `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid`
      : `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, ordinal_position`,
  );
  const tables = new Map<string, TableRows>();
  for (const [table, name] of columns) {
    const known = tables.get(String(table)) ?? { columns: [], rows: [] };
    known.columns.push(String(name));
    tables.set(String(table), known);
  }
  for (const [table, known] of tables) {
    const list = known.columns.map(store.dialect.name).join(', ');
    known.rows = await store.read(`SELECT ${list} FROM ${store.dialect.name(table)} ORDER BY ${list}`);
  }
  return tables;
};

export const takeSnapshot = (location: string): Promise<Snapshot> => withStore(location, readAll);

/** Tables that are not in the snapshot stay as they are. */
export const restoreSnapshot = (location: string, snapshot: Snapshot): Promise<void> =>
  withStore(location, async (store) => {
    const { name, parameter } = store.dialect;
    const present = await readAll(store);
    await store.write(async (transaction) => {
      for (const [table, { columns, rows }] of snapshot) {
        if (JSON.stringify(present.get(table)?.rows) === JSON.stringify(rows)) continue;
        await transaction.run(`DELETE FROM ${name(table)}`);
        const sql = `INSERT INTO ${name(table)} (${columns.map(name).join(', ')}) VALUES (${columns.map((_, at) => parameter(at + 1)).join(', ')})`;
        for (const row of rows) await transaction.run(sql, row);
      }
    });
  });
