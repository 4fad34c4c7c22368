// A server under measurement, as a process of its own: started, waited for, weighed, ended.
// Its costs come from /proc, so they are known on Linux only; elsewhere they are left out.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Seconds of processor time so far; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
  /** Resident memory in MiB. */
  memoryMiB(): number | undefined;
  isRunning(): boolean;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

const ticksPerSecond = 100;
const tied = `--import=${new URL('./tied.ts', import.meta.url).href}`;

const readProc = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
};

const cpuSecondsOf = (pid: number): number | undefined => {
  // The name of the program stands in brackets and may hold blanks: fields are counted from behind it.
  const fields = readProc(pid, 'stat')?.split(') ')[1]?.split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const memoryOf = (pid: number): number | undefined => {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readProc(pid, 'status') ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
};

/** `readyLine` finds the port in what the process prints. Rejects with its words when it ends before. */
export const startServer = async (parts: {
  command: string;
  args: readonly string[];
  environment?: Record<string, string>;
  folder?: string;
  readyLine: RegExp;
  readyLimitMs?: number;
}): Promise<ServerProcess & { child: ChildProcess }> => {
  const child = spawn(parts.command, parts.args, {
    cwd: parts.folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_OPTIONS: tied, ...parts.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 100_000) said += text;
      const port = parts.readyLine.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  }
  void exited.then(([code]) => reject(new Error(`a server ended with ${code} before it was ready:\n${said}`)));
  const timer = setTimeout(() => reject(new Error(`a server was not ready in time:\n${said}`)), parts.readyLimitMs ?? 60_000);
  const pid = child.pid ?? 0;
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    if (!isRunning()) return;
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(forced);
  };
  try {
    const port = await ready;
    return { child, port, pid, cpuSeconds: () => cpuSecondsOf(pid), memoryMiB: () => memoryOf(pid), isRunning, stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
