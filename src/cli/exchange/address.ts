// `causeway exchange address`: the peer lives elsewhere from now on.
import type { Command as Program } from 'commander';
import type { MovePlan } from '../../exchange/connection/move_peer.ts';
import type { World } from '../command.ts';
import { connectionPath, type Flags, open, say } from './open_exchange.ts';

const describe = ({ connection_id, from, to, applied }: MovePlan): string =>
  from === to
    ? `${connection_id} calls ${to} already.\n`
    : applied
      ? `${connection_id} calls ${to} from now on, and ${from} no more. causeway exchange status ${connection_id} shows how that goes.\n`
      : `${connection_id} would call ${to} instead of ${from}. Nothing was changed.\n`;

export const addAddressCommand = (command: Program, world: World): void => {
  command
    .requiredOption('--peer <url>', 'where it lives now')
    .option('--dry-run', 'say what would be done')
    .action(async (number: string, flags: Flags & { dryRun?: boolean; peer: string }) => {
      const body = { peer: flags.peer, dry_run: flags.dryRun === true };
      const plan = await open(flags, world).post<MovePlan>(connectionPath(number, 'address'), body);
      say(world, flags, plan, describe(plan));
    });
};
