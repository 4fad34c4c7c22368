// `causeway start`: one instance, until it is told to stop.
import type { Command } from './command.ts';
import { addSettingsOptions, settingsFrom } from './settings_options.ts';

/** A predecessor that was killed may hold its port for a moment longer. */
const portPatienceMs = 3_000;

const help = `
Examples:
  causeway start                                           SQLite in ./data, http://127.0.0.1:8080, this machine only
  causeway start --demo-data --port 9000                   with a few people, groups and incidents
  causeway start --database postgres://me:pw@db:5432/causeway --base-url https://causeway.example.com --host 0.0.0.0
  CAUSEWAY_ADMIN_PASSWORD=… causeway start                 choose the first password of admin instead of having one made

Says "causeway ready <base url>" on standard output when it can serve. SIGTERM finishes what is running and ends with code 0.`;

const passwordNotice = (password: string): string =>
  `The password of admin is ${password}\nIt is shown this once: keep it, or change it through the Table API.\n`;

export const startCommand: Command = {
  register(program, world) {
    const command = program.command('start').description('Run an instance.').addHelpText('after', help);
    addSettingsOptions(command).action(async (flags: Record<string, unknown>) => {
      const settings = settingsFrom(flags, world.environment);
      // An instance is much to load: other commands, and every --help, do without.
      const { startInstance } = await import('../instance.ts');
      const instance = await startInstance({
        settings,
        clock: world.clock,
        random: world.random,
        showPassword: (password) => world.complain(passwordNotice(password)),
        copyTo: settings.logStdout ? world.out : undefined,
        patience: { forMs: portPatienceMs, wait: world.wait },
      });
      world.out(`causeway ready ${instance.baseUrl}\n`);
      await world.untilStopped(instance.stop);
    });
  },
};
