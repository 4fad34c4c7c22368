// The command line: reads arguments, finds the command, says failures as sentences.
// It must not do a command's work.

import { CommanderError, Command as Program } from 'commander';
import about from '../../package.json' with { type: 'json' };
import { isFault } from '../kit/fault.ts';
import { exitCodes, Misuse, type World } from './command.ts';
import { commands } from './commands.ts';

const examples = `
Examples:
  causeway demo                                    an instance with demo data and an identity provider beside it
  causeway start --data ./data --port 8080         an instance of your own
  causeway token inspect eyJhbGciOi…               what a token says
  causeway profile add acme --help                 an account under a name, for commands that call an instance
  causeway start --help                            every setting, with its environment variable

Exit codes: 0 done, 1 it did not work, 2 asked wrongly, 3 the answer is no, 4 warnings. Each --help says which.`;

const describe = (error: unknown): string => {
  if (isFault(error)) return `${error.message}${error.detail === undefined ? '' : `\n  ${error.detail}`}`;
  return error instanceof Error ? error.message : String(error);
};

/** Runs one command line; every failure becomes a sentence and an exit code. */
export const runProgram = async (args: readonly string[], world: World): Promise<void> => {
  const program = new Program('causeway')
    .description('A self-hosted instance that speaks the ServiceNow wire.')
    .version(about.version, '--version', 'display the version')
    .showHelpAfterError('(add --help for examples)')
    .addHelpText('after', examples)
    .configureOutput({ writeOut: world.out, writeErr: world.complain })
    .exitOverride();
  for (const command of commands) command.register(program, world);
  const inherit = (parent: Program): void => {
    for (const child of parent.commands) {
      child.copyInheritedSettings(parent);
      inherit(child);
    }
  };
  inherit(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      world.exitWith(error.exitCode === 0 ? exitCodes.done : exitCodes.misused);
      return;
    }
    world.complain(`causeway: ${describe(error)}\n`);
    world.exitWith(error instanceof Misuse || isFault(error, 'config.invalid') ? exitCodes.misused : exitCodes.failed);
  }
};
