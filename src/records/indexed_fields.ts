// Which fields an index begins with, as the compiler of queries wants to know it. Built-in tables say it themselves; tables made later
// have indexes on unique fields only.
import type { TableDefinition } from './definition.ts';
import type { Field } from './dictionary.ts';

/** A field counts when it alone, or first, stands in an index of its table. */
export const makeIsIndexed = (definitions: readonly TableDefinition[]): ((field: Field) => boolean) => {
  const first = new Set<string>();
  for (const { name, indexes = [] } of definitions) for (const { columns } of indexes) first.add(`${name}.${columns[0]}`);
  return (field) => field.element === 'sys_id' || field.isUnique || first.has(`${field.table}.${field.element}`);
};
