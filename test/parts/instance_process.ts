// A whole instance as a process of its own, started by the door that people use, for journeys that kill and restart it.
// It must not leave a process behind: `kill` and `end` resolve when it is gone.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const door = fileURLToPath(new URL('../../bin/causeway.js', import.meta.url));
const readyLimitMs = 90_000;
const keptCharacters = 8_000_000;

export interface InstanceProcess {
  /** As the line `causeway ready <base url>` says it. */
  readonly baseUrl: string;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  ended(): Promise<number | null>;
  /** kill -9, and gone. */
  kill(): Promise<void>;
}

/** Starts `causeway <args>` and waits until it is ready. Rejects with what it said when it ends before. */
export const startProcess = async (
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<InstanceProcess> => {
  const child: ChildProcess = spawn(process.execPath, [door, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  let isReady = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    // Of a process that talks for hours only the last is kept, and it is searched no more than needed.
    if (stdout.length > 2 * keptCharacters) stdout = stdout.slice(-keptCharacters);
    const found = isReady ? null : /^causeway ready (\S+)$/m.exec(stdout);
    if (!found?.[1]) return;
    isReady = true;
    resolve(found[1]);
  });
  void exited.then((code) => reject(new Error(`it ended with ${code} before it was ready:\n${stdout}${stderr}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`it was not ready in time:\n${stdout}${stderr}`));
  }, readyLimitMs);
  const baseUrl = await ready.finally(() => clearTimeout(timer));
  return {
    baseUrl,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    ended: () => exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** Runs a command to its end. */
export const runCommand = async (
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [door, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
};
