// Accounts under a name: kept for one pair of eyes, used whole, and never shown.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { readSecret } from '../../src/cli/profile/read_secret.ts';
import { type Spoken, speakCommand } from '../parts/spoken_command.ts';

const secret = 'corréct horse "battery"';
let home: string;
let environment: Record<string, string>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'causeway-profile-'));
  environment = { HOME: home };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const file = (): string => join(home, '.config', 'causeway', 'profiles.json');

/** Runs one command line; `asked` are the calls that went to an instance. */
const run = async (
  args: readonly string[],
  password = secret,
): Promise<Spoken & { asked: { url: string; authorization: string }[] }> => {
  const asked: { url: string; authorization: string }[] = [];
  const spoken = await speakCommand(args, {
    environment,
    clock: { now: () => 0, after: () => () => {} },
    random: () => 0.5,
    fetcher: async (url, request) => {
      const { authorization = '' } = (request?.headers ?? {}) as Record<string, string>;
      asked.push({ url: String(url), authorization: Buffer.from(authorization.slice(6), 'base64').toString() });
      return Response.json({ result: [] });
    },
    readSecret: async () => password,
  });
  return { ...spoken, asked };
};
const add = (name: string, instance = 'https://acme.example', user = 'ann') =>
  run(['profile', 'add', name, '--instance', instance, '--user', user]);

test('an account is kept for its owner only, and is used whole', async () => {
  const added = await add('acme');
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /^Added acme in .*profiles\.json\. /);
  assert.equal((await stat(file())).mode & 0o777, 0o600);
  assert.equal((await stat(join(home, '.config', 'causeway'))).mode & 0o777, 0o700);
  assert.deepEqual(
    (await run(['queue', 'list', '--profile', 'acme'])).asked.map(({ authorization }) => authorization),
    [`ann:${secret}`],
  );
  environment.CAUSEWAY_PROFILE = 'acme';
  const [call] = (await run(['exchange', 'status'])).asked;
  assert.deepEqual([new URL(call?.url ?? '').origin, call?.authorization], ['https://acme.example', `ann:${secret}`]);
});

test('profiles are listed, replaced and removed, and no password is shown', async () => {
  assert.match((await run(['profile', 'list'])).out, /^There are no profiles yet/);
  await add('acme');
  await add('globex', 'http://127.0.0.1:8080', 'bob');
  assert.match((await add('acme', 'https://acme2.example')).out, /^Replaced acme /);
  const listed = await run(['profile', 'list']);
  assert.equal(listed.out, 'acme    https://acme2.example/  ann\nglobex  http://127.0.0.1:8080/  bob\n');
  const { out } = await run(['profile', 'list', '--json']);
  assert.deepEqual(JSON.parse(out)[1], { name: 'globex', instance: 'http://127.0.0.1:8080/', user: 'bob' });
  assert.ok(!out.includes('horse') && !listed.out.includes('horse'));
  assert.equal((await run(['profile', 'remove', 'acme'])).out, 'Removed acme.\n');
  assert.equal((await run(['profile', 'remove', 'acme'])).code, 1);
  assert.deepEqual(Object.keys(JSON.parse(await readFile(file(), 'utf8')).profiles), ['globex']);
  assert.deepEqual(await readdir(join(home, '.config', 'causeway')), ['profiles.json']);
});

test('XDG_CONFIG_HOME is where they are, when it is a whole path', async () => {
  environment.XDG_CONFIG_HOME = join(home, 'settings');
  await add('acme');
  assert.equal((await stat(join(home, 'settings', 'causeway', 'profiles.json'))).mode & 0o777, 0o600);
  environment.XDG_CONFIG_HOME = 'settings';
  assert.match((await run(['profile', 'list'])).out, /^There are no profiles yet/);
});

for (const mode of [0o640, 0o604, 0o644, 0o620, 0o660]) {
  test(`a file of mode ${mode.toString(8)} is refused, also for adding`, { skip: process.platform === 'win32' }, async () => {
    await add('acme');
    await chmod(file(), mode);
    for (const args of [
      ['queue', 'list', '--profile', 'acme'],
      ['profile', 'list'],
      ['profile', 'remove', 'acme'],
      ['profile', 'add', 'b', '--instance', 'https://b.example', '--user', 'b'],
    ]) {
      const { code, err, asked } = await run(args);
      assert.equal(code, 1);
      assert.match(err, /^causeway: .*profiles\.json holds passwords, and others on this machine can open it\. .*chmod 600 /);
      assert.equal(asked.length, 0);
    }
  });
}

test('a file that is no list of profiles is a sentence that repeats nothing of it', async () => {
  await add('acme');
  for (const content of ['', '{', '[]', 'null', '{"profiles":null}', `{"profiles":{"a":{"password":"${'s3cret'}"}}}`, 's3cret']) {
    await writeFile(file(), content);
    const { code, err } = await run(['profile', 'list']);
    assert.equal(code, 1, content);
    assert.match(err, /^causeway: .*cannot be read as profiles/);
    assert.ok(!err.includes('s3cret'));
  }
  await rm(file());
  await mkdir(file());
  assert.equal((await run(['profile', 'list'])).code, 1);
});

test('the password of one instance is never sent to another', async () => {
  await add('acme');
  const mixed: [args: string[], environment: Record<string, string>, said: RegExp][] = [
    [['--profile', 'acme', '--instance', 'https://evil.example'], {}, /--profile says address, user and password/],
    [['--profile', 'acme', '--user', 'bob'], {}, /--profile says address, user and password/],
    [['--user', 'bob'], { CAUSEWAY_PROFILE: 'acme' }, /CAUSEWAY_PROFILE says user and password as well/],
    [['--instance', 'https://evil.example'], { CAUSEWAY_PROFILE: 'acme' }, /needs --user and --password/],
    [[], { CAUSEWAY_PROFILE: 'acme', CAUSEWAY_INSTANCE: 'https://evil.example' }, /both name an instance/],
    [['--profile', 'acmee'], {}, /no profile "acmee" in .*: there are acme\. Add it with: causeway profile add acmee/],
    [['--profile', '__proto__'], {}, /no profile "__proto__"/],
  ];
  for (const [args, set, said] of mixed) {
    environment = { HOME: home, ...set };
    const { code, err, asked } = await run(['queue', 'list', ...args]);
    assert.deepEqual([code, asked], [2, []], args.join(' '));
    assert.match(err, said);
  }
});

test('what is no name, no address or no password is refused', async () => {
  for (const name of ['', '-a', '../x', 'a b', '__proto__', 'a'.repeat(65)])
    assert.match(
      (await run(['profile', 'add', '--instance', 'https://a.example', '--user', 'a', '--', name])).err,
      /name of a profile/,
    );
  for (const address of ['acme', 'ftp://acme.example', 'file:///etc/passwd'])
    assert.match((await add('acme', address)).err, /--instance must be an address such as/);
  const { err } = await add('acme', 'https://ann:s3cret@acme.example');
  assert.match(err, /must not hold a user or a password/);
  assert.ok(!err.includes('s3cret'));
  assert.match((await run(['profile', 'add', 'a', '--instance', 'https://a.example', '--user', 'a'], '')).err, /no password/);
  assert.match((await run(['profile', 'list'])).out, /^There are no profiles yet/);
});

test('doctor takes either end from a profile', async () => {
  await add('acme');
  await add('globex', 'https://globex.example', 'bob');
  const { asked } = await run(['doctor', '--profile', 'acme', '--peer-profile', 'globex']);
  const seen = new Set(asked.map(({ url, authorization }) => `${new URL(url).host} ${authorization}`));
  assert.deepEqual([...seen].sort(), [`acme.example ann:${secret}`, `globex.example bob:${secret}`]);
});

test('typed letters are not shown, can be taken back, and end with the line', async () => {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, raw: [] as boolean[] });
  const input = Object.assign(keyboard, { setRawMode: (mode: boolean) => keyboard.raw.push(mode) });
  let said = '';
  const answer = readSecret(
    input,
    (text) => {
      said += text;
    },
    'Password: ',
  );
  for (const keys of ['abx', '\u007f', '\u001b[A', 'é\u0001', 'd\rnext line']) input.write(keys);
  assert.equal(await answer, 'abéd');
  assert.equal(said, 'Password: \n');
  assert.deepEqual(keyboard.raw, [true, false]);
  const again = readSecret(input, () => {}, '');
  input.write('ab\u0003');
  await assert.rejects(again, /Nothing was changed/);
  assert.deepEqual(keyboard.raw, [true, false, true, false]);
});

test('a pipe is read to its end, without the end of the line', async () => {
  for (const [given, read] of [
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    [' two\nlines ', ' two\nlines '],
    ['', ''],
  ] as const)
    assert.equal(await readSecret(Readable.from([Buffer.from(given)]), () => {}, ''), read);
});
