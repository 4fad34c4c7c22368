// `causeway doctor`: what is wrong with the connections of an instance, on one side or both, and `--fix` for what it can mend.
// It reads and changes through the public REST API only.
import { checks } from '../doctor/checks/index.ts';
import { examine } from '../doctor/examine.ts';
import { applyFixes, type FixScope } from '../doctor/fix.ts';
import { makeFixDocument, makeReport } from '../doctor/report.ts';
import { makeRestInstance, type RestInstance } from '../doctor/rest_reader.ts';
import { type Command, exitCodes, Misuse, type World } from './command.ts';
import { describeFix, describeReport, type Telling } from './doctor/describe.ts';
import { addRemoteOptions, demandAccount, type RemoteFlags, readAddress } from './remote.ts';

const help = `
Look
  causeway doctor --profile acme               an account kept with causeway profile add
  causeway doctor                              with CAUSEWAY_PROFILE, or CAUSEWAY_INSTANCE, CAUSEWAY_USER and CAUSEWAY_PASSWORD
  causeway doctor --connection SBC0001001      one connection only
  causeway doctor --json | jq '.findings[] | {code, side, summary}'

Look at both ends of a connection at once: which side is at fault, and which record
  causeway doctor --profile acme --peer-profile globex

Repair: show it, then do it and look again
  causeway doctor --fix AUTH-01,AUTH-02
  causeway doctor --fix AUTH-01,AUTH-02 --yes

Watch from a scheduler: the exit code says how bad it is
  causeway doctor --json > report.json || mail -s "exchange: $?" ops@example.com < report.json

An account with the role sn_sb.read sees most of it; what it could not see is listed, never taken for healthy.

Exit codes: 0 healthy (notes alone count as healthy), 4 warnings, 3 errors or critical findings,
            1 an instance could not be asked, or a fix did not help, 2 asked wrongly.`;

interface Flags extends RemoteFlags {
  peerProfile?: string;
  peerInstance?: string;
  peerUser?: string;
  peerPassword?: string;
  connection?: string;
  fix?: string;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

const openInstance = (flags: RemoteFlags, world: World, environment = world.environment): RestInstance => {
  const { base, authorization } = demandAccount(flags, environment);
  return makeRestInstance({ base, authorization, fetcher: world.fetcher, now: world.clock.now });
};

const openPeer = (flags: Flags, world: World): RestInstance | undefined => {
  const { environment } = world;
  const profile = flags.peerProfile || (flags.peerInstance ? '' : environment.CAUSEWAY_PEER_PROFILE);
  const instance = flags.peerInstance || (flags.peerProfile ? '' : environment.CAUSEWAY_PEER_INSTANCE);
  if (profile && instance) throw new Misuse('--peer-profile and --peer-instance both name the other end: leave out one');
  if (profile) return openInstance({ profile }, world);
  if (!instance) return undefined;
  const user = flags.peerUser || environment.CAUSEWAY_PEER_USER;
  const password = flags.peerPassword || environment.CAUSEWAY_PEER_PASSWORD;
  if (!user || !password)
    throw new Misuse('--peer-instance needs --peer-user and --peer-password (or CAUSEWAY_PEER_USER and CAUSEWAY_PEER_PASSWORD)');
  readAddress(instance, '--peer-instance');
  return openInstance({ instance, user, password }, world, {});
};

const openScope = (flags: Flags, world: World): FixScope => {
  const here = openInstance(flags, world);
  const peer = openPeer(flags, world);
  if (peer?.name === here.name) throw new Misuse('--peer-instance is the same instance as --instance: name the other end');
  return { here, ...(peer ? { peer } : {}), ...(flags.connection ? { number: flags.connection } : {}) };
};

/** Throws Misuse for a code that no check has. */
const readCodes = (text: string): string[] => {
  const codes = text
    .toUpperCase()
    .split(',')
    .map((code) => code.trim())
    .filter((code) => code !== '');
  const known = checks.map(({ code }) => code);
  const strange = codes.filter((code) => !known.includes(code));
  if (codes.length === 0 || strange.length > 0)
    throw new Misuse(`--fix takes codes of checks, not "${strange.join(', ') || text}": ${known.join(', ')}`);
  return codes;
};

/** What a command that is offered repeats; passwords come from the environment. */
const againOf = (flags: Flags): string =>
  [
    ['--profile', flags.profile],
    ['--instance', flags.instance],
    ['--user', flags.user],
    ['--peer-profile', flags.peerProfile],
    ['--peer-instance', flags.peerInstance],
    ['--peer-user', flags.peerUser],
    ['--connection', flags.connection],
  ]
    .filter(([, value]) => value)
    .map(([name, value]) => ` ${name} ${value}`)
    .join('');

const run = async (flags: Flags, world: World): Promise<void> => {
  if (flags.yes && flags.fix === undefined) throw new Misuse('--yes goes with --fix, which says what to mend');
  const scope = openScope(flags, world);
  const asked = flags.fix === undefined ? undefined : readCodes(flags.fix);
  const examination = await examine(scope);
  const telling: Telling = { screen: world.screen, again: againOf(flags) };
  const report = makeReport(examination, world.clock.now());
  const say = (value: unknown, words: string): void => world.out(flags.json ? `${JSON.stringify(value, null, 2)}\n` : words);
  if (flags.connection && examination.instances.every(({ connections }) => connections?.length === 0))
    throw new Error(`There is no connection ${flags.connection} at ${scope.here.name}`);
  if (!asked) {
    say(report, describeReport(report, telling));
    world.exitWith(report.exitCode);
    return;
  }
  const findings = examination.findings.filter((finding) => asked.includes(finding.code));
  const isApplied = flags.yes === true && flags.dryRun !== true;
  const done = isApplied ? await applyFixes(findings, scope) : undefined;
  const after = done ? makeReport(done.after, world.clock.now()) : null;
  const document = makeFixDocument({ asked, findings, reports: done?.reports ?? [], after });
  say(document, describeFix(document, telling));
  if (isApplied) world.exitWith(document.reports.every(({ outcome }) => outcome === 'gone') ? exitCodes.done : exitCodes.failed);
};

export const doctorCommand: Command = {
  register(program, world) {
    const command = program
      .command('doctor')
      .description('Find what is wrong with the connections of an instance, on one side or on both ends at once.')
      .option('--peer-profile <name>', 'look at the other end as well, with an account that was kept [CAUSEWAY_PEER_PROFILE]')
      .option('--peer-instance <url>', 'look at the other end as well [CAUSEWAY_PEER_INSTANCE]')
      .option('--peer-user <name>', 'user there [CAUSEWAY_PEER_USER]')
      .option('--peer-password <password>', 'password there [CAUSEWAY_PEER_PASSWORD]')
      .option('--connection <number>', 'only this connection')
      .option('--fix <codes>', 'show what would mend these findings, such as AUTH-02')
      .option('--yes', 'with --fix: make the changes, and verify')
      .option('--dry-run', 'with --fix: change nothing, whatever else is said')
      .option('--json', 'the report as JSON, in the form that docs/doctor.md describes');
    addRemoteOptions(command)
      .addHelpText('after', help)
      .action((flags: Flags) => run(flags, world));
  },
};
