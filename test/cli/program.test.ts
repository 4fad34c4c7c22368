// The command line: help that teaches, sentences instead of stack traces, exit codes as documented.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { settingList } from '../../src/config.ts';
import { runCommand } from '../parts/instance_process.ts';

for (const args of [[], ['start'], ['demo'], ['demo', 'token'], ['token'], ['token', 'inspect']]) {
  test(`causeway ${args.join(' ')} --help shows how, and ends with 0`, async () => {
    const { code, stdout, stderr } = await runCommand([...args, '--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Usage: causeway/);
    if (args.length !== 1 || args[0] !== 'token') assert.match(stdout, /^Examples:\n {2}causeway /m);
  });
}

test('start --help names every setting that has a flag, with its variable', async () => {
  const { stdout } = await runCommand(['start', '--help']);
  for (const { flag, variable } of Object.values(settingList)) {
    if (flag !== '') assert.ok(stdout.includes(flag) && stdout.includes(variable), flag);
  }
});

const misused: [args: string[], said: RegExp][] = [
  [['nonsense'], /unknown command/],
  [['start', '--nonsense'], /unknown option/],
  [['start', '--port'], /argument missing/],
  [['start', '--port', 'x', '--host', 'a b'], /--port \(CAUSEWAY_PORT\) must be .*\n.*--host \(CAUSEWAY_HOST\) must be /],
  [['token', 'inspect'], /missing required argument/],
];
for (const [args, said] of misused) {
  test(`causeway ${args.join(' ')} is asked wrongly: 2`, async () => {
    const { code, stderr } = await runCommand(args);
    assert.equal(code, 2);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
}

const data = await mkdtemp(join(tmpdir(), 'causeway-cli-'));
after(() => rm(data, { recursive: true, force: true }));

test('a taken port is a sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await runCommand(['start', '--port', String(port), '--data', data]);
  server.close();
  assert.equal(code, 1);
  assert.match(
    stderr,
    // Nothing of Node's own between the password of a first start and the sentence.
    new RegExp(
      `Table API\\.\ncauseway: Cannot listen on 127\\.0\\.0\\.1 port ${port}: another program uses it; choose another with --port\n$`,
    ),
  );
});

test('an unreachable database is a sentence without its password', async () => {
  const database = 'postgres://me:verysecret@127.0.0.1:1/none';
  const { code, stderr } = await runCommand(['start', '--port', '0', '--database', database, '--data', data]);
  assert.equal(code, 1);
  assert.match(stderr, /^causeway: /);
  assert.doesNotMatch(stderr, /verysecret|\n {4}at /);
});

const token = `${Buffer.from('{"alg":"RS256","kid":"k\\u001b[31m"}').toString('base64url')}.${Buffer.from('{"iss":"https://x.example","exp":1544566218}').toString('base64url')}.c2ln`;

test('a token is decoded without being believed, and cannot paint the terminal', async () => {
  const { code, stdout } = await runCommand(['token', 'inspect', token]);
  assert.equal(code, 0);
  assert.match(stdout, /not proven/);
  assert.match(stdout, /exp +1544566218 +\(2018-12-11T22:10:18\.000Z\)/);
  assert.ok(!stdout.includes('\u001b'));
});

test('as JSON it can be read by programs', async () => {
  const { code, stdout } = await runCommand(['token', 'inspect', `Bearer ${token}`, '--json']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).claims.iss, 'https://x.example');
});

for (const text of ['nonsense', 'a.b.c', '..', 'é']) {
  test(`"${text}" is no token: 3`, async () => {
    const { code, stdout } = await runCommand(['token', 'inspect', text]);
    assert.equal(code, 3);
    assert.match(stdout, /^This is not a JSON Web Token: /);
  });
}

test('an instance that is not there is a sentence: 1; credentials that were forgotten are one: 2', async () => {
  const gone = await runCommand([
    'token',
    'inspect',
    token,
    '--instance',
    'http://127.0.0.1:1',
    '--user',
    'a',
    '--password',
    'b',
  ]);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^causeway: http:\/\/127\.0\.0\.1:1 cannot be reached: /);
  const forgotten = await runCommand(['token', 'inspect', token, '--instance', 'http://127.0.0.1:1']);
  assert.equal(forgotten.code, 2);
  assert.match(forgotten.stderr, /needs --user and --password/);
});
