// Writes the fate of staging rows. Straight statements: a load of 100 thousand rows has as many of these, and no rule minds them.
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

const orNull = (text: string): Value => (text === '' ? null : text);

export const settleRows = async (
  transaction: Transaction,
  clock: Clock,
  settled: { map: string; rows: readonly Row[]; outcomes: readonly RowOutcome[]; commentOf: (outcome: RowOutcome) => string },
): Promise<void> => {
  const { dialect } = transaction;
  const sets = columns.map((column, at) => `${dialect.name(column)} = ${dialect.parameter(at + 2)}`).join(', ');
  const statement = `UPDATE ${dialect.name('sys_import_set_row')} SET ${sets} WHERE sys_id = ${dialect.parameter(1)}`;
  const now = wireMoment(clock.now());
  for (const [at, outcome] of settled.outcomes.entries()) {
    const sysId = settled.rows[at]?.sys_id;
    if (!sysId) continue;
    const { status, targetTable, targetSysId } = outcome;
    const texts = [settled.commentOf(outcome), targetTable, targetSysId, settled.map].map(orNull);
    await transaction.run(statement, [sysId, status, ...texts, now]);
  }
};
