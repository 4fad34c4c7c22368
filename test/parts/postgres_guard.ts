// The program between a test process and its PostgreSQL: makes the data folder, runs the server, and ends both when
// its standard input closes, which happens however the test process ends. Must not outlive either of them.
// Says one line of JSON on standard output: { port } when the server answers, { error } when it cannot start.

import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { PostgresPrograms } from './postgres_binaries.ts';

export type GuardOrder = PostgresPrograms & {
  password: string;
  /** Holds the data: an existing folder that `account` can enter. */
  dataFolder: string;
  /** A server that keeps what it was told to keep, for whoever measures what that costs. */
  isAsItComes?: boolean;
};

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};

const forTests: Record<string, string> = {
  shared_buffers: '32MB',
  // A test machine may lose its tests with its power. Commits still mean what they mean to every other connection.
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '10min',
  max_wal_size: '128MB',
  jit: 'off',
};

const say = (line: { port: number } | { error: string }) => process.stdout.write(`${JSON.stringify(line)}\n`);

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const guard = async (order: GuardOrder): Promise<void> => {
  const data = mkdtempSync(join(order.dataFolder, 'causeway-postgres-data-'));
  if (order.account) chownSync(data, order.account.uid, order.account.gid);
  let running: ChildProcess | undefined;
  let isOver = false;

  const end = () => {
    if (isOver) return;
    isOver = true;
    const leave = () => {
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
      process.exit(0);
    };
    if (!running || running.exitCode !== null || running.signalCode !== null) return leave();
    running.once('exit', leave);
    running.kill('SIGQUIT'); // "immediate shutdown": the server takes its own children with it
    const program = running;
    setTimeout(() => program.kill('SIGKILL'), 5000);
  };
  process.stdin.on('end', end).on('error', end).resume();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  process.stdout.on('error', end);

  const run = (program: string, args: string[]): ChildProcess => {
    running = spawn(join(order.folder, 'bin', program), args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: data,
      env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, HOME: data, LC_ALL: 'C', TZ: 'UTC' },
      ...order.account,
    });
    return running;
  };

  const passwordFile = join(data, 'password');
  const cluster = join(data, 'cluster');
  writeFileSync(passwordFile, order.password, { mode: 0o600 });
  if (order.account) chownSync(passwordFile, order.account.uid, order.account.gid);
  const initdb = [
    '-D',
    cluster,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '-A',
    'password',
    `--pwfile=${passwordFile}`,
    // The password is 128 random bits. As it comes, each of thousands of connections costs four thousand rounds of hashing.
    ...(order.isAsItComes ? [] : ['-c', 'scram_iterations=1']),
  ];
  const made = await untilExit(run('initdb', initdb));
  if (isOver) return;
  if (made.code !== 0) return void say({ error: `initdb ended with ${made.code}: ${made.text}` });

  // Between finding a free port and taking it somebody else may have it.
  let said = '';
  for (let attempt = 1; attempt <= 5 && !isOver; attempt += 1) {
    const port = await freePort();
    const args = [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(order.isAsItComes ? settings : { ...settings, ...forTests }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ];
    const server = run('postgres', args);
    const outcome = await Promise.race([untilReady(server), untilExit(server)]);
    if (outcome === 'ready') {
      server.once('exit', end);
      return void say({ port });
    }
    said = outcome.text;
  }
  if (!isOver) say({ error: `postgres did not start: ${said}` });
};

const untilReady = (server: ChildProcess): Promise<'ready'> =>
  new Promise((resolve) => {
    let text = '';
    server.stderr?.on('data', (chunk) => {
      if (text.length > 100_000) return;
      text += chunk;
      if (text.includes('ready to accept connections')) resolve('ready');
    });
  });

const untilExit = (program: ChildProcess): Promise<{ code: number | string | null; text: string }> =>
  new Promise((resolve) => {
    let text = '';
    const keep = (chunk: Buffer) => {
      text = (text + chunk).slice(-4000);
    };
    program.stdout?.on('data', keep);
    program.stderr?.on('data', keep);
    program.once('error', (error) => resolve({ code: error.message, text }));
    program.once('close', (code, signal) => resolve({ code: code ?? signal, text }));
  });

await guard(JSON.parse(process.env.CAUSEWAY_POSTGRES_ORDER ?? '') as GuardOrder);
