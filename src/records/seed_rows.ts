// Writes built-in rows: new ones are inserted in bulk, ones that nobody touched since are brought up to date, all others are left alone.
import { createHash } from 'node:crypto';
import type { Transaction, Value } from '../store/store.ts';
import type { FieldDefinition, TableDefinition } from './definition.ts';
import type { SeedRow } from './definition_rows.ts';
import { ownFieldsOf } from './definition_rows.ts';
import { fieldTypeOf } from './field_types/index.ts';

const rowsPerStatement = 40;
/** Rows whose content moves on by itself and must not be set back. */
const insertOnly: ReadonlySet<string> = new Set(['sys_number']);

interface Level {
  readonly table: string;
  readonly fields: readonly FieldDefinition[];
}

const contentOf = (row: SeedRow): string => createHash('sha256').update(JSON.stringify(row.values)).digest('hex').slice(0, 16);

const columnValue = (field: FieldDefinition, text: string | undefined): Value => {
  const type = fieldTypeOf(field.type);
  // A default that is computed is for records that someone makes.
  const given = field.default?.startsWith('javascript:') ? '' : (field.default ?? '');
  const stored = text ?? given;
  const filled = stored === '' ? (type.emptyValue ?? '') : stored;
  return filled === '' ? null : type.toColumn(filled);
};

const systemValues = (row: SeedRow, now: string): Record<string, string> => ({
  sys_id: row.sysId,
  sys_created_on: now,
  sys_created_by: 'system',
  sys_updated_on: now,
  sys_updated_by: 'system',
  sys_mod_count: '0',
  sys_class_name: row.table,
});

export interface SeedJob {
  transaction: Transaction;
  definitions: readonly TableDefinition[];
  rows: readonly SeedRow[];
  seedTable: string;
  now: string;
}

export const writeSeeds = async ({ transaction, definitions, rows, seedTable, now }: SeedJob): Promise<void> => {
  const { dialect } = transaction;
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const chainOf = (name: string): Level[] => {
    const definition = byName.get(name);
    if (!definition) throw new Error(`built-in rows for ${name}, which is no built-in table`);
    const stored = ownFieldsOf(definition).filter((field) => fieldTypeOf(field.type).columnType && field.element !== 'sys_id');
    return [...(definition.extends ? chainOf(definition.extends) : []), { table: name, fields: stored }];
  };

  const insertLevel = (level: Level, batch: readonly SeedRow[]): Promise<number> => {
    const columns = ['sys_id', ...level.fields.map((field) => field.element)].map((column) => dialect.name(column));
    const parameters: Value[] = [];
    const tuples = batch.map((row) => {
      const given: Record<string, string> = { ...row.values, ...systemValues(row, now) };
      parameters.push(row.sysId, ...level.fields.map((field) => columnValue(field, given[field.element])));
      return `(${columns.map((_, index) => dialect.parameter(parameters.length - columns.length + index + 1)).join(', ')})`;
    });
    return transaction.run(
      `INSERT INTO ${dialect.name(level.table)} (${columns.join(', ')}) VALUES ${tuples.join(', ')} ON CONFLICT DO NOTHING`,
      parameters,
    );
  };

  const insertRows = async (table: string, fresh: readonly SeedRow[]): Promise<void> => {
    const chain = chainOf(table);
    // A record of several levels is written one by one: where its root is taken already, the levels below must not be written either.
    const size = chain.length === 1 ? rowsPerStatement : 1;
    for (let at = 0; at < fresh.length; at += size) {
      const batch = fresh.slice(at, at + size);
      for (const level of chain) if ((await insertLevel(level, batch)) === 0) break;
    }
  };

  const updateRow = async (row: SeedRow): Promise<void> => {
    const chain = chainOf(row.table);
    const root = dialect.name(chain[0]?.table ?? row.table);
    for (const level of chain) {
      const fields = level.fields.filter((field) => row.values[field.element] !== undefined);
      if (fields.length === 0) continue;
      const sets = fields.map((field, index) => `${dialect.name(field.element)} = ${dialect.parameter(index + 2)}`);
      await transaction.run(
        `UPDATE ${dialect.name(level.table)} SET ${sets.join(', ')} WHERE sys_id = ${dialect.parameter(1)}` +
          ` AND EXISTS (SELECT 1 FROM ${root} AS untouched WHERE untouched.sys_id = ${dialect.parameter(1)} AND untouched.sys_mod_count = 0)`,
        [row.sysId, ...fields.map((field) => columnValue(field, row.values[field.element]))],
      );
    }
  };

  const remember = async (seeds: readonly SeedRow[]): Promise<void> => {
    for (let at = 0; at < seeds.length; at += rowsPerStatement) {
      const batch = seeds.slice(at, at + rowsPerStatement);
      const tuples = batch.map((_, index) => `(${[1, 2, 3].map((n) => dialect.parameter(index * 3 + n)).join(', ')})`);
      await transaction.run(
        `INSERT INTO ${dialect.name(seedTable)} (sys_id, table_name, content) VALUES ${tuples.join(', ')}` +
          ' ON CONFLICT (sys_id) DO UPDATE SET content = excluded.content',
        batch.flatMap((row) => [row.sysId, row.table, contentOf(row)]),
      );
    }
  };

  const known = new Map(
    (await transaction.read(`SELECT sys_id, content FROM ${dialect.name(seedTable)}`)).map(([sysId, content]) => [
      sysId,
      content,
    ]),
  );
  const fresh = rows.filter((row) => !known.has(row.sysId));
  for (const definition of definitions) {
    await insertRows(
      definition.name,
      fresh.filter((row) => row.table === definition.name),
    );
  }
  const changed = rows.filter(
    (row) => known.has(row.sysId) && known.get(row.sysId) !== contentOf(row) && !insertOnly.has(row.table),
  );
  for (const row of changed) await updateRow(row);
  await remember([...fresh, ...changed]);
};
