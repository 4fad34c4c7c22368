// A dry run: reads the file, plans every row against the records as they are, writes none, and says what would become of them.
// Scripts are not run, because what they do cannot be taken back; the report says how many there are.
import type { Records, Row } from '../../records/records.ts';
import { planColumns } from '../column_names.ts';
import type { SourceRow } from '../source_row.ts';
import { type Counts, countOutcomes, noCounts, type RowOutcome } from '../transform/outcome.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMap, TransformMaps } from '../transform/transform_map.ts';
import { openTransform } from '../transform/transformer.ts';
import type { Leases } from './leases.ts';
import { inBatches, rowsOfJob } from './load.ts';
import type { SourceParts } from './open_source.ts';
import { mapsOfJob } from './transform_set.ts';

export interface RehearseParts extends SourceParts {
  records: Records;
  maps: TransformMaps;
  openScripts: ScriptOpener;
  leases: Leases;
}

export interface RehearsalReport {
  readonly rows: number;
  readonly newColumns: readonly string[];
  readonly maps: ReadonlyArray<{
    readonly map: string;
    readonly target: string;
    readonly counts: Counts;
    /** The map has scripts, which were not run. */
    readonly hasScripts: boolean;
    readonly problems: ReadonlyArray<{
      readonly row: number;
      readonly field: string;
      readonly code: number;
      readonly text: string;
    }>;
  }>;
}

const batchSize = 200;
const mostProblems = 50;

interface Tally {
  readonly map: TransformMap;
  counts: Counts;
  /** Rows that would be inserted so far: a later row with the same keys would find the first. */
  readonly made: Set<string>;
  readonly problems: Array<RehearsalReport['maps'][number]['problems'][number]>;
}

const keyOf = (map: TransformMap, row: Row): string =>
  JSON.stringify(
    map.entries
      .filter((entry) => entry.isCoalesce && !entry.script)
      .map((entry) => (row[entry.sourceField] ?? '').trim().toLowerCase()),
  );

const tallyRow = (tally: Tally, row: Row, place: number, outcome: RowOutcome): void => {
  let { status } = outcome;
  if (status === 'inserted' && tally.map.entries.some((entry) => entry.isCoalesce)) {
    const key = keyOf(tally.map, row);
    if (tally.made.has(key)) status = 'updated';
    tally.made.add(key);
  }
  tally.counts = countOutcomes([{ ...outcome, status }], tally.counts);
  for (const note of outcome.notes)
    if (tally.problems.length < mostProblems) tally.problems.push({ row: place, ...note, text: note.text.slice(0, 300) });
};

const stagedRows = (batch: readonly SourceRow[], columns: ReadonlyMap<string, string>): Row[] =>
  batch.map((source) => {
    const row: Record<string, string> = Object.create(null);
    for (const [header, text] of source) {
      const column = columns.get(header);
      if (column) row[column] = text;
    }
    return row;
  });

export const rehearse = async (parts: RehearseParts, job: Row): Promise<RehearsalReport> => {
  const { records, leases } = parts;
  const known = [
    ...(records
      .dictionary()
      .table(job.table_name ?? '')
      ?.fields.values() ?? []),
  ].filter((field) => /^u_/.test(field.element));
  const tallies = (await mapsOfJob(parts.maps, job)).map(
    (map): Tally => ({ map, counts: noCounts, made: new Set(), problems: [] }),
  );
  const newColumns = new Set<string>();
  let bytesRead = 0;
  let place = 0;
  const source = rowsOfJob(parts, job, (bytes) => {
    bytesRead += bytes;
  });
  for await (const batch of inBatches(source, batchSize)) {
    const plans = planColumns(new Set(batch.flatMap((row) => [...row.keys()])), known, 400);
    for (const plan of plans) if (plan.isNew) newColumns.add(plan.element);
    const rows = stagedRows(batch, new Map(plans.map(({ header, element }) => [header, element])));
    for (const tally of tallies) {
      const { map } = tally;
      const run = await openTransform({ ...parts, map, importSet: {}, lane: 'rehearsal', isRehearsal: true });
      const outcomes = await run.rehearse(rows);
      for (const [at, outcome] of outcomes.entries()) tallyRow(tally, rows[at] ?? {}, place + at + 1, outcome);
    }
    place += batch.length;
    const progress = { rows_done: String(place), rows_loaded: String(place), bytes_read: String(bytesRead) };
    await records.write((transaction) => leases.hold(transaction, job.sys_id ?? '', progress));
  }
  await parts.uploads.remove(job.sys_id ?? '');
  return {
    rows: place,
    newColumns: [...newColumns],
    maps: tallies.map(({ map, counts, problems }) => ({
      map: map.name,
      target: map.targetTable,
      counts,
      hasScripts: map.hasScripts,
      problems,
    })),
  };
};
