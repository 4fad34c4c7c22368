// A new record as its creator may see it, from what was written: the same cells that reading it back would bring, without reading.
// It must not answer where anything but the written row decides what is shown: conditions of rights, names behind references.
import type { Value } from '../store/store.ts';
import { readableFor } from './attached_rights.ts';
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';
import type { Row, Selection, WriteOptions } from './records.ts';
import { toColumn } from './row_storage.ts';
import { hideSecrets, type SelectParts } from './select_records.ts';

/** undefined: it must be read. `row` is what lies in the store. */
export const writtenSelection = async (
  parts: SelectParts,
  caller: Caller,
  table: Table,
  row: Row,
  { fields, display = 'false' }: WriteOptions,
): Promise<Selection | undefined> => {
  if (display !== 'false') return undefined;
  const readable = await readableFor(parts, caller, table);
  if (!readable || readable.restriction || readable.shownWhere) return undefined;
  const { dictionary, queries } = parts;
  const { columns } = queries.one({ dictionary, table, caller, fields, display, onInvalidTerm: 'match_nothing', ...readable });
  const cells: Value[] = [row.sys_id ?? ''];
  for (const { key, field, valueAt } of columns) {
    if (valueAt < 0) continue;
    if (!field || key !== field.element) return undefined;
    cells[valueAt] = toColumn(field, row[key] ?? '');
  }
  return { table, columns, rows: hideSecrets(columns, [cells]), total: undefined };
};
