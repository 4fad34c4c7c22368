// What the Import Set API answers: one element per transform map, in the words clients read. No envelope, unlike every other API.
import type { MapResult } from '../../imports/import_rows.ts';
import type { Asked } from '../api.ts';
import { type Data, sayBare } from '../say_data.ts';
import { recordAddress } from '../table/table_address.ts';

/** Names that the answer has itself: a script's `response` cannot take them over. */
const own = new Set(['transform_map', 'table', 'display_name', 'display_value', 'record_link', 'status', 'sys_id']);

const elementOf = (asked: Asked, sysId: string, { map, outcome }: MapResult): Record<string, Data> => {
  const { status, targetTable, targetSysId, displayName, displayValue, statusMessage, errorMessage, response } = outcome;
  const extras = Object.entries(response as Record<string, Data>).filter(([name]) => !own.has(name));
  const messages = {
    ...(statusMessage === '' ? {} : { status_message: statusMessage }),
    ...(errorMessage === '' ? {} : { error_message: errorMessage }),
  };
  if (targetSysId === '' || status === 'error')
    return { ...Object.fromEntries(extras), transform_map: map, table: targetTable, status, ...messages, sys_id: sysId };
  return {
    ...Object.fromEntries(extras),
    transform_map: map,
    table: targetTable,
    display_name: displayName,
    display_value: displayValue,
    record_link: recordAddress(asked, targetTable, targetSysId),
    status,
    sys_id: targetSysId,
    ...messages,
  };
};

/** `sysId` is the staging row's: what a row that made nothing is known by. */
export const sayResults = (
  asked: Asked,
  { importSet, table, sysId, results }: { importSet: string; table: string; sysId: string; results: readonly MapResult[] },
): string =>
  sayBare(asked.accept, {
    import_set: importSet,
    staging_table: table,
    result: results.map((result) => elementOf(asked, sysId, result)),
  });
