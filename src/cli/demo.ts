// `causeway demo`: an instance with demo data and a real identity provider beside it, registered with each other.
// `causeway demo token`: a fresh ID token from the provider of a running demo.
import { Option } from 'commander';
import type { Command } from './command.ts';
import { readDemoNote } from './demo/demo_note.ts';
import { obtainIdToken } from './demo/obtain_id_token.ts';
import { demoPeople, demoPerson } from './demo/people.ts';
import { addSettingsOptions, settingsFrom } from './settings_options.ts';

const usual = { data: './data/demo', demoData: 'true', logStdout: 'false' } as const;

const help = `
Examples:
  causeway demo                       comes up in a few seconds and says what to try
  causeway demo --port 9000           the provider takes the next port
  TOKEN=$(causeway demo token)        while the demo runs, in another terminal

A port that is taken is replaced by a free one. The data stays in ./data/demo; the password of admin is new at every start.`;

const tokenHelp = `
Examples:
  causeway demo token --person mei.tanaka
  curl -H "Authorization: Bearer $(causeway demo token)" http://127.0.0.1:8080/api/now/table/incident
  causeway demo token | causeway token inspect -`;

export const demoCommand: Command = {
  register(program, world) {
    const demo = program.command('demo').description('Run an instance with demo data and an identity provider beside it.');
    addSettingsOptions(demo, usual)
      .addHelpText('after', help)
      .action(async (flags: Record<string, unknown>) => {
        const settings = settingsFrom(flags, world.environment, usual);
        // An instance is much to load: other commands, and every --help, do without.
        const { runDemo } = await import('./demo/run_demo.ts');
        await runDemo(settings, world);
      });
    demo
      .command('token')
      .description('Print a fresh ID token from the provider of the running demo.')
      .addOption(new Option('--person <user name>', 'whose token').choices([...demoPeople.keys()]).default(demoPerson))
      .addHelpText('after', tokenHelp)
      .action(async (flags: { person: string }) => {
        const { data } = settingsFrom(demo.opts(), world.environment, usual);
        const note = await readDemoNote(data);
        world.out(`${await obtainIdToken({ ...note, fetcher: world.fetcher, person: flags.person })}\n`);
      });
  },
};
