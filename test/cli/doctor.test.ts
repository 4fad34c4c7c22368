// `causeway doctor` as people and scripts meet it: help, text that fits, a JSON shape that stays, exit codes, and what it refuses to be asked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Screen } from '../../src/cli/command.ts';
import { checks } from '../../src/doctor/checks/index.ts';
import { account, type Original, openOriginal, seedProvider } from '../doctor/parts/original_instance.ts';
import { runCommand } from '../parts/instance_process.ts';
import { type Spoken, speakCommand } from '../parts/spoken_command.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
let original: Original;
let other: Original;

const run = (args: readonly string[], given: { screen?: Screen; environment?: Record<string, string> } = {}): Promise<Spoken> =>
  speakCommand(['doctor', ...args], { clock: { now: () => now, after: () => () => {} }, random: () => 0.5, ...given });
const here = () => ['--instance', original.url, '--user', account.user, '--password', account.password];
const peer = () => ['--peer-instance', other.url, '--peer-user', account.user, '--peer-password', account.password];

const makeHealthy = (): void => {
  const [client, provider] = original.rows.oauth_entity ?? [];
  Object.assign(client ?? {}, { user: 'a'.repeat(32) });
  Object.assign(provider ?? {}, { user: '' });
  original.rows.sn_transport_queue = [];
};

before(async () => {
  [original, other] = await Promise.all([openOriginal(seedProvider()), openOriginal(seedProvider())]);
});
beforeEach(() => {
  original.rows = seedProvider();
  other.rows = seedProvider();
  original.closed.clear();
});
after(() => Promise.all([original.close(), other.close()]));

test('the help teaches by example, and names every exit code', async () => {
  const { code, out } = await run(['--help']);
  assert.equal(code, 0);
  for (const words of [
    'causeway doctor --profile',
    '--peer-instance',
    '--fix AUTH-01,AUTH-02 --yes',
    '--json',
    'CAUSEWAY_PEER_PASSWORD',
    'sn_sb.read',
  ])
    assert.ok(out.includes(words), words);
  for (const exit of ['0 healthy', '4 warnings', '3 errors', '1 an instance', '2 asked wrongly'])
    assert.ok(out.includes(exit), exit);
});

describe('the exit code says how bad it is', () => {
  test('0: nothing is wrong', async () => {
    makeHealthy();
    const { code, out } = await run(here());
    assert.match(out, /Nothing is wrong as far as could be seen: \d+ checks, 1 connection\./);
    assert.equal(code, 0);
  });
  test('4: warnings alone', async () => {
    makeHealthy();
    Object.assign(original.rows.sys_user?.[0] ?? {}, { user_name: 'integration.acme' });
    Object.assign(original.rows.sn_sb_connection?.[0] ?? {}, { integration_user: 'a'.repeat(32) });
    const { code, out } = await run(here());
    assert.match(out, /WARNING {3}AUTH-04/);
    assert.equal(code, 4);
  });
  test('3: errors or worse', async () => assert.equal((await run(here())).code, 3));
  test('1: nothing could be seen', async () => {
    original.closed.add('sn_sb_connection');
    const { code, out } = await run(here());
    assert.match(out, /Nothing can be said: this account sees no connections/);
    assert.equal(code, 1);
  });
  test('1: a wrong password, which is tried once', async () => {
    original.refused = 0;
    const { code, err } = await run(['--instance', original.url, '--user', account.user, '--password', 'secret word']);
    assert.match(err, /does not accept this user and password\. .*\n$/);
    assert.equal(original.refused, 1);
    assert.doesNotMatch(err, /secret word/);
    assert.equal(code, 1);
  });
  test('1: nobody listens', async () => {
    const { code, err } = await run(['--instance', 'http://127.0.0.1:9', '--user', 'a', '--password', 'b']);
    assert.match(err, /^causeway: http:\/\/127\.0\.0\.1:9 cannot be reached: /);
    assert.equal(code, 1);
  });
  test('1: a connection that is not there', async () => {
    const { code, err } = await run([...here(), '--connection', 'PCN9^ORnumber=PCN0001042']);
    assert.match(err, /There is no connection PCN9/);
    assert.equal(code, 1);
  });
});

describe('asked wrongly: 2, with a sentence that says how', () => {
  const cases: [what: string, args: () => string[], said: RegExp][] = [
    ['no instance', () => [], /Name the instance: --profile or --instance, or CAUSEWAY_PROFILE or CAUSEWAY_INSTANCE/],
    ['a fix for no check', () => [...here(), '--fix', 'AUTH-2'], /--fix takes codes of checks, not "AUTH-2": AUTH-01, /],
    ['a yes to nothing', () => [...here(), '--yes'], /--yes goes with --fix/],
    [
      'a peer that is no address',
      () => ['--peer-instance', 'foo', ...peer().slice(2), ...here()],
      /--peer-instance must be an address/,
    ],
    ['a fix for nothing', () => [...here(), '--fix', ' , '], /--fix takes codes of checks/],
    ['a peer without an account', () => [...here(), '--peer-instance', other.url], /--peer-user and --peer-password/],
    [
      'one instance as both ends',
      () => [...here(), '--peer-instance', `${original.url}/`, ...peer().slice(2)],
      /the same instance as --instance/,
    ],
  ];
  for (const [what, args, said] of cases) {
    test(what, async () => {
      const { code, err } = await run(args());
      assert.match(err, said);
      assert.equal(code, 2);
    });
  }
});

test('the account may come from the environment, for both ends', async () => {
  const environment = {
    ...{ CAUSEWAY_INSTANCE: original.url, CAUSEWAY_USER: account.user, CAUSEWAY_PASSWORD: account.password },
    ...{ CAUSEWAY_PEER_INSTANCE: other.url, CAUSEWAY_PEER_USER: account.user, CAUSEWAY_PEER_PASSWORD: account.password },
  };
  const { out } = await run(['--json'], { environment });
  assert.deepEqual(
    JSON.parse(out).instances.map(({ side, instance }: { side: string; instance: string }) => [side, instance]),
    [
      ['here', original.url],
      ['peer', other.url],
    ],
  );
});

test('the text names record, side, field and value, a link and what mends it; the worst stands first', async () => {
  const { out } = await run([...here(), ...peer()]);
  assert.match(out, /CRITICAL {2}AUTH-02 {2}The OAuth Application User is set on the OAuth Provider record/);
  assert.ok(out.includes(`record   oauth_entity "Service Bridge Provider PCN0001042" ${'9'.repeat(32)}`));
  assert.ok(out.includes('found    user is sb_user.PCN0001042; expected: (empty)'));
  assert.ok(out.includes(`link     ${original.url}/api/now/table/oauth_entity/${'9'.repeat(32)}`));
  assert.ok(
    out.includes(
      'by hand  All > System OAuth > Application Registry > "Service Bridge Provider PCN0001042": clear OAuth Application User, save',
    ),
  );
  assert.ok(out.includes(`where    the peer ${other.url}, connection PCN0001042`));
  assert.match(out, /1\. causeway doctor --fix AUTH-01,AUTH-02,LINK-04 --yes --instance .* --peer-instance /);
  assert.doesNotMatch(out, new RegExp(account.password));
  const order = [...out.matchAll(/^(CRITICAL|ERROR|WARNING|NOTE) /gm)].map(([, word = '']) =>
    ['CRITICAL', 'ERROR', 'WARNING', 'NOTE'].indexOf(word),
  );
  assert.deepEqual(order, order.toSorted());
  assert.ok(order.length >= 6);
});

test('on a screen lines fit, and a word such as an address stays whole; in a pipe they are not broken', async () => {
  const { out } = await run(here(), { screen: { columns: 70, hasColours: false } });
  const long = out.split('\n').filter((line) => line.length > 70 && !/https?:|[0-9a-f]{32}|^ {2}\d\. /.test(line));
  assert.deepEqual(long, []);
  const piped = (await run(here())).out;
  assert.ok(piped.split('\n').some((line) => line.length > 130));
});

test('colours come only where the screen has them, and say nothing that the words do not', async () => {
  const plain = await run(here(), { screen: { columns: 100, hasColours: false } });
  const bright = await run(here(), { screen: { columns: 100, hasColours: true } });
  assert.equal(stripVTControlCharacters(plain.out), plain.out);
  assert.notEqual(bright.out, plain.out);
  assert.equal(stripVTControlCharacters(bright.out), plain.out);
});

const keys = (value: object): string => Object.keys(value).join(' ');

test('the JSON has the shape that the documents promise', async () => {
  const { out } = await run([...here(), ...peer(), '--json']);
  const report = JSON.parse(out);
  assert.equal(report.schema, 'causeway.doctor.v1');
  assert.equal(keys(report), 'schema verdict exitCode checkedAt instances checks counts findings unseen');
  assert.equal(keys(report.counts), 'critical error warning info');
  assert.equal(keys(report.instances[0]), 'side instance connections');
  for (const finding of report.findings) {
    assert.equal(
      keys(finding).split(' ').toSorted().join(' '),
      'about byHand causedBy changes code commands connection evidence fix fixable instance severity side summary title vendorCheck',
    );
    assert.equal(keys(finding.evidence[0]).split(' ').toSorted().join(' '), 'expected field record shown sysId table url value');
  }
  for (const each of report.unseen) assert.equal(keys(each), 'side instance what why checks');
  assert.deepEqual(
    report.checks,
    checks.map(({ code }) => code),
  );
  const documented = readFileSync(fileURLToPath(new URL('../../docs/doctor.md', import.meta.url)), 'utf8');
  const named = [
    report,
    report.counts,
    report.instances[0],
    report.findings[0],
    report.findings[0].evidence[0],
    report.unseen[0],
  ].flatMap((each) => Object.keys(each));
  assert.deepEqual(
    [...new Set(named)].filter((name) => !documented.includes(`\`${name}\``)),
    [],
  );
  assert.deepEqual(
    checks.map(({ code }) => code).filter((code) => !documented.includes(`| ${code} |`)),
    [],
  );
});

test('a dry run of a fix shows the change and writes nothing, whatever else is said', async () => {
  for (const more of [[], ['--yes', '--dry-run']]) {
    const { code, out } = await run([...here(), '--fix', 'auth-02', ...more]);
    assert.match(out, /change {3}would change oauth_entity "Service Bridge Provider PCN0001042": user = \(empty\)/);
    assert.match(out, /Nothing was changed; add --yes to do it\./);
    assert.equal(code, 0);
  }
  const { out } = await run([...here(), '--fix', 'AUTH-02', '--json']);
  const document = JSON.parse(out);
  assert.deepEqual([document.schema, document.applied, document.after], ['causeway.doctor.fix.v1', false, null]);
  assert.deepEqual(original.writes, []);
});

test('a fix that the instance refuses is told as refused, and ends with 1', async () => {
  const { code, out } = await run([...here(), '--fix', 'AUTH-02', '--yes']);
  assert.match(out, /result {3}It was refused: http:\S+ refused: status 403 Operation Failed/);
  assert.equal(code, 1);
  assert.equal(original.writes.filter((line) => line.startsWith('PATCH')).length, 1);
  const { code: none, out: said } = await run([...here(), '--fix', 'AUTH-09', '--yes']);
  assert.deepEqual([none, said], [0, 'Nothing to mend: AUTH-09 was not found.\n']);
});

test('as a process in a pipe: no colours, the text on stdout, the exit code of what was found', async () => {
  const { code, stdout, stderr } = await runCommand(['doctor', ...here()], { FORCE_COLOR: '0' });
  assert.deepEqual([code, stderr], [3, '']);
  assert.equal(stripVTControlCharacters(stdout), stdout);
  assert.match(stdout, /AUTH-02/);
});
