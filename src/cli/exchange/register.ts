// `causeway exchange invite` on the provider and `accept` on the consumer: a connection is made of both.
import { Option, type Command as Program } from 'commander';
import type { ConnectionReport } from '../../exchange/admin/report.ts';
import type { Invited } from '../../exchange/registration/invite.ts';
import { exitCodes, type World } from '../command.ts';
import { describeConnections } from './describe.ts';
import { base, type Flags, open, say } from './open_exchange.ts';

const describePlan = (plan: readonly string[]): string => plan.map((line) => `  would: ${line}\n`).join('');

const describeInvited = ({ code, connectionId, expires }: Invited): string =>
  `${code}\n\nConnection ${connectionId}, good until ${expires} UTC. On the consumer:\n  causeway exchange accept <code>\n`;

type InviteFlags = Flags & {
  company: string;
  peer: string;
  channel?: string;
  auth?: string;
  enableGrant?: boolean;
  dryRun?: boolean;
};

export const addRegisterCommands = (add: (name: string, description: string) => Program, world: World): void => {
  const registering = (name: string, description: string): Program =>
    add(name, description)
      .option('--enable-grant', 'turn the client credentials grant on where it is off')
      .option('--dry-run', 'say what would be done');

  registering('invite', 'Make an invitation code for a consumer.')
    .requiredOption('--company <name>', 'the consumer, as it is called here')
    .requiredOption('--peer <url>', 'address of its instance')
    .option('--channel <name>', 'a name, where there are several connections to one instance')
    .addOption(new Option('--auth <way>', 'legacy: by password and refresh tokens').choices(['client_credentials', 'legacy']))
    .action(async (flags: InviteFlags) => {
      const body = {
        company: flags.company,
        peer: flags.peer,
        ...(flags.channel ? { channel: flags.channel } : {}),
        ...(flags.auth ? { auth: flags.auth } : {}),
        enable_grant: flags.enableGrant === true,
        dry_run: flags.dryRun === true,
      };
      const made = await open(flags, world).post<Invited>(`${base}/invite`, body);
      say(world, flags, made, body.dry_run ? describePlan(made.plan) : describeInvited(made));
    });

  registering('accept <code>', 'Accept the invitation of a provider; - reads it from standard input.')
    .option('--company <name>', 'the provider, as it is called here')
    .action(async (given: string, flags: Flags & { company?: string; enableGrant?: boolean; dryRun?: boolean }) => {
      const code = given === '-' ? (await world.readInput()).trim() : given;
      const body = { code, company: flags.company ?? '', enable_grant: flags.enableGrant === true };
      const accept = <T>(more: object = {}): Promise<T> => open(flags, world).post<T>(`${base}/accept`, { ...body, ...more });
      if (flags.dryRun) {
        const planned = await accept<{ plan: readonly string[] }>({ dry_run: true });
        return say(world, flags, planned, describePlan(planned.plan));
      }
      const report = await accept<ConnectionReport>();
      say(world, flags, report, describeConnections([report]));
      if (report.state !== 'onboarded') world.exitWith(exitCodes.failed);
    });
};
