// The calls by which a script reads records. A query is a snapshot of which records there are: what the script changes on its way
// through them moves none of them out of sight.
import { isFault } from '../../kit/fault.ts';
import type { ListRequest, Selection } from '../../records/records.ts';
import type { Json, Meter } from '../script.ts';
import type { HostCall, HostRun } from './host_parts.ts';
import { countIn, textIn } from './input.ts';
import { firstTexts, storedTexts } from './stored_texts.ts';

const batchSize = 200;

/** A table that the caller may not read is an empty one. */
const listReadable = async (run: HostRun, request: ListRequest): Promise<Selection | undefined> => {
  try {
    return await run.records.list(run.caller, request);
  } catch (error) {
    if (isFault(error, 'records.table_not_readable')) return undefined;
    throw error;
  }
};

/** The calls that share cursors: one set per run. */
export const makeReading = (): ReadonlyMap<string, HostCall> => {
  const cursors = new Map<string, { table: string; rest: string[] }>();

  const open: HostCall = async (run, input, meter) => {
    meter.query();
    const table = textIn(input, 'table');
    const query = textIn(input, 'query');
    const start = countIn(input, 'offset') ?? 0;
    const wanted = countIn(input, 'limit') ?? Number.MAX_SAFE_INTEGER;
    const asked = { table, query, onInvalidTerm: 'match_nothing' as const };
    const first = await listReadable(run, { ...asked, offset: start, limit: Math.min(wanted, batchSize) });
    if (!first) return { cursor: '', fields: [], rows: [], total: 0, isLast: true };
    const { fields, rows } = storedTexts(run, first);
    meter.rows(rows.length);
    if (rows.length < batchSize || rows.length >= wanted) return { cursor: '', fields, rows, total: rows.length, isLast: true };
    const rest = await restOf(run, meter, asked, start + rows.length, wanted - rows.length);
    const cursor = String(cursors.size + 1);
    cursors.set(cursor, { table, rest });
    return { cursor, fields, rows, total: rows.length + rest.length, isLast: rest.length === 0 };
  };

  const more: HostCall = async (run, input, meter) => {
    meter.query();
    const cursor = cursors.get(textIn(input, 'cursor'));
    if (!cursor) return { rows: [], isLast: true };
    const keys = cursor.rest.splice(0, batchSize);
    const found = storedTexts(
      run,
      await run.records.list(run.caller, { table: cursor.table, query: `sys_idIN${keys.join(',')}`, limit: keys.length }),
    );
    meter.rows(found.rows.length);
    const keyAt = found.fields.indexOf('sys_id');
    const byKey = new Map(found.rows.map((row) => [row[keyAt] ?? '', row]));
    // Deleted meanwhile, or changed so that the caller may no longer see it: left out.
    const rows = keys.map((key) => byKey.get(key)).filter((row) => row !== undefined);
    return { rows, isLast: cursor.rest.length === 0 };
  };

  return new Map([
    ['open', open],
    ['more', more],
    ['get', get],
    ['first', first],
  ]);
};

const restOf = async (
  run: HostRun,
  meter: Meter,
  asked: { table: string; query: string; onInvalidTerm: 'match_nothing' },
  offset: number,
  limit: number,
): Promise<string[]> => {
  meter.query();
  const selection = await run.records.list(run.caller, {
    ...asked,
    fields: ['sys_id'],
    offset,
    limit: Math.min(limit, 1_000_000),
  });
  const { fields, rows } = storedTexts(run, selection);
  const keyAt = fields.indexOf('sys_id');
  return rows.flatMap((row) => row[keyAt] ?? []);
};

const get: HostCall = async (run, input, meter): Promise<Json> => {
  meter.query();
  try {
    const found = await run.records.get(run.caller, textIn(input, 'table'), textIn(input, 'sys_id'));
    meter.rows(1);
    return firstTexts(run, found) ?? null;
  } catch (error) {
    if (isFault(error) && error.kind === 'not_found') return null;
    throw error;
  }
};

const first: HostCall = async (run, input, meter): Promise<Json> => {
  meter.query();
  const value = textIn(input, 'value').replaceAll('^', '^^');
  const found = await listReadable(run, {
    table: textIn(input, 'table'),
    query: `${textIn(input, 'field')}=${value}`,
    limit: 1,
    onInvalidTerm: 'match_nothing',
  });
  meter.rows(found?.rows.length ?? 0);
  return (found && firstTexts(run, found)) ?? null;
};
