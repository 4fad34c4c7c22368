// What an import did, or would do, as lines for a person. Pure.

export interface Counts {
  total: number;
  inserts: number;
  updates: number;
  ignored: number;
  skipped: number;
  errors: number;
}

export interface Job {
  sys_id: string;
  state: string;
  phase: string;
  dry_run: boolean;
  import_set: string;
  rows_loaded: number;
  rows_done: number;
  bytes_read: number;
  bytes_total: number;
  message: string;
  report: {
    rows: number;
    newColumns: string[];
    maps: {
      map: string;
      target: string;
      counts: Counts;
      hasScripts: boolean;
      problems: { row: number; field: string; code: number; text: string }[];
    }[];
  } | null;
  runs: (Counts & { map: string; state: string; message: string })[];
}

const countsText = (counts: Counts, would: boolean): string => {
  const verb = would ? 'would be ' : '';
  return `${counts.inserts} ${verb}inserted, ${counts.updates} ${verb}updated, ${counts.ignored} ${verb}ignored, ${counts.skipped} ${verb}skipped, ${counts.errors} ${verb}refused`;
};

const width = 20;

/** One line, from the bytes read while loading and the rows done while transforming. */
export const progressLine = (job: Job): string => {
  const isLoading = job.phase === 'load';
  const [part, whole] = isLoading ? [job.bytes_read, job.bytes_total] : [job.rows_done, job.rows_loaded];
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const bar = '#'.repeat(Math.round(share * width)).padEnd(width, '.');
  const what = isLoading ? `reading, ${job.rows_loaded} rows` : `transforming, ${job.rows_done} of ${job.rows_loaded} rows`;
  return `[${bar}] ${String(Math.round(share * 100)).padStart(3)} %  ${what}`;
};

export const describeJob = (job: Job): string => {
  const lines: string[] = [];
  if (job.message) lines.push(job.message);
  if (job.report) {
    lines.push(`Dry run: ${job.report.rows} rows read, nothing written.`);
    if (job.report.newColumns.length > 0) lines.push(`Columns that would be made: ${job.report.newColumns.join(', ')}`);
    for (const { map, target, counts, hasScripts, problems } of job.report.maps) {
      lines.push(`${map} into ${target}: ${countsText(counts, true)}`);
      if (hasScripts) lines.push('  Its scripts were not run; they may change the figures.');
      for (const { row, field, code, text } of problems)
        lines.push(`  row ${row}${field ? `, ${field}` : ''}: ${text} (${code})`);
    }
    if (job.report.maps.length === 0) lines.push('No active transform map leads from this table: rows would be loaded only.');
  } else if (job.import_set) {
    lines.push(`${job.rows_loaded} rows loaded, import set ${job.import_set}`);
    for (const run of job.runs) lines.push(`${run.message || countsText(run, false)}`);
    if (job.runs.some((run) => run.errors > 0))
      lines.push(`Why rows failed: table sys_import_set_row_error, import_set=${job.import_set}`);
  }
  return lines.join('\n');
};
