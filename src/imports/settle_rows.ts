// Writes the fate of staging rows, many in one statement: a load has as many of them as rows, and no rule minds them.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { updateMany } from '../records/many_rows.ts';
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
].map((name) => ({ name, type: 'text' as const }));

const orNull = (text: string): Value => (text === '' ? null : text);

export const settleRows = async (
  transaction: Transaction,
  clock: Clock,
  settled: { map: string; rows: readonly Row[]; outcomes: readonly RowOutcome[]; commentOf: (outcome: RowOutcome) => string },
): Promise<void> => {
  const now = wireMoment(clock.now());
  const fates = settled.outcomes.flatMap((outcome, at): Value[][] => {
    const sysId = settled.rows[at]?.sys_id;
    if (!sysId) return [];
    const { status, targetTable, targetSysId } = outcome;
    return [[sysId, status, ...[settled.commentOf(outcome), targetTable, targetSysId, settled.map].map(orNull), now]];
  });
  await updateMany(transaction, 'sys_import_set_row', columns, fates);
};
