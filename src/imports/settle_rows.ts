// Writes the fate of staging rows, many in one statement: a load has as many of them as rows, and no rule minds them.
import { type Clock, wireMoment } from '../kit/clock.ts';
import type { Row } from '../records/records.ts';
import type { Transaction, Value } from '../store/store.ts';
import type { RowOutcome } from './transform/outcome.ts';

const columns = [
  'sys_import_state',
  'sys_import_state_comment',
  'sys_target_table',
  'sys_target_sys_id',
  'sys_transform_map',
  'sys_updated_on',
] as const;

const rowsAtOnce = 200;

const orNull = (text: string): Value => (text === '' ? null : text);

export const settleRows = async (
  transaction: Transaction,
  clock: Clock,
  settled: { map: string; rows: readonly Row[]; outcomes: readonly RowOutcome[]; commentOf: (outcome: RowOutcome) => string },
): Promise<void> => {
  const { dialect } = transaction;
  const now = wireMoment(clock.now());
  const fates = settled.outcomes.flatMap((outcome, at): Value[][] => {
    const sysId = settled.rows[at]?.sys_id;
    if (!sysId) return [];
    const { status, targetTable, targetSysId } = outcome;
    return [[sysId, status, ...[settled.commentOf(outcome), targetTable, targetSysId, settled.map].map(orNull), now]];
  });
  const width = columns.length + 1;
  // Both engines call the columns of a list of values so.
  const sets = columns.map((column, at) => `${dialect.name(column)} = fate.column${at + 2}`).join(', ');
  const staged = dialect.name('sys_import_set_row');
  for (let start = 0; start < fates.length; start += rowsAtOnce) {
    const some = fates.slice(start, start + rowsAtOnce);
    const tuples = some.map(
      (_, row) => `(${Array.from({ length: width }, (__, at) => dialect.parameter(row * width + at + 1)).join(', ')})`,
    );
    await transaction.run(
      `UPDATE ${staged} SET ${sets} FROM (VALUES ${tuples.join(', ')}) AS fate WHERE ${staged}.sys_id = fate.column1`,
      some.flat(),
    );
  }
};
