// `causeway doctor`: what is wrong with the connections of an instance, on one side or both, and `--fix` for what it can mend.
// It reads and changes through the public REST API only.
import type { Finding } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { applyFixes } from '../doctor/fix.ts';
import { makeRestInstance, type RestInstance } from '../doctor/rest_reader.ts';
import { type Command, exitCodes, type World } from './command.ts';
import { describeExamination, describeFix } from './doctor/describe.ts';
import { addRemoteOptions, type RemoteFlags, readAccount } from './remote.ts';

const help = `
Examples:
  causeway doctor                                       with CAUSEWAY_INSTANCE, CAUSEWAY_USER and CAUSEWAY_PASSWORD
  causeway doctor --instance http://127.0.0.1:8080 --user admin --password … --json
  causeway doctor --peer-instance https://peer.example.com --peer-user admin --peer-password …
  causeway doctor --fix AUTH-01,AUTH-02                 shows what it would change
  causeway doctor --fix AUTH-01,AUTH-02 --yes           changes it, and looks again

Exit codes: 0 nothing is wrong, 1 an instance could not be asked or a fix did not help, 3 something is wrong.`;

interface Flags extends RemoteFlags {
  peerInstance?: string;
  peerUser?: string;
  peerPassword?: string;
  connection?: string;
  fix?: string;
  yes?: boolean;
  json?: boolean;
}

const openInstance = (flags: RemoteFlags, world: World): RestInstance => {
  const account = readAccount(flags, world.environment);
  if (!account) throw new Error('Name the instance: --instance, or CAUSEWAY_INSTANCE');
  return makeRestInstance({
    base: account.base.href,
    authorization: account.authorization,
    fetcher: world.fetcher,
    now: world.clock.now,
  });
};

const isBad = ({ severity }: Finding): boolean => severity === 'critical' || severity === 'error';

const run = async (flags: Flags, world: World): Promise<void> => {
  const here = openInstance(flags, world);
  const { peerInstance, peerUser, peerPassword } = flags;
  const peer = peerInstance
    ? openInstance(
        {
          instance: peerInstance,
          user: peerUser ?? '',
          password: peerPassword ?? world.environment.CAUSEWAY_PEER_PASSWORD ?? '',
        },
        { ...world, environment: {} },
      )
    : undefined;
  const scope = { here, ...(peer ? { peer } : {}), ...(flags.connection ? { number: flags.connection } : {}) };
  const examination = await examine(scope);
  if (flags.fix === undefined) {
    world.out(flags.json ? `${JSON.stringify(examination, null, 2)}\n` : describeExamination(examination));
    world.exitWith(examination.findings.some(isBad) ? exitCodes.refused : exitCodes.done);
    return;
  }
  const wanted = new Set(
    flags.fix
      .toUpperCase()
      .split(',')
      .map((code) => code.trim()),
  );
  const findings = examination.findings.filter((finding) => wanted.has(finding.code));
  const mendable = findings.filter((finding) => finding.changes.length > 0);
  const reports = flags.yes ? await applyFixes(mendable, scope) : [];
  world.out(
    flags.json
      ? `${JSON.stringify({ findings, reports }, null, 2)}\n`
      : describeFix({ wanted, findings, reports, isApplied: flags.yes === true }),
  );
  if (flags.yes) world.exitWith(reports.every(({ isGone }) => isGone) ? exitCodes.done : exitCodes.failed);
};

export const doctorCommand: Command = {
  register(program, world) {
    const command = program
      .command('doctor')
      .description('Find what is wrong with the connections of an instance.')
      .option('--peer-instance <url>', 'look at the other end as well')
      .option('--peer-user <name>', 'user there')
      .option('--peer-password <password>', 'password there [CAUSEWAY_PEER_PASSWORD]')
      .option('--connection <number>', 'only this connection')
      .option('--fix <codes>', 'show what would mend these findings, such as AUTH-02')
      .option('--yes', 'with --fix: make the changes, and verify')
      .option('--json', 'the report as JSON');
    addRemoteOptions(command)
      .addHelpText('after', help)
      .action((flags: Flags) => run(flags, world));
  },
};
