// `causeway exchange address`: the peer lives elsewhere from now on.
import type { Command as Program } from 'commander';
import type { MovePlan } from '../../exchange/connection/move_peer.ts';
import type { World } from '../command.ts';
import type { Remote, RemoteFlags } from '../remote.ts';

type Flags = RemoteFlags & { json?: boolean; dryRun?: boolean; peer: string };

const describe = ({ connection_id, from, to, applied }: MovePlan): string =>
  from === to
    ? `${connection_id} calls ${to} already.\n`
    : applied
      ? `${connection_id} calls ${to} from now on, and ${from} no more. causeway exchange status ${connection_id} shows how that goes.\n`
      : `${connection_id} would call ${to} instead of ${from}. Nothing was changed.\n`;

export const addAddressCommand = (
  command: Program,
  world: World,
  parts: {
    base: string;
    open: (flags: RemoteFlags, world: World) => Remote;
    say: (world: World, flags: Flags, value: unknown, words: string) => void;
  },
): void => {
  const { base, open, say } = parts;
  command
    .requiredOption('--peer <url>', 'where it lives now')
    .option('--dry-run', 'say what would be done')
    .action(async (number: string, flags: Flags) => {
      const body = { peer: flags.peer, dry_run: flags.dryRun === true };
      const path = `${base}/connections/${encodeURIComponent(number)}/address`;
      const plan = await open(flags, world).post<MovePlan>(path, body);
      say(world, flags, plan, describe(plan));
    });
};
