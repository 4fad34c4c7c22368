// The launcher: a script it starts behaves as if it had been started itself, and never stays behind. Runs on a copy of
// bin/ whose fetched Node is the one running this test, under a Node that believes itself old.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fetchedPackage, isNewEnough } from '../../bin/node_path.js';
import { untilTrue } from '../parts/until_true.ts';

const clone = mkdtempSync(join(tmpdir(), 'causeway-launcher-'));
after(() => rmSync(clone, { recursive: true, force: true }));
cpSync(fileURLToPath(new URL('../../bin', import.meta.url)), join(clone, 'bin'), { recursive: true });
writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');

const fetched = fetchedPackage();
assert.ok(fetched, 'the launcher knows a Node for the machine that runs this test');
const fetchedProgram = join(clone, '.node', 'node_modules', fetched.name, fetched.program);
mkdirSync(dirname(fetchedProgram), { recursive: true });
symlinkSync(process.execPath, fetchedProgram);

const pretendOld = `data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`,
)}`;

const start = (options: { folder?: string; script: string; args?: string[]; isOld?: boolean }) => {
  const script = join(clone, `script_${Math.random().toString(36).slice(2)}.ts`);
  writeFileSync(script, options.script);
  const nodeArgs = options.isOld === false ? [] : ['--import', pretendOld];
  const door = join(options.folder ?? clone, 'bin', 'with_node.js');
  const launcher = spawn(process.execPath, [...nodeArgs, door, script, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  launcher.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  launcher.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  const lines = createInterface(launcher.stdout)[Symbol.asyncIterator]();
  return {
    launcher,
    output,
    line: async (): Promise<string> => (await lines.next()).value ?? '',
    ended: once(launcher, 'close') as Promise<[number | null, string | null]>,
  };
};

const untilGone = (pid: number): Promise<void> =>
  untilTrue(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });

const staysUp = 'setInterval(() => {}, 1000); console.log(process.pid);';

test('an old Node hands over to the fetched one, with the arguments as they were', async () => {
  const script =
    'const seen: string[] = process.argv.slice(2); console.log(JSON.stringify({ seen, node: process.versions.node }));';
  const { output, ended } = start({ script, args: ['--flag', 'two words', '$HOME'] });
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(JSON.parse(output.out), { seen: ['--flag', 'two words', '$HOME'], node: process.versions.node });
});

test('a Node that is new enough runs the script itself, without a child', async () => {
  const { launcher, output, ended } = start({
    script: 'console.log(JSON.stringify([process.pid, process.argv[2]]));',
    args: ['x'],
    isOld: false,
  });
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(JSON.parse(output.out), [launcher.pid, 'x']);
});

for (const code of [0, 1, 7]) {
  test(`exit code ${code} of the script is the launcher's`, async () => {
    assert.deepEqual(await start({ script: `process.exit(${code});` }).ended, [code, null]);
  });
}

test('a script that dies by a signal makes the launcher die by the same', async () => {
  const { ended } = start({ script: `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);` });
  assert.deepEqual(await ended, [null, 'SIGTERM']);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} reaches the script, which may end in its own way`, async () => {
    const script = `process.on('${signal}', () => process.exit(42)); ${staysUp}`;
    const { launcher, line, ended } = start({ script });
    await line();
    launcher.kill(signal);
    assert.deepEqual(await ended, [42, null]);
  });
}

test('Ctrl-C, which reaches launcher and script both, is one SIGINT to the script', async () => {
  const script = `let seen = 0; process.on('SIGINT', () => { seen += 1; setTimeout(() => { console.log(seen); process.exit(0); }, 400); }); ${staysUp}`;
  const { launcher, line, ended } = start({ script });
  const pid = Number(await line());
  process.kill(pid, 'SIGINT');
  launcher.kill('SIGINT');
  assert.equal(await line(), '1');
  assert.deepEqual(await ended, [0, null]);
});

test('a launcher killed with -9 takes the script with it', { timeout: 60_000 }, async () => {
  const { launcher, line } = start({ script: staysUp });
  const pid = Number(await line());
  launcher.kill('SIGKILL');
  await untilGone(pid);
});

test('the tie does not keep a finished script alive', { timeout: 60_000 }, async () => {
  assert.deepEqual(await start({ script: 'console.log(1);' }).ended, [0, null]);
});

test('what the script starts is not tied: it may go on alone', async () => {
  const { output, ended } = start({ script: 'console.log(JSON.stringify([process.env.CAUSEWAY_LAUNCHED ?? null]));' });
  await ended;
  assert.deepEqual(JSON.parse(output.out), [null]);
});

test('an old Node without a fetched one gets a sentence it can act on', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'causeway-launcher-bare-'));
  try {
    cpSync(join(clone, 'bin'), join(bare, 'bin'), { recursive: true });
    cpSync(join(clone, 'package.json'), join(bare, 'package.json'));
    const { output, ended } = start({ folder: bare, script: 'console.log("never")' });
    assert.deepEqual(await ended, [1, null]);
    assert.equal(output.out, '');
    assert.match(output.err, /needs Node 24\.7 or newer; this is Node 20\.20\.2/);
    assert.match(output.err, /npm ci/);
    assert.doesNotMatch(output.err, /^\s+at /m);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

test('a fetched Node that cannot be started is named, not thrown', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'causeway-launcher-broken-'));
  try {
    cpSync(join(clone, 'bin'), join(broken, 'bin'), { recursive: true });
    cpSync(join(clone, 'package.json'), join(broken, 'package.json'));
    const program = join(broken, '.node', 'node_modules', fetched.name, fetched.program);
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, 'not a program');
    chmodSync(program, 0o644);
    const { output, ended } = start({ folder: broken, script: 'console.log("never")' });
    assert.deepEqual(await ended, [1, null]);
    assert.ok(output.err.includes(program), output.err);
    assert.doesNotMatch(output.err, /^\s+at /m);
  } finally {
    rmSync(broken, { recursive: true, force: true });
  }
});

test('which versions are new enough', () => {
  const table: [string, boolean][] = [
    ['12.22.12', false],
    ['20.20.2', false],
    ['v23.11.0', false],
    ['24.6.1', false],
    ['24.7.0', true],
    ['v26.10.0', true],
    ['100.0.0', true],
    ['', false],
    ['nonsense', false],
  ];
  for (const [version, expected] of table) assert.equal(isNewEnough(version), expected, version);
});
