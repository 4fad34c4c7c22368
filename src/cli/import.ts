// `causeway import`: a file into a staging table of a running instance and through its transform maps, or a rehearsal of that.
// It must not read the file's contents: the instance knows the formats.
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, exitCodes, type World } from './command.ts';
import { describeJob, type Job, progressLine } from './import/report.ts';
import { addRemoteOptions, demandAccount, openRemote, type RemoteFlags } from './remote.ts';

interface ImportFlags extends RemoteFlags {
  table: string;
  map?: string;
  format?: string;
  label?: string;
  delimiter?: string;
  encoding?: string;
  path?: string;
  sheet?: string;
  headerRow?: string;
  dryRun?: boolean;
  transform: boolean;
  json?: boolean;
}

const help = `
Examples:
  causeway import people.csv --table u_people --map "People to users" --dry-run --profile acme
  causeway import people.xlsx --table u_people --sheet 2
  causeway import feed.json --table u_feed --path result.items --no-transform

The instance works in the background; this command watches. When it is interrupted, the import goes on.
Exit codes: 0 done, 1 the import failed or could not begin, 3 done, and some rows were refused.`;

const lookEveryMs = 300;

const query = (file: string, flags: ImportFlags): string => {
  const given: [string, string | undefined][] = [
    ['table', flags.table],
    ['map', flags.map],
    ['format', flags.format],
    ['label', flags.label],
    ['delimiter', flags.delimiter],
    ['encoding', flags.encoding],
    ['path', flags.path],
    ['sheet', flags.sheet],
    ['header_row', flags.headerRow],
    ['dry_run', flags.dryRun ? 'true' : undefined],
    ['transform', flags.transform ? undefined : 'false'],
    ['file_name', basename(file)],
  ];
  return new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
};

const isOver = ({ state }: Job): boolean => ['complete', 'failed', 'cancelled'].includes(state);

const refusedRows = (job: Job): number =>
  [...job.runs, ...(job.report?.maps.map(({ counts }) => counts) ?? [])].reduce((sum, { errors }) => sum + errors, 0);

const openFile = async (file: string): Promise<Blob> => {
  try {
    if ((await stat(file)).isDirectory()) throw new Error('it is a folder');
    return await openAsBlob(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(`${file} cannot be read: ${isMissing ? 'there is no such file' : (error as Error).message}`);
  }
};

const importFile = async (file: string, flags: ImportFlags, world: World): Promise<void> => {
  const remote = openRemote(
    demandAccount(flags, world.environment),
    world.fetcher,
    'the role import_transformer or import_admin',
  );
  const blob = await openFile(file);
  let job = await remote.send<Job>(`/api/causeway/imports?${query(file, flags)}`, blob, 'application/octet-stream');
  let shown = '';
  while (!isOver(job)) {
    const line = progressLine(job);
    if (line !== shown) world.showProgress?.(line);
    shown = line;
    await world.wait(lookEveryMs);
    job = await remote.get<Job>(`/api/causeway/imports/${job.sys_id}`);
  }
  if (shown !== '') world.showProgress?.('');
  world.out(`${flags.json ? JSON.stringify(job, null, 2) : describeJob(job)}\n`);
  if (job.state !== 'complete') world.exitWith(exitCodes.failed);
  else world.exitWith(refusedRows(job) > 0 ? exitCodes.refused : exitCodes.done);
};

export const importCommand: Command = {
  register(program, world) {
    const command = program
      .command('import')
      .description('Load a CSV, JSON, XML or Excel file into a running instance.')
      .argument('<file>', 'the file')
      .requiredOption('--table <name>', 'staging table; made when there is none (u_…)')
      .option('--map <name>', 'transform map, by name or sys_id; default: every active map of the table, in order')
      .option('--dry-run', 'say what would be inserted, updated, ignored or refused, and write nothing')
      .option('--no-transform', 'load only')
      .option('--format <name>', 'CSV, JSON, XML or Excel; default: by the ending of the file')
      .option('--label <text>', 'label of a staging table that is made')
      .option('--delimiter <text>', 'CSV: between fields')
      .option('--encoding <name>', 'of a text that is not UTF-8, such as windows-1252')
      .option('--header-row <number>', 'CSV and Excel: the row that holds the headers')
      .option('--sheet <number or name>', 'Excel: which sheet')
      .option('--path <path>', 'JSON and XML: the way to the rows, such as $.result.items or //item')
      .option('--json', 'the report as JSON');
    addRemoteOptions(command)
      .addHelpText('after', help)
      .action((file: string, flags: ImportFlags) => importFile(file, flags, world));
  },
};
