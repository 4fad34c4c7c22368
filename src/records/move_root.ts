// A built-in table that extended nothing and now does: its records get their row in the tables above, under the sys_id they have.
// Nothing is lost and nothing dropped: the columns of the system fields that it no longer owns stay behind, unused.
import type { Transaction } from '../store/store.ts';
import type { TableDefinition } from './definition.ts';
import { seedId } from './seed_id.ts';
import { systemFieldNames } from './system_fields.ts';

export interface MoveRootJob {
  transaction: Transaction;
  definitions: readonly TableDefinition[];
  /** Where the built-in rows ever written are remembered. */
  seedTable: string;
}

/** Safe to repeat: a table that moved no longer has system fields of its own. The tables above must exist. */
export const moveRoots = async ({ transaction, definitions, seedTable }: MoveRootJob): Promise<void> => {
  const { dialect } = transaction;
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const known = new Set(
    (await transaction.read(`SELECT sys_id FROM ${dialect.name(seedTable)}`)).map(([sysId]) => String(sysId)),
  );
  const columns = systemFieldNames.map((element) => dialect.name(element)).join(', ');

  for (const definition of definitions) {
    const entries = systemFieldNames.map((element) => seedId('sys_dictionary', definition.name, element));
    if (!definition.extends || !entries.some((sysId) => known.has(sysId))) continue;
    for (let above = byName.get(definition.extends); above; above = byName.get(above.extends ?? '')) {
      const copied = above.extends ? dialect.name('sys_id') : columns;
      await transaction.run(
        `INSERT INTO ${dialect.name(above.name)} (${copied}) SELECT ${copied} FROM ${dialect.name(definition.name)} WHERE true ON CONFLICT DO NOTHING`,
        [],
      );
    }
    await transaction.run(
      `UPDATE sys_db_object SET super_class = ${dialect.parameter(1)} WHERE sys_id = ${dialect.parameter(2)}`,
      [seedId('sys_db_object', definition.extends), seedId('sys_db_object', definition.name)],
    );
    const list = entries.map((_, index) => dialect.parameter(index + 1)).join(', ');
    for (const table of ['sys_dictionary', seedTable])
      await transaction.run(`DELETE FROM ${dialect.name(table)} WHERE sys_id IN (${list})`, entries);
  }
};
