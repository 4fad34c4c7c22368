// The one row of causeway_incarnation, read and written. Decides nothing.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction, Value } from '../../store/store.ts';
import type { Kept } from './judge_copy.ts';
import { readHistory } from './lineage.ts';

export const incarnationTopic = 'exchange_incarnation';

/** There is one row, under this key. */
const rowId = 'ca05e3a9000000000000000000000001';

const columns = ['instance_id', 'former_id', 'incarnation', 'mark', 'base_url', 'place', 'seal', 'mark_at', 'mark_by', 'history'];

export type KeptRow = Kept & { readonly markAt: string };

const readRow = (row: readonly Value[]): KeptRow => {
  const text = (at: number): string => String(row[at] ?? '');
  return {
    instanceId: text(0),
    formerId: text(1),
    lineage: { incarnation: Number(row[2]), mark: Number(row[3]), writer: text(8) },
    history: readHistory(text(9)),
    baseUrl: text(4),
    place: text(5),
    seal: text(6),
    markAt: text(7),
  };
};

/** `forUpdate`: inside a transaction that changes it. */
export const readKept = async (
  { dialect, read }: Pick<Transaction, 'dialect' | 'read'>,
  forUpdate = false,
): Promise<KeptRow | undefined> => {
  const [row] = await read(
    `SELECT ${columns.join(', ')} FROM causeway_incarnation WHERE sys_id = ${dialect.parameter(1)}${forUpdate ? dialect.forUpdate : ''}`,
    [rowId],
  );
  return row && readRow(row);
};

/** Leaves a row that is there as it is. */
export const makeKept = async ({ dialect, run }: Transaction, instanceId: string, now: number): Promise<void> => {
  const p = dialect.parameter;
  await run(
    `INSERT INTO causeway_incarnation (sys_id, instance_id, incarnation, mark, mark_at, sys_created_on, sys_updated_on, sys_mod_count)
     VALUES (${p(1)}, ${p(2)}, 1, 0, ${p(3)}, ${p(3)}, ${p(3)}, 0) ON CONFLICT DO NOTHING`,
    [rowId, instanceId, wireMoment(now)],
  );
};

export const writeKept = async (
  { dialect, run }: Transaction,
  kept: Kept,
  { now, adoptedBy }: { now: number; adoptedBy?: string },
): Promise<void> => {
  const values: [string, Value][] = [
    ['instance_id', kept.instanceId],
    ['former_id', kept.formerId || null],
    ['incarnation', kept.lineage.incarnation],
    ['mark', kept.lineage.mark],
    ['mark_by', kept.lineage.writer || null],
    ['history', JSON.stringify(kept.history)],
    ['mark_at', wireMoment(now)],
    ['base_url', kept.baseUrl || null],
    ['place', kept.place || null],
    ['seal', kept.seal || null],
    ['sys_updated_on', wireMoment(now)],
    ...(adoptedBy === undefined
      ? []
      : ([
          ['adopted_on', wireMoment(now)],
          ['adopted_by', adoptedBy.slice(0, 100)],
        ] satisfies [string, Value][])),
  ];
  const set = values.map(([name], at) => `${name} = ${dialect.parameter(at + 2)}`);
  await run(`UPDATE causeway_incarnation SET ${set.join(', ')} WHERE sys_id = ${dialect.parameter(1)}`, [
    rowId,
    ...values.map(([, value]) => value),
  ]);
};

/** Whether there is anything to protect: an instance without connections speaks to nobody. */
export const hasConnections = async ({ read }: Pick<Transaction, 'read'>): Promise<boolean> =>
  (await read('SELECT 1 FROM sn_sb_connection LIMIT 1')).length > 0;
