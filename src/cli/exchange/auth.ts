// `causeway exchange auth …`: new credentials for a connection, on both sides at once.
import type { Command as Program } from 'commander';
import type { ConnectionReport } from '../../exchange/admin/report.ts';
import type { ChangeReport } from '../../exchange/auth_change/auth_changes.ts';
import { exitCodes, type World } from '../command.ts';
import { addRemoteOptions } from '../remote.ts';
import { describeConnections } from './describe.ts';
import { connectionPath, type Flags, open, say } from './open_exchange.ts';

const help = `
Examples:
  causeway exchange auth upgrade SBC0001001 --dry-run     looks at both sides, and changes nothing
  causeway exchange auth upgrade SBC0001001
  causeway exchange auth rotate SBC0001001                new secrets; the old ones are taken for an hour more
  causeway exchange auth abort SBC0001001                 back to the old credentials, while a change is under way

A new pair is minted beside the old one, stored by the peer, proven in both directions, and only then used. Whatever fails takes everything back.`;

const describe = (report: ChangeReport): string => {
  const lines = report.checks.map(
    ({ side, check, ok, detail }) => `  ${ok ? 'ok  ' : 'FAIL'}  ${side.padEnd(5)} ${check.padEnd(12)} ${detail}`,
  );
  const end = report.applied
    ? `${report.message}${report.grace_until === '' ? '' : ` The old credentials are kept until ${report.grace_until} UTC.`}`
    : report.ready
      ? 'Nothing was changed. Both sides are ready.'
      : 'Nothing was changed. Mend what failed first.';
  return `${lines.join('\n')}\n${end}\n`;
};

export const addAuthCommands = (exchange: Program, world: World): void => {
  const auth = exchange.command('auth').description('New credentials for a connection, on both sides at once.');
  auth.addHelpText('after', help);
  const add = (name: string, description: string): Program =>
    addRemoteOptions(auth.command(name).description(description).option('--json', 'the answer as JSON'));

  for (const [verb, description] of [
    ['upgrade', 'Move a connection of the older kind to Client Credentials.'],
    ['rotate', 'Give a connection new secrets.'],
  ] as const) {
    add(`${verb} <number>`, description)
      .option('--dry-run', 'look at both sides, and change nothing')
      .option('--enable-grant', 'turn the client credentials grant on here where it is off')
      .action(async (number: string, flags: Flags & { dryRun?: boolean; enableGrant?: boolean }) => {
        const body = { dry_run: flags.dryRun === true, enable_grant: flags.enableGrant === true };
        const report = await open(flags, world).post<ChangeReport>(connectionPath(number, `auth/${verb}`), body);
        say(world, flags, report, describe(report));
        world.exitWith(report.ready ? exitCodes.done : exitCodes.refused);
      });
  }
  add('abort <number>', 'Go back to the old credentials, while a change is under way.').action(
    async (number: string, flags: Flags) => {
      const report = await open(flags, world).post<ConnectionReport>(connectionPath(number, 'auth/abort'), {});
      say(world, flags, report, describeConnections([report]));
    },
  );
};
