// A dry run: reads the file, plans every row against the records as they are, writes none, and says what would become of them.
// Scripts are not run, because what they do cannot be taken back; the report says where there are some. The file is read twice: rows with
// the same keys are rehearsed together, in their order, so that the figures are those of the import itself.
import { sha256Hex } from '../../kit/fingerprint.ts';
import type { Records, Row, Values } from '../../records/records.ts';
import { type ColumnPlan, planRows } from '../column_names.ts';
import { rowsAtOnce } from '../rows_at_once.ts';
import type { SourceRow } from '../source_row.ts';
import { mostColumns, ownColumns } from '../staging_tables.ts';
import { type Counts, countOutcomes, noCounts, type RowOutcome } from '../transform/outcome.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMap, TransformMaps } from '../transform/transform_map.ts';
import { openTransform } from '../transform/transformer.ts';
import type { Leases } from './leases.ts';
import { inBatches } from './load.ts';
import { rowsOfJob, type SourceParts } from './open_source.ts';
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

const mostProblems = 50;
/** Keys are told apart by this many characters of a digest: a million of them take some dozens of megabytes, whatever their length. */
const digestLength = 22;

interface Tally {
  readonly map: TransformMap;
  counts: Counts;
  readonly problems: Array<RehearsalReport['maps'][number]['problems'][number]>;
  /** Keys of more than one row: what becomes of the second depends on what the first made. */
  readonly repeated: ReadonlySet<string>;
  /** The rows that have them, to be rehearsed together. */
  readonly held: Map<string, PlacedRow[]>;
}

interface PlacedRow {
  readonly row: Row;
  /** From 1, in the file. */
  readonly place: number;
}

/** '' where the map never looks for a record by what stands in the file. */
const keyOf = (map: TransformMap, row: Row): string => {
  const coalescing = map.entries.filter((entry) => entry.isCoalesce && !entry.script);
  if (coalescing.length === 0) return '';
  const texts = coalescing.map((entry) => (row[entry.sourceField] ?? '').trim().toLowerCase());
  return sha256Hex(JSON.stringify(texts)).slice(0, digestLength);
};

const tallyRow = (tally: Tally, place: number, outcome: RowOutcome): void => {
  tally.counts = countOutcomes([outcome], tally.counts);
  for (const note of outcome.notes)
    if (tally.problems.length < mostProblems) tally.problems.push({ row: place, ...note, text: note.text.slice(0, 300) });
};

const stagedRows = (batch: readonly SourceRow[], plans: readonly ColumnPlan[]): Row[] =>
  batch.map((source) => {
    const row: Record<string, string> = Object.create(null);
    for (const { header, element } of plans) {
      const text = source.get(header);
      if (text !== undefined) row[element] = text;
    }
    return row;
  });

/** The rows as they would be staged, a batch at a time. */
async function* stagedBatches(
  parts: RehearseParts,
  job: Row,
  counted: (bytes: number) => void,
): AsyncIterable<{ readonly rows: readonly Row[]; readonly newColumns: readonly string[] }> {
  const table = parts.records.dictionary().table(job.table_name ?? '');
  const known = table ? ownColumns(table) : [];
  for await (const batch of inBatches(rowsOfJob(parts, job, counted))) {
    const { plans, rows } = planRows(batch, known, Math.max(0, mostColumns - known.length));
    yield { rows: stagedRows(rows, plans), newColumns: plans.filter((plan) => plan.isNew).map((plan) => plan.element) };
  }
}

const repeatedKeys = async (parts: RehearseParts, job: Row, maps: readonly TransformMap[]): Promise<Set<string>[]> => {
  const seen = maps.map(() => new Set<string>());
  const repeated = maps.map(() => new Set<string>());
  for await (const { rows } of stagedBatches(parts, job, () => {})) {
    for (const [at, map] of maps.entries()) {
      for (const key of rows.map((row) => keyOf(map, row))) {
        if (key === '') continue;
        if (seen[at]?.has(key)) repeated[at]?.add(key);
        seen[at]?.add(key);
      }
    }
  }
  return repeated;
};

/** Batches of whole groups: rows of one key are never in two. */
function* wholeGroups(held: Iterable<readonly PlacedRow[]>): Iterable<readonly PlacedRow[]> {
  let batch: PlacedRow[] = [];
  for (const group of held) {
    batch.push(...group);
    if (batch.length < rowsAtOnce(Object.keys(group[0]?.row ?? {}).length)) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

export const rehearse = async (parts: RehearseParts, job: Row): Promise<RehearsalReport> => {
  const { records, leases } = parts;
  const hold = (progress: Values) => records.write((transaction) => leases.hold(transaction, job.sys_id ?? '', progress));
  const maps = await mapsOfJob(parts.maps, job);
  const repeated = await repeatedKeys(parts, job, maps);
  const tallies = maps.map(
    (map, at): Tally => ({ map, counts: noCounts, problems: [], repeated: repeated[at] ?? new Set(), held: new Map() }),
  );
  const tell = async (tally: Tally, placed: readonly PlacedRow[]): Promise<void> => {
    const { map } = tally;
    const run = await openTransform({ ...parts, map, importSet: {}, lane: 'rehearsal', isRehearsal: true });
    const outcomes = await run.rehearse(placed.map(({ row }) => row));
    for (const [at, outcome] of outcomes.entries()) tallyRow(tally, placed[at]?.place ?? 0, outcome);
  };
  const newColumns = new Set<string>();
  let bytesRead = 0;
  let place = 0;
  const batches = stagedBatches(parts, job, (bytes) => {
    bytesRead += bytes;
  });
  for await (const { rows, newColumns: more } of batches) {
    for (const element of more) newColumns.add(element);
    const placed = rows.map((row, at) => ({ row, place: place + at + 1 }));
    place += rows.length;
    for (const tally of tallies) {
      const now: PlacedRow[] = [];
      for (const each of placed) {
        const key = keyOf(tally.map, each.row);
        if (!tally.repeated.has(key)) {
          now.push(each);
          continue;
        }
        const group = tally.held.get(key) ?? [];
        group.push(each);
        tally.held.set(key, group);
      }
      await tell(tally, now);
    }
    await hold({ rows_done: String(place), rows_loaded: String(place), bytes_read: String(bytesRead) });
  }
  for (const tally of tallies) {
    for (const group of wholeGroups(tally.held.values())) {
      await tell(tally, group);
      await hold({});
    }
    tally.problems.sort((one, other) => one.row - other.row);
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
