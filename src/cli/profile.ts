// `causeway profile …`: accounts under a name, so that no password stands on a command line.
// It must not show a password, and asks no instance.
import { type Command, exitCodes, Misuse, type World } from './command.ts';
import { profileFile, readProfiles, writeProfiles } from './profile/profiles.ts';
import { readAddress } from './remote.ts';

const help = `
Examples:
  causeway profile add acme --instance https://causeway.example.com --user admin     asks for the password, and does not show it
  causeway profile add acme --instance https://causeway.example.com --user admin < password.txt
  causeway doctor --profile acme
  export CAUSEWAY_PROFILE=acme                                                        for every command that follows
  causeway profile list
  causeway profile remove acme

Profiles are kept in $XDG_CONFIG_HOME/causeway/profiles.json (~/.config/… where that is not set), for your eyes only: a file that
others can open is refused. The password is kept as it is; whoever can read your files can read it.`;

const namePattern = /^[A-Za-z0-9][\w.-]{0,63}$/;

const add = async (name: string, flags: { instance: string; user: string }, world: World): Promise<void> => {
  if (!namePattern.test(name)) throw new Misuse('The name of a profile is made of letters, digits, dots, dashes and underscores');
  const instance = readAddress(flags.instance).href;
  const file = profileFile(world.environment);
  const profiles = readProfiles(file);
  const password = await world.readSecret(`Password of ${flags.user} at ${instance}: `);
  if (password === '') throw new Misuse('There is no password; nothing was changed');
  const verb = profiles.has(name) ? 'Replaced' : 'Added';
  writeProfiles(file, profiles.set(name, { instance, user: flags.user, password }));
  world.out(`${verb} ${name} in ${file}. Use it with --profile ${name}, or with CAUSEWAY_PROFILE=${name} in the environment.\n`);
};

const list = (flags: { json?: boolean }, world: World): void => {
  const shown = [...readProfiles(profileFile(world.environment))].map(([name, { instance, user }]) => ({ name, instance, user }));
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, instance, user }) => `${name.padEnd(width)}  ${instance}  ${user}\n`);
  const words = lines.length === 0 ? 'There are no profiles yet: causeway profile add --help\n' : lines.join('');
  world.out(flags.json ? `${JSON.stringify(shown, null, 2)}\n` : words);
};

const remove = (name: string, world: World): void => {
  const file = profileFile(world.environment);
  const profiles = readProfiles(file);
  if (!profiles.delete(name)) {
    world.complain(`causeway: There is no profile "${name}" in ${file}\n`);
    world.exitWith(exitCodes.failed);
    return;
  }
  writeProfiles(file, profiles);
  world.out(`Removed ${name}.\n`);
};

export const profileCommand: Command = {
  register(program, world) {
    const profile = program
      .command('profile')
      .description('Accounts of instances under a name, instead of passwords on command lines.');
    profile.addHelpText('after', help);
    profile
      .command('add <name>')
      .description('Keep an account under a name; the password is asked for, or read from standard input.')
      .requiredOption('--instance <url>', 'address of the instance')
      .requiredOption('--user <name>', 'user name')
      .action((name: string, flags: { instance: string; user: string }) => add(name, flags, world));
    profile
      .command('list')
      .description('Names, addresses and users.')
      .option('--json', 'as JSON')
      .action((flags: { json?: boolean }) => list(flags, world));
    profile
      .command('remove <name>')
      .description('Forget an account.')
      .action((name: string) => remove(name, world));
  },
};
