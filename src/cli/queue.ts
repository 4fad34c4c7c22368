// `causeway queue …`: the transport queue of a running instance, over its REST API.
import { InvalidArgumentError, Option, type Command as Program } from 'commander';
import type { Plan, Requeued } from '../exchange/reprocess/reprocess.ts';
import { type Command, exitCodes, type World } from './command.ts';
import { describePlan, describeRequeued, describeRows, listedColumns } from './queue/describe.ts';
import { reprocessAll } from './queue/reprocess_all.ts';
import { addRemoteOptions, demandAccount, openRemote, type Remote, type RemoteFlags } from './remote.ts';

const base = '/api/sn_transport/queue';

interface Flags extends RemoteFlags {
  json?: boolean;
  connection?: string;
  state?: string;
  errorCode?: string;
  errorClass?: string;
  limit?: string;
  heartbeats?: boolean;
  dryRun?: boolean;
  note?: string;
}

const help = `
Examples:
  causeway queue list --state error
  causeway queue reprocess --connection SBC0001001 --dry-run
  causeway queue reprocess --connection SBC0001001
  causeway queue skip 0199… --note "agreed with Acme"
  causeway queue export --state error > errors.ndjson

Exit codes: 0 done, 1 it did not work (reprocess: rows are still in Error), 2 asked wrongly.`;

const open = (flags: RemoteFlags, world: World): Remote =>
  openRemote(demandAccount(flags, world.environment), world.fetcher, 'the role sn_transport.admin or admin');

const stateOption = (): Option =>
  new Option('--state <state>', 'only this state').choices(['ready', 'running', 'sent', 'processed', 'error', 'skipped']);

const readLimit = (text: string): string => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return text;
};

/** The number that people know, as the row that the queue knows. */
const connectionOf = async (remote: Remote, number: string | undefined): Promise<string | undefined> => {
  if (!number || /^[0-9a-f]{32}$/.test(number)) return number;
  const parameters = new URLSearchParams({ sysparm_query: `connection_id=${number}`, sysparm_fields: 'sys_id' });
  const [row] = await remote.get<{ sys_id: string }[]>(`/api/now/table/sn_sb_connection?${parameters}`);
  if (!row) throw new Error(`There is no connection ${number}`);
  return row.sys_id;
};

const filterOf = async (remote: Remote, flags: Flags): Promise<Record<string, string>> => {
  const connection = await connectionOf(remote, flags.connection);
  return {
    ...(connection ? { connection } : {}),
    ...(flags.state ? { state: flags.state } : {}),
    ...(flags.errorCode ? { error_code: flags.errorCode } : {}),
    ...(flags.errorClass ? { error_class: flags.errorClass } : {}),
  };
};

export const queueCommand: Command = {
  register(program, world) {
    const queue = program.command('queue').description('Look at the transport queue, and send again what failed.');
    queue.addHelpText('after', help);
    const add = (name: string, description: string): Program =>
      addRemoteOptions(queue.command(name).description(description).option('--json', 'the answer as JSON'));
    const filtered = (command: Program): Program =>
      command
        .option('--connection <number>', 'only this connection')
        .option('--error-code <code>', 'only this error code')
        .addOption(new Option('--error-class <class>', 'only this class').choices(['permanent', 'transient', 'auth']));
    const say = (value: unknown, words = `${JSON.stringify(value, null, 2)}\n`, flags: Flags = {}): void =>
      world.out(flags.json ? `${JSON.stringify(value, null, 2)}\n` : words);

    filtered(add('list', 'Rows of the queue.'))
      .addOption(stateOption())
      .option('--heartbeats', 'heartbeats as well')
      .option('--limit <number>', 'at most', readLimit, '50')
      .action(async (flags: Flags) => {
        const remote = open(flags, world);
        const terms = Object.entries(await filterOf(remote, flags)).map(([field, value]) => `${field}=${value}`);
        if (!flags.heartbeats) terms.push('kind!=heartbeat');
        const parameters = new URLSearchParams({
          sysparm_query: [...terms, 'ORDERBYDESCsys_created_on'].join('^'),
          sysparm_fields: listedColumns.join(','),
          sysparm_limit: flags.limit ?? '50',
        });
        const rows = await remote.get<Record<string, string>[]>(`/api/now/table/sn_transport_queue?${parameters}`);
        say(rows, describeRows(rows), flags);
      });

    add('show <id>', 'One row with its payload.').action(async (id: string, flags: Flags) => {
      say(await open(flags, world).get(`/api/now/table/sn_transport_queue/${encodeURIComponent(id)}`));
    });

    filtered(add('reprocess [id...]', 'Send rows in Error again, in their old order: those named, or all that match.'))
      .option('--dry-run', 'say what would be sent')
      .action(async (ids: string[], flags: Flags) => {
        const remote = open(flags, world);
        const filter = { ...(await filterOf(remote, flags)), ...(ids.length > 0 ? { ids } : {}) };
        const ask = <T>(body: object): Promise<T> => remote.post<T>(`${base}/reprocess`, { filter, ...body });
        if (flags.dryRun) {
          const plan = await ask<Plan>({ dry_run: true });
          return say(plan, describePlan(plan), flags);
        }
        const done = await reprocessAll(
          () => ask<Requeued>({}),
          (sent, remaining) => world.complain(`${sent} sent again, ${remaining} in Error\n`),
        );
        say(done, describeRequeued(done), flags);
        if (done.remaining > 0) world.exitWith(exitCodes.failed);
      });

    add('skip <id...>', 'Give rows up for good, so that those behind them may go.')
      .requiredOption('--note <text>', 'why, for the audit')
      .option('--dry-run', 'say whether they can be skipped')
      .action(async (ids: string[], flags: Flags) => {
        const body = { ids, note: flags.note, dry_run: flags.dryRun === true };
        const done = await open(flags, world).post<{ skipped?: number; would_skip?: number }>(`${base}/skip`, body);
        const words = flags.dryRun
          ? `Would skip ${done.would_skip} for good.\n`
          : `Skipped ${done.skipped} for good; the audit keeps the note.\n`;
        say(done, words, flags);
      });

    filtered(add('export', 'Rows as lines of JSON.'))
      .addOption(stateOption())
      .action(async (flags: Flags) => {
        const remote = open(flags, world);
        world.out(await remote.text(`${base}/export?${new URLSearchParams(await filterOf(remote, flags))}`));
      });
  },
};
