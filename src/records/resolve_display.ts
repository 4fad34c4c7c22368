// Display values of references → what the references hold, for callers who write names instead of sys_ids.
import type { Dialect } from '../store/store.ts';
import type { Read } from './access.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { isSysId } from './field_types/reference.ts';
import type { Values } from './records.ts';
import type { Rights } from './rights.ts';
import { matchStatement } from './row_storage.ts';

export interface ResolveParts {
  dictionary: Dictionary;
  dialect: Dialect;
  read: Read;
  rights: Rights;
  caller: Caller;
}

const lookUp = async (
  { dictionary, dialect, read, rights, caller }: ResolveParts,
  field: Field,
  shown: string,
): Promise<string | undefined> => {
  const target = dictionary.table(field.reference);
  const display = target?.displayField;
  // Names of records the caller may not read must not be found out by trying.
  if (!target || !display || display.column === '' || rights.on(caller, target, 'read') !== 'all') return undefined;
  const statement = matchStatement(dialect, target, { [display.element]: shown.trim() }, { limit: 1 });
  const [row] = statement ? await read(statement.sql, statement.parameters) : [];
  const at = statement?.fields.findIndex((each) => each.element === field.referenceKey) ?? -1;
  return row && at >= 0 ? String(row[at] ?? '') : undefined;
};

/** Values with every reference that names a record by what it shows replaced; of several records the first, of none nothing. */
export const resolveDisplayValues = async (parts: ResolveParts, table: Table, values: Values): Promise<Values> => {
  const resolved: Record<string, string | null> = Object.assign(Object.create(null), values);
  for (const [element, text] of Object.entries(values)) {
    const field = table.fields.get(element);
    if (!field || !text || (field.type !== 'reference' && field.type !== 'glide_list')) continue;
    if (field.type === 'reference') {
      if (isSysId(text)) continue;
      const found = await lookUp(parts, field, text);
      if (found !== undefined) resolved[element] = found;
      continue;
    }
    const items: string[] = [];
    for (const item of text
      .split(',')
      .map((each) => each.trim())
      .slice(0, 200)) {
      const found = item === '' || isSysId(item) ? item : field.reference === '' ? item : await lookUp(parts, field, item);
      if (found) items.push(found);
    }
    resolved[element] = items.join(',');
  }
  return resolved;
};
