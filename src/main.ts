// Arguments in, a command out. The only file that touches the process itself.
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { readSecret } from './cli/profile/read_secret.ts';
import { runProgram } from './cli/program.ts';
import { readLine } from './cli/read_line.ts';
import { wait } from './cli/wait.ts';
import { systemClock } from './kit/clock.ts';

const forcedExitCode = 130;

const untilStopped = async (work: () => Promise<void>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(forcedExitCode);
    isStopping = true;
    resolve();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await promise;
  await work();
};

// A reader that went away (`causeway start | head`) must not take the instance down.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const complain = (line: string): void => void process.stderr.write(line);

await runProgram(process.argv.slice(2), {
  environment: process.env,
  clock: systemClock,
  random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  fetcher: fetch,
  wait,
  out: (line) => void process.stdout.write(line),
  // Node knows NO_COLOR, FORCE_COLOR and what a terminal can.
  ...(process.stdout.isTTY ? { screen: { columns: process.stdout.columns || 80, hasColours: process.stdout.hasColors() } } : {}),
  complain,
  ...(process.stderr.isTTY
    ? { showProgress: (line: string) => complain(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`) }
    : {}),
  readInput: () => text(process.stdin),
  readSecret: (question) => readSecret(process.stdin, complain, question),
  ...(process.stdin.isTTY ? { readLine: (question: string) => readLine(process.stdin, process.stderr, question) } : {}),
  untilStopped,
  exitWith: (code) => {
    process.exitCode = code;
  },
});
