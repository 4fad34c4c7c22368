// How records of a class below another are best kept: a row in the table of each class (joined), one wide table for the whole tree
// (single), or a whole table for each class (concrete). The built-in columns and indexes of task and incident, on both engines.
//   node bench/inheritance.ts [rows] [sqlite|postgres]
// It asserts no time; docs/decisions/0012-inheritance.md says what was concluded.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/kit/clock.ts';
import type { TableDefinition } from '../src/records/definition.ts';
import { ownFieldsOf } from '../src/records/definition_rows.ts';
import { fieldTypeOf } from '../src/records/field_types/index.ts';
import { incident } from '../src/records/tables/incident.ts';
import { task } from '../src/records/tables/task.ts';
import { openStore } from '../src/store/open_store.ts';
import type { ColumnShape, IndexShape, Store, TableShape, Transaction, Value } from '../src/store/store.ts';
import { createDatabase } from '../test/parts/postgres_server.ts';
import { tidy } from './data/tidy.ts';

const rowCount = Number(process.argv[2] ?? 100_000);
const engines = process.argv[3] === undefined ? ['sqlite', 'postgres'] : [process.argv[3]];
const sliceMs = 1500;
const rounds = 3;

const key: ColumnShape = { name: 'sys_id', type: 'text', notNull: true };

const columnsOf = (definition: TableDefinition): ColumnShape[] =>
  ownFieldsOf(definition).flatMap(({ element, type }) => {
    const columnType = fieldTypeOf(type).columnType;
    return columnType && element !== 'sys_id' ? [{ name: element, type: columnType }] : [];
  });

const indexesOf = (definition: TableDefinition, table: string): IndexShape[] =>
  (definition.indexes ?? []).map(({ columns }, at) => ({ name: `${table}_${definition.name}_${at}`, columns }));

const taskColumns = columnsOf(task);
const incidentColumns = columnsOf(incident);
/** A second class beside incident, so that a tree is not one class. */
const classes = ['incident', 'change'] as const;

const shapes: Readonly<Record<string, readonly TableShape[]>> = {
  joined: [
    { name: 'j_task', columns: [key, ...taskColumns], indexes: indexesOf(task, 'j_task') },
    ...classes.map((name) => ({
      name: `j_${name}`,
      columns: [key, ...incidentColumns],
      indexes: indexesOf(incident, `j_${name}`),
    })),
  ],
  single: [
    {
      name: 's_task',
      columns: [key, ...taskColumns, ...incidentColumns],
      indexes: [...indexesOf(task, 's_task'), ...indexesOf(incident, 's_task')],
    },
  ],
  concrete: classes.map((name) => ({
    name: `c_${name}`,
    columns: [key, ...taskColumns, ...incidentColumns],
    indexes: [...indexesOf(task, `c_${name}`), ...indexesOf(incident, `c_${name}`)],
  })),
};
const layouts = Object.keys(shapes);

const sysIdOf = (at: number): string => (at * 7919).toString(16).padStart(12, '0').padEnd(32, '5');
const classOf = (at: number): (typeof classes)[number] => (at % 5 === 0 ? 'change' : 'incident');

type Cells = Readonly<Record<string, Value>>;

const taskCells = (at: number): Cells => ({
  sys_class_name: classOf(at),
  number: `INC${String(at).padStart(7, '0')}`,
  short_description: `Something does not work, case ${at}`,
  state: String((at % 7) + 1),
  priority: String((at % 5) + 1),
  active: at % 7 < 5 ? 1 : 0,
  assigned_to: sysIdOf(at % 500),
  opened_by: sysIdOf(at % 900),
  sys_created_on: '2026-01-01 00:00:00',
  sys_updated_on: `2026-01-${String((at % 28) + 1).padStart(2, '0')} 10:00:00`,
  sys_mod_count: at % 9,
});

const incidentCells = (at: number): Cells => ({
  caller_id: sysIdOf(at % 3000),
  category: ['inquiry', 'software', 'hardware', 'network', 'database'][at % 5] ?? '',
  incident_state: String((at % 7) + 1),
});

/** What one record is in a layout: table → cells. */
const partsOf = (layout: string, at: number): ReadonlyArray<readonly [string, Cells]> => {
  if (layout === 'joined')
    return [
      ['j_task', taskCells(at)],
      [`j_${classOf(at)}`, incidentCells(at)],
    ];
  const whole = { ...taskCells(at), ...incidentCells(at) };
  return [[layout === 'single' ? 's_task' : `c_${classOf(at)}`, whole]];
};

const insert = async (transaction: Transaction, table: string, rows: ReadonlyArray<readonly [string, Cells]>): Promise<void> => {
  const { dialect } = transaction;
  const names = ['sys_id', ...Object.keys(rows[0]?.[1] ?? {})];
  const tuples = rows.map((_, row) => `(${names.map((_name, n) => dialect.parameter(row * names.length + n + 1)).join(', ')})`);
  await transaction.run(
    `INSERT INTO ${dialect.name(table)} (${names.map((name) => dialect.name(name)).join(', ')}) VALUES ${tuples.join(', ')}`,
    rows.flatMap(([sysId, cells]) => [sysId, ...Object.values(cells)]),
  );
};

const fill = async (store: Store, layout: string): Promise<void> => {
  for (let from = 0; from < rowCount; from += 5000) {
    await store.write(async (transaction) => {
      const byTable = new Map<string, [string, Cells][]>();
      for (let at = from; at < Math.min(from + 5000, rowCount); at += 1) {
        for (const [table, cells] of partsOf(layout, at)) {
          const rows = byTable.get(table) ?? [];
          rows.push([sysIdOf(at), cells]);
          byTable.set(table, rows);
        }
      }
      for (const [table, rows] of byTable)
        for (let at = 0; at < rows.length; at += 150) await insert(transaction, table, rows.slice(at, at + 150));
    });
  }
};

interface Source {
  readonly from: string;
  readonly root: string;
  readonly leaf: string;
  readonly isClass: string;
}

const sourceOf = (layout: string): Source => {
  if (layout === 'joined')
    return { from: 'j_incident l JOIN j_task r ON r.sys_id = l.sys_id', root: 'r', leaf: 'l', isClass: '' };
  if (layout === 'single') return { from: 's_task r', root: 'r', leaf: 'r', isClass: "r.sys_class_name = 'incident' AND " };
  return { from: 'c_incident r', root: 'r', leaf: 'r', isClass: '' };
};

const works = (store: Store, layout: string): Readonly<Record<string, (at: number) => Promise<unknown>>> => {
  const { dialect } = store;
  const { from, root, leaf, isClass } = sourceOf(layout);
  const one = dialect.parameter(1);
  const all = [
    `${leaf}.sys_id`,
    ...taskColumns.map(({ name }) => `${root}.${dialect.name(name)}`),
    ...incidentColumns.map(({ name }) => `${leaf}.${dialect.name(name)}`),
  ].join(', ');
  const parents = ['sys_id', ...taskColumns.map(({ name }) => dialect.name(name))].join(', ');
  const nocase = (column: string): string => dialect.comparable(column, 'text_nocase');
  // In the order of the key of the table whose index leads to the rows: the index has them in this order.
  const page = (where: string, led = leaf): string =>
    `SELECT ${all} FROM ${from} WHERE ${isClass}${where} ORDER BY ${led}.sys_id LIMIT 20`;
  const read = (sql: string, parameters: readonly Value[]) => store.read(sql, parameters, { steady: true });
  const throughParent =
    layout === 'concrete'
      ? `SELECT ${parents} FROM (${classes.map((name) => `SELECT ${parents} FROM c_${name} WHERE assigned_to = ${one}`).join(' UNION ALL ')}) t ORDER BY sys_id LIMIT 20`
      : `SELECT ${parents} FROM ${layout === 'joined' ? 'j_task' : 's_task'} WHERE assigned_to = ${one} ORDER BY sys_id LIMIT 20`;
  let next = rowCount;
  return {
    'read one': (at) =>
      read(`SELECT ${all} FROM ${from} WHERE ${isClass}${leaf}.sys_id = ${one}`, [sysIdOf((at * 13) % rowCount)]),
    'list by a field of the parent': (at) => read(page(`${root}.assigned_to = ${one}`, root), [sysIdOf(at % 500)]),
    'list by a field of its own': (at) => read(page(`${leaf}.caller_id = ${one}`), [sysIdOf(at % 3000)]),
    'list by one of each': (at) =>
      read(page(`${root}.assigned_to = ${one} AND ${nocase(`${leaf}.category`)} = ${dialect.parameter(2)}`), [
        sysIdOf(at % 500),
        'network',
      ]),
    'list through the parent': (at) => read(throughParent, [sysIdOf(at % 500)]),
    insert: () =>
      store.write(async (transaction) => {
        next += 1;
        const at = next;
        for (const [table, cells] of partsOf(layout, at)) await insert(transaction, table, [[sysIdOf(at), cells]]);
      }),
  };
};

/** Operations a second, 16 at a time. */
const rate = async (work: (at: number) => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  const walk = async (): Promise<void> => {
    while (performance.now() - startedAt < sliceMs) {
      done += 1;
      await work(done);
    }
  };
  await Promise.all(Array.from({ length: 16 }, walk));
  return (done * 1000) / (performance.now() - startedAt);
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const measure = async (engine: string, location: string): Promise<void> => {
  const store = await openStore({ location, clock: systemClock, random: Math.random });
  for (const layout of layouts) {
    await store.write((transaction) => transaction.define(shapes[layout] ?? []));
    await fill(store, layout);
  }
  if (engine === 'postgres') await tidy(location);
  const byLayout = layouts.map((layout) => ({ layout, works: works(store, layout) }));
  process.stdout.write(`\n${engine}, ${rowCount} records, operations a second and multiples of joined\n`);
  for (const name of Object.keys(byLayout[0]?.works ?? {})) {
    const rates = new Map<string, number[]>(layouts.map((layout) => [layout, []]));
    // In turns, so that whatever else the machine does falls on all alike.
    for (let round = 0; round < rounds; round += 1)
      for (const { layout, works: those } of byLayout) rates.get(layout)?.push(await rate(those[name] ?? (async () => {})));
    const joined = median(rates.get('joined') ?? []);
    const said = layouts.map((layout) => {
      const mine = median(rates.get(layout) ?? []);
      return `${layout} ${mine.toFixed(0)} (${(mine / joined).toFixed(2)})`;
    });
    process.stdout.write(`${name.padEnd(32)} ${said.join('   ')}\n`);
  }
  await store.close();
};

if (engines.includes('sqlite')) {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-inheritance-'));
  try {
    await measure('sqlite', join(folder, 'bench.db'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
if (engines.includes('postgres')) {
  const database = await createDatabase();
  try {
    await measure('postgres', database.url);
  } finally {
    await database.drop();
  }
}
