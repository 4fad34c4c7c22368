// `causeway exchange adopt` and `detach`: what an administrator says of an instance whose database was restored or copied.
import type { Command as Program } from 'commander';
import type { AdoptReport, DetachReport, IdentityReport } from '../../exchange/incarnation/succession.ts';
import type { World } from '../command.ts';
import type { Remote } from '../remote.ts';
import { describeRemoval } from './describe.ts';
import { type Flags as Common, open, say } from './open_exchange.ts';

const base = '/api/sn_sb/exchange_identity';

type Flags = Common & { dryRun?: boolean; force?: boolean };

const help = `
An instance stands still, and says so, when its database was restored, copied or moved: it might be a copy beside an instance that goes on.
  causeway exchange status                  says that it stands still, and why
  causeway exchange adopt --dry-run         this is the successor: what will be compared with the peers
  causeway exchange adopt
  causeway exchange detach --dry-run        this is a copy: which connections go from here
  causeway exchange detach
Neither the peers nor the original hear of a copy that is detached. Of two that are adopted one after the other, the later one counts.`;

export const readIdentity = (remote: Remote): Promise<IdentityReport> => remote.get<IdentityReport>(base);

/** '' where all is well. */
export const describeIdentity = ({ quarantined, detail, incarnation, commands }: IdentityReport): string =>
  commands.length === 0
    ? ''
    : [
        quarantined
          ? 'THIS INSTANCE IS QUARANTINED: nothing is sent or taken.'
          : 'A PEER HAS HEARD OF ANOTHER ONE OF THIS INSTANCE: nothing moves on that connection.',
        `  ${detail} (incarnation ${incarnation})`,
        '  It is the successor of what ran before:  causeway exchange adopt',
        '  It is a copy, and the original goes on:   causeway exchange detach',
        '  Both take --dry-run.',
        '',
        '',
      ].join('\n');

const describeAdoption = ({ applied, plan, to }: AdoptReport): string =>
  [
    ...plan.map((line) => `  ${applied ? '' : 'would '}${line}`),
    applied ? `Adopted: this is incarnation ${to} now. causeway exchange status shows what was found.` : 'Nothing was changed.',
    '',
  ].join('\n');

const describeDetachment = ({ applied, connections, registrations, from, to }: DetachReport): string =>
  [
    ...connections.map(describeRemoval),
    ...(registrations > 0 ? [`${registrations} open registrations ${applied ? 'were' : 'would be'} ended.\n`] : []),
    applied
      ? `Detached: this is ${to} now, and no longer ${from}. Neither its peers nor the original were told.\n`
      : `Nothing was changed. Neither the peers nor the original ${from} would be told.\n`,
  ].join('');

export const addCloneCommands = (add: (name: string, description: string) => Program, world: World): void => {
  add('adopt', 'Say that this restored or moved instance is the successor: it goes on, and catches up with its peers.')
    .option('--dry-run', 'say what would be done')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      const report = await open(flags, world).post<AdoptReport>(`${base}/adopt`, { dry_run: flags.dryRun === true });
      say(world, flags, report, describeAdoption(report));
    });
  add('detach', 'Say that this instance is a copy: its connections go from here, and nobody else hears of it.')
    .option('--dry-run', 'say what would go, with counts')
    .option('--force', 'also where nothing says that it is a copy')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      const body = { dry_run: flags.dryRun === true, force: flags.force === true };
      const report = await open(flags, world).post<DetachReport>(`${base}/detach`, body);
      say(world, flags, report, describeDetachment(report));
    });
};
