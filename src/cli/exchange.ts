// `causeway exchange …`: connections to other instances, over the REST API of a running one. What is asked is shown before it is done.
import type { Command as Program } from 'commander';
import { makeRestInstance } from '../doctor/rest_reader.ts';
import type { OfferReport } from '../exchange/admin/offers.ts';
import type { ConnectionReport } from '../exchange/admin/report.ts';
import { type Command, exitCodes } from './command.ts';
import { addAddressCommand } from './exchange/address.ts';
import { addAuthCommands } from './exchange/auth.ts';
import { addCloneCommands, describeIdentity, readIdentity } from './exchange/clone.ts';
import { describeConnections } from './exchange/describe.ts';
import { addOffboardCommand } from './exchange/offboard.ts';
import { describeGesture, describeOffers } from './exchange/offers.ts';
import { base, connectionPath, type Flags, open, say } from './exchange/open_exchange.ts';
import { addRegisterCommands } from './exchange/register.ts';
import { rehearseMistake } from './exchange/rehearse.ts';
import { addRemoteOptions, demandAccount } from './remote.ts';

const help = `
Examples:
  causeway exchange invite --company Acme --peer https://consumer.example.com     on the provider: prints a code
  causeway exchange accept CWX1-…                                                  on the consumer
  causeway exchange status                                                         both directions, with the reason
  causeway exchange definitions                                                    what is shared, and what is offered
  causeway exchange abort SBC0001001 --dry-run
  causeway exchange offboard SBC0001001 --dry-run                                  what would go with a connection
  causeway exchange adopt --dry-run                                                after a restored database, a copy or a move

The code is shown once, is good for one instance and some days, and is given by hand: it goes into no address.
Exit codes: 0 done, 1 it did not work, 2 asked wrongly, 3 the answer is no (status: something is Down; auth … --dry-run: a side is not ready).`;

const isFine = ({ state, outbound, inbound }: ConnectionReport): boolean =>
  state !== 'onboarded' || (outbound.status !== 'Down' && inbound.status !== 'Down');

export const exchangeCommand: Command = {
  register(program, world) {
    const exchange = program
      .command('exchange')
      .description('Connect this instance with others, and look after the connections.');
    exchange.addHelpText('after', help);
    const add = (name: string, description: string): Program =>
      addRemoteOptions(exchange.command(name).description(description).option('--json', 'the answer as JSON'));

    addRegisterCommands(add, world);

    add('status [number]', 'How each connection stands, per direction, and why.').action(
      async (number: string | undefined, flags: Flags) => {
        const remote = open(flags, world);
        const reports = number
          ? [await remote.get<ConnectionReport>(connectionPath(number))]
          : await remote.get<ConnectionReport[]>(`${base}/connections`);
        const identity = await readIdentity(remote);
        say(world, flags, reports, `${describeIdentity(identity)}${describeConnections(reports)}`);
        world.exitWith(reports.every(isFine) && identity.commands.length === 0 ? exitCodes.done : exitCodes.refused);
      },
    );

    for (const [name, description] of [
      ['retry', 'Go on with a registration, or look at a connection at once.'],
      ['probe', 'Shake hands and send a heartbeat at once.'],
    ] as const) {
      add(`${name} <number>`, description).action(async (number: string, flags: Flags) => {
        const report = await open(flags, world).post<ConnectionReport>(connectionPath(number, name), {});
        say(world, flags, report, describeConnections([report]));
      });
    }

    add('definitions', 'What is shared with other organisations, and what they offer.').action(async (flags: Flags) => {
      const offers = await open(flags, world).get<OfferReport[]>(`${base}/definitions`);
      say(world, flags, offers, describeOffers(offers));
    });

    for (const [name, description] of [
      ['publish', 'Offer a definition or an item, by its name or sys_id, to the consumers it is meant for.'],
      ['activate', 'Take over what a provider offers, by its name or sys_id.'],
    ] as const) {
      add(`${name} <definition>`, description)
        .option('--dry-run', 'say what would be done')
        .action(async (definition: string, flags: Flags & { dryRun?: boolean }) => {
          const body = { definition, dry_run: flags.dryRun === true };
          const offer = await open(flags, world).post<OfferReport>(`${base}/definitions/${name}`, body);
          say(world, flags, offer, describeGesture(offer, body.dry_run));
        });
    }
    addCloneCommands(add, world);
    addAuthCommands(exchange, world);

    add('rehearse <number>', 'Make the mistake that takes a connection down, to see what it looks like.').action(
      async (number: string, flags: Flags) => {
        const { fetcher, clock } = world;
        const instance = makeRestInstance({ ...demandAccount(flags, world.environment), fetcher, now: clock.now });
        const done = await rehearseMistake(instance, number);
        say(world, flags, done, `${done.join('\n')}\nNow: causeway doctor\n`);
      },
    );

    addAddressCommand(add('address <number>', 'The peer lives at another address from now on.'), world);

    addOffboardCommand(add('offboard <number>', 'End a connection that works, and remove its records on this side.'), world);

    add('abort <number>', 'End a registration that is not complete, and remove what it made.')
      .option('--dry-run', 'say what would be done')
      .option('--force', 'also where the provider cannot be told')
      .action(async (number: string, flags: Flags & { dryRun?: boolean; force?: boolean }) => {
        const body = { dry_run: flags.dryRun === true, force: flags.force === true };
        const done = await open(flags, world).post<{ plan: string[]; applied: boolean }>(connectionPath(number, 'abort'), body);
        const lines = done.plan.map((line) => `  ${done.applied ? 'done: ' : 'would: '}${line}`);
        say(world, flags, done, `${lines.join('\n')}\n`);
      });
  },
};
