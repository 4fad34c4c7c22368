// The demo as a stranger meets it: one command, a pasted curl that works once, the reason in the log, the
// commands that break a connection and repair it, and a clean end. Then once more.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type InstanceProcess, runCommand, startProcess } from '../parts/instance_process.ts';
import { basic, makeClient } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

let data: string;
let demo: InstanceProcess;

const start = async () => {
  demo = await startProcess(['demo', '--port', '0', '--data', data]);
  await untilTrue(() => demo.stdout().includes('Ctrl-C'));
};
const found = (pattern: RegExp): string =>
  pattern.exec(demo.stdout())?.[1] ?? assert.fail(`nothing like ${pattern} in:\n${demo.stdout()}`);
const pasted = () => {
  const address = found(/^ {4}'(http[^']+)'$/m);
  const token = found(/-H "Authorization: Bearer (\S+)"/);
  return fetch(address, { headers: { authorization: `Bearer ${token}` } });
};

const printed = (label: string): string =>
  new RegExp(`^ {2}${label} +(\\S.*(?:\\n {14,}\\S.*)?)$`, 'm').exec(demo.stdout())?.[1]?.replaceAll(/\\?\n */g, ' ') ??
  assert.fail(`no line "${label}" in:\n${demo.stdout()}`);
const password = (): string => /CAUSEWAY_PASSWORD=(\S+)/.exec(demo.stdout())?.[1] ?? '';

/** A printed line of the program, run with what the printed lines of `export` set. */
const run = async (label: string) => {
  const words = printed(label)
    .replace(/^node bin\/causeway\.js /, '')
    .split(' ');
  const exported = [...demo.stdout().matchAll(/^ {2}export (.+)$/gm)].flatMap(([, line = '']) => line.split(' '));
  return runCommand(words, Object.fromEntries(exported.map((each) => each.split('=') as [string, string])));
};
/** A printed curl. */
const curl = async (label: string): Promise<string> => {
  const line = printed(label);
  const address = /'(http[^']+)'/.exec(line)?.[1] ?? assert.fail(line);
  const body = /-d '([^']+)'/.exec(line)?.[1];
  const answer = await fetch(address, {
    method: body ? 'PATCH' : 'GET',
    headers: { authorization: basic('admin', password()), 'content-type': 'application/json' },
    body: body ?? null,
  });
  assert.equal(answer.status, 200);
  return answer.text();
};

const atConsumer = (): string[] => {
  const [, url = ''] = /instance runs at (\S+) /.exec(demo.stdout()) ?? [];
  return ['--instance', url, '--user', 'admin', '--password', password()];
};

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'causeway-demo-'));
  await start();
});
after(async () => {
  await demo.kill();
  await rm(data, { recursive: true, force: true });
});

test('the pasted curl works once, and the log says why it does not work twice', async () => {
  const first = await pasted();
  assert.equal(first.status, 200);
  assert.match(await first.text(), /"number":"INC\d{7}"/);
  assert.equal((await pasted()).status, 401);
  const [, logFile = ''] = /grep 'jti' (\S+)/.exec(demo.stdout()) ?? [];
  await untilTrue(async () => (await readFile(logFile, 'utf8')).includes('Token is already used.'));
});

test('the printed password is the admin password', async () => {
  const authorization = basic('admin', found(/admin password +(\S+)/));
  assert.equal((await makeClient(demo.baseUrl)('/api/now/table/sys_user?sysparm_limit=1', { authorization })).status, 200);
});

test('another command brings a fresh token, for either person', async () => {
  for (const person of ['tomas.lindgren', 'mei.tanaka']) {
    const { code, stdout, stderr } = await runCommand(['demo', 'token', '--person', person], { CAUSEWAY_DATA: data });
    assert.equal(code, 0, stderr);
    const said = await makeClient(demo.baseUrl)('/api/now/table/incident?sysparm_limit=1', {
      authorization: `Bearer ${stdout.trim()}`,
    });
    assert.equal(said.status, 200);
  }
});

test('break, write, look, repair, recover: the comment arrives once, and only at the end', async () => {
  assert.match((await run('break')).stdout, /set the OAuth Application User of "Service Bridge Provider SBC\d+"/);
  await curl('write');
  await untilTrue(async () =>
    (await runCommand(['queue', 'list', '--state', 'error', ...atConsumer()])).stdout.includes('journal'),
  );
  const looked = await run('look');
  assert.equal(looked.code, 3, looked.stderr);
  for (const code of ['AUTH-01', 'AUTH-02', 'AUTH-08', 'QUEUE-02'])
    assert.match(looked.stdout, new RegExp(`^[A-Z]+ +${code} `, 'm'));
  const repaired = await run('repair');
  assert.equal(repaired.code, 0, repaired.stdout + repaired.stderr);
  assert.doesNotMatch(await curl('arrived'), /Any news/);
  const recovered = await run('recover');
  assert.match(recovered.stdout, /^Sent again \d rows?, in their old order\.\n$/);
  await untilTrue(async () => /Any news/.test(await curl('arrived')));
  assert.equal((await curl('arrived')).split('Any news').length, 2);
  assert.match((await run('look')).stdout, /Nothing is wrong/);
  assert.match((await run('recover')).stdout, /nothing to send again/);
});

test('the note with the client secret is for its owner only', { skip: process.platform === 'win32' }, async () => {
  assert.equal((await stat(join(data, 'demo.json'))).mode & 0o077, 0);
});

test('nothing but its own words is on the screen', () => {
  assert.equal(demo.stderr(), '');
  assert.doesNotMatch(demo.stdout(), /oidc-provider (NOTICE|WARNING)/);
});

test('Ctrl-C ends everything with 0, and a second run works on the same data with a new password', async () => {
  const oldPassword = found(/admin password +(\S+)/);
  demo.signal('SIGINT');
  assert.equal(await demo.ended(), 0);
  const { code, stderr } = await runCommand(['demo', 'token'], { CAUSEWAY_DATA: data });
  assert.equal(code, 1);
  assert.match(stderr, /^causeway: No demo runs in .+npm start/);
  await start();
  assert.notEqual(found(/admin password +(\S+)/), oldPassword);
  assert.equal((await pasted()).status, 200);
});
