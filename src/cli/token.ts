// `causeway token inspect`: what a token says, and what an instance would do with it and why.
// It must not send the token anywhere but to the instance that was named.
import type { TokenReport } from '../identity/inspect.ts';
import { type Command, exitCodes, type World } from './command.ts';
import { addRemoteOptions, openRemote, type RemoteFlags, readAccount } from './remote.ts';
import { type LooseToken, readLoosely } from './token/read_loosely.ts';
import { describeReport, describeToken } from './token/report.ts';

const help = `
Examples:
  causeway token inspect eyJhbGciOi…                        decode; nothing is sent anywhere
  causeway token inspect $TOKEN --profile acme              what that instance would do with it
  causeway token inspect $TOKEN --json | jq .claims.iss
  causeway demo token | causeway token inspect -            read the token from standard input

The instance runs every check and says what it expected and what came. The token is not used up by this.
Exit codes: 0 readable (and accepted, where an instance was asked), 1 the instance could not be asked, 3 unreadable or refused.`;

const readLocally = (token: string): LooseToken | string => {
  try {
    return readLoosely(token);
  } catch (error) {
    return (error as Error).message;
  }
};

const inspect = async (token: string, flags: RemoteFlags & { json?: boolean }, world: World): Promise<void> => {
  const account = readAccount(flags, world.environment);
  const report =
    account && (await openRemote(account, world.fetcher).post<TokenReport>('/api/causeway/token/inspect', { token }));
  const local = readLocally(token);
  const isReadable = typeof local !== 'string';
  if (flags.json) {
    world.out(`${JSON.stringify(report ?? (isReadable ? local : { error: local }), null, 2)}\n`);
  } else {
    world.out(`${isReadable ? describeToken(local) : `This is not a JSON Web Token: ${local}`}\n`);
    if (report) world.out(`\n${describeReport(report)}\n`);
  }
  const isGood = report ? report.accepted : isReadable;
  world.exitWith(isGood ? exitCodes.done : exitCodes.refused);
};

export const tokenCommand: Command = {
  register(program, world) {
    const command = program
      .command('token')
      .description('Look at tokens.')
      .command('inspect')
      .description('Say what a token holds and, given an instance, what it would do with it.')
      .argument('<token>', 'the token, or - to read it from standard input')
      .option('--json', 'the report as JSON');
    addRemoteOptions(command)
      .addHelpText('after', help)
      .action(async (given: string, flags: RemoteFlags & { json?: boolean }) => {
        const token = given === '-' ? await world.readInput() : given;
        await inspect(token.replace(/^Bearer\s+/i, '').trim(), flags, world);
      });
  },
};
