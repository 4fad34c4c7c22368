// `causeway exchange offboard`: ends a connection. What waits is written to a file before anything goes, and tasks are deleted only by a word
// that somebody types.
import { open, rm } from 'node:fs/promises';
import type { Command as Program } from 'commander';
import type { OffboardPlan } from '../../exchange/offboard/offboard.ts';
import type { World } from '../command.ts';
import type { Remote } from '../remote.ts';
import { describeOffboarding } from './describe.ts';
import { type Flags as Common, connectionPath, open as openExchange, say } from './open_exchange.ts';

type Flags = Common & {
  dryRun?: boolean;
  dropUndelivered?: boolean;
  export?: string;
  deleteTasks?: boolean;
  confirm?: string;
};

const help = `
Examples:
  causeway exchange offboard SBC0001001 --dry-run                                     counts what would go, and what stays
  causeway exchange offboard SBC0001001
  causeway exchange offboard SBC0001001 --export waiting.ndjson --drop-undelivered    where the peer is gone for good
  causeway exchange offboard SBC0001001 --delete-tasks                                asks for the word Delete

The file holds one message a line, as causeway queue export gives them, with the whole payload. Messages that came to wait after it was written
are not dropped. Records that tasks belonged to stay in any case.`;

const word = 'Delete';

interface Exported {
  readonly rows: number;
  readonly newest: string;
}

/** Never over a file that is there: it may hold what exists nowhere else. */
const create = (path: string) =>
  open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === 'EEXIST' ? `${path} is there already: name another file` : `${path} cannot be written: ${error.message}`,
    );
  });

/** On disk when this answers; no file where it fails. The instance gives the oldest first. */
const exportTo = async (path: string, remote: Remote, connection: string): Promise<Exported> => {
  const file = await create(path);
  let [rows, newest] = [0, ''];
  try {
    const parameters = new URLSearchParams({ connection, undelivered: 'true' });
    for await (const line of remote.lines(`/api/sn_transport/queue/export?${parameters}`)) {
      await file.write(`${line}\n`);
      const { sys_id } = JSON.parse(line) as { sys_id: string };
      [rows, newest] = [rows + 1, sys_id];
    }
    await file.sync();
  } catch (error) {
    // Half an export would pass for a whole one.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { rows, newest };
};

const sysIdOf = async (remote: Remote, path: string): Promise<string> => (await remote.get<{ sys_id: string }>(path)).sys_id;

const confirm = async (flags: Flags, world: World, plan: OffboardPlan): Promise<string> => {
  if (flags.confirm !== undefined) return flags.confirm;
  if (!world.readLine) throw new Error(`--delete-tasks takes --confirm ${word}, where nobody can be asked`);
  world.complain(describeOffboarding(plan));
  return world.readLine(`Nothing brings these tasks back. Type ${word} to go on: `);
};

export const addOffboardCommand = (command: Program, world: World): void => {
  command
    .option('--dry-run', 'say what would go, with counts')
    .option('--drop-undelivered', 'also where messages wait that the peer has not got')
    .option('--export <file>', 'write those messages to a new file first')
    .option('--delete-tasks', 'delete its tasks, too, and at a consumer what was offered')
    .option('--confirm <word>', `${word}: the answer for --delete-tasks, where nobody is asked`)
    .addHelpText('after', help)
    .action(async (number: string, flags: Flags) => {
      const instance = openExchange(flags, world);
      const path = connectionPath(number);
      const ask = (more: object): Promise<OffboardPlan> =>
        instance.post(`${path}/offboard`, { delete_tasks: flags.deleteTasks === true, ...more });
      const plan = await ask({ dry_run: true });
      if (flags.dryRun) return say(world, flags, plan, describeOffboarding(plan));
      const confirmed = flags.deleteTasks ? await confirm(flags, world, plan) : '';
      if (flags.deleteTasks && confirmed !== word) throw new Error(`Nothing was changed: that is not the word ${word}`);
      const drop_undelivered = flags.dropUndelivered === true;
      // What will be refused leaves no file behind.
      const file = plan.undelivered === 0 || drop_undelivered ? flags.export : undefined;
      const queue = openExchange(flags, world, 'the role sn_transport.admin or admin');
      const exported = file === undefined ? undefined : await exportTo(file, queue, await sysIdOf(instance, path));
      if (exported) world.complain(`${exported.rows} messages written to ${file}\n`);
      const done = await ask({ drop_undelivered, confirm: confirmed, ...(exported ? { exported } : {}) });
      say(world, flags, done, describeOffboarding(done));
    });
};
