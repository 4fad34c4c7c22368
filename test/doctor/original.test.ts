// Doctor on an instance that is not ours, with an account that may only look, and not everywhere: it names what it sees, says what it does
// not see, and writes nothing.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Examination, examine } from '../../src/doctor/examine.ts';
import { makeReport } from '../../src/doctor/report.ts';
import { makeRestInstance } from '../../src/doctor/rest_reader.ts';
import { basic } from '../parts/running_instance.ts';
import { account, type Original, openOriginal, seedProvider } from './parts/original_instance.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
let original: Original;

const open = (password: string = account.password) =>
  makeRestInstance({ base: original.url, authorization: basic(account.user, password), fetcher: fetch, now: () => now });
const look = (): Promise<Examination> => examine({ here: open() });
const lostChecks = ({ unseen }: Examination): string[] => [...new Set(unseen.flatMap(({ checks }) => checks))].toSorted();

before(async () => {
  original = await openOriginal(seedProvider());
});
beforeEach(() => {
  original.rows = seedProvider();
  for (const set of [original.closed, original.hiddenFields, original.hiddenRows]) set.clear();
});
after(() => original.close());

test('the mistake of the seed is named by the tables and fields that the article names', async () => {
  const { findings } = await look();
  assert.deepEqual(
    findings.map(({ code, connection, evidence: [first] }) => [code, connection, first?.table, first?.record, first?.field]),
    [
      ['AUTH-01', 'PCN0001042', 'oauth_entity', 'Service Bridge Client PCN0001042', 'user'],
      ['AUTH-02', 'PCN0001042', 'oauth_entity', 'Service Bridge Provider PCN0001042', 'user'],
      ['QUEUE-02', 'PCN0001042', 'sn_transport_queue', 'd'.repeat(32), 'state'],
      ['QUEUE-01', 'PCN0001042', 'sn_transport_queue', 'e'.repeat(32), 'sys_created_on'],
    ],
  );
  const [unbound, misbound] = makeReport(await look(), now).findings;
  assert.equal(
    unbound?.byHand,
    `All > System OAuth > Application Registry > "Service Bridge Client PCN0001042": set OAuth Application User to sb_user.PCN0001042, save`,
  );
  assert.equal(
    misbound?.byHand,
    'All > System OAuth > Application Registry > "Service Bridge Provider PCN0001042": clear OAuth Application User, save',
  );
  assert.equal(misbound?.evidence[0]?.shown, 'sb_user.PCN0001042');
  assert.equal(misbound?.evidence[0]?.url, `${original.url}/api/now/table/oauth_entity/${'9'.repeat(32)}`);
});

test('what only our instances keep is said to be unseen, with the checks that say nothing because of it', async () => {
  const seen = await look();
  assert.deepEqual(lostChecks(seen), [
    'AUTH-07',
    'AUTH-08',
    'AUTH-09',
    'AUTH-12',
    'ID-01',
    'ID-02',
    'LINK-01',
    'LINK-02',
    'LINK-03',
    'LINK-06',
    'QUEUE-04',
    'QUEUE-05',
    'QUEUE-06',
  ]);
  assert.ok(seen.unseen.some(({ what, why }) => what === 'sn_transport_lane' && why === 'there is no such table'));
});

test('a healthy one has nothing wrong, as far as it can be seen', async () => {
  const [client, provider] = original.rows.oauth_entity ?? [];
  Object.assign(client ?? {}, { user: 'a'.repeat(32) });
  Object.assign(provider ?? {}, { user: '' });
  original.rows.sn_transport_queue = [];
  assert.deepEqual((await look()).findings, []);
});

test('a table that is closed to the account is said to be closed, and its checks say nothing', async () => {
  original.closed.add('oauth_entity').add('sys_properties');
  const seen = await look();
  assert.deepEqual(
    seen.findings.map(({ code }) => code),
    ['QUEUE-02', 'QUEUE-01'],
  );
  for (const code of ['AUTH-01', 'AUTH-02', 'AUTH-03', 'AUTH-10']) assert.ok(lostChecks(seen).includes(code), code);
  assert.ok(seen.unseen.some(({ what, why }) => what === 'oauth_entity' && why === 'this account may not read it'));
});

test('a column that the account may not read is no empty column', async () => {
  original.hiddenFields.add('oauth_entity.user').add('oauth_entity.user.user_name');
  const seen = await look();
  assert.deepEqual(
    seen.findings.map(({ code }) => code),
    ['QUEUE-02', 'QUEUE-01'],
  );
  assert.ok(
    seen.unseen.some(
      ({ what, checks }) => what === 'oauth_entity.user' && checks.includes('AUTH-01') && checks.includes('AUTH-02'),
    ),
  );
});

test('rows that the account may not read are not taken for missing', async () => {
  for (const letter of ['a', 'b', '7', '4', '8']) original.hiddenRows.add(letter.repeat(32));
  const seen = await look();
  assert.deepEqual(
    seen.findings.map(({ code }) => code),
    ['AUTH-02', 'QUEUE-02', 'QUEUE-01'],
  );
  assert.ok(
    seen.unseen.some(({ what, why }) => what === 'sys_user (rows)' && why === '1 of 1 rows are hidden from this account'),
  );
});

test('an account that sees no connection hears that nothing can be said, and not that all is well', async () => {
  original.closed.add('sn_sb_connection');
  const report = makeReport(await look(), now);
  assert.deepEqual([report.verdict, report.exitCode, report.findings], ['blind', 1, []]);
  assert.equal(report.instances[0]?.connections, undefined);
});

test('an instance without Service Exchange is no healthy one', async () => {
  original.rows = { sys_user: [], sys_properties: [] };
  const report = makeReport(await look(), now);
  assert.deepEqual([report.verdict, report.exitCode], ['blind', 1]);
  assert.ok(report.unseen.some(({ what, why }) => what === 'sn_sb_connection' && why === 'there is no such table'));
});

test('a link that still uses a password is no broken one, and is told to be old', async () => {
  const [client, provider] = original.rows.oauth_entity ?? [];
  Object.assign(provider ?? {}, { user: '', default_grant_type: 'password' });
  assert.equal(client?.user, '');
  original.rows.sn_transport_queue = [];
  const { findings } = await look();
  assert.deepEqual(
    findings.map(({ code, severity, evidence: [first] }) => [code, severity, first?.table, first?.field]),
    [['AUTH-05', 'warning', 'oauth_entity', 'default_grant_type']],
  );
});

test('a wrong password is a sentence with the address, and never with the password', async () => {
  await assert.rejects(examine({ here: open('wrong') }), (error: Error) => {
    assert.ok(error.message.startsWith(`${original.url} does not accept this user and password.`), error.message);
    return true;
  });
});

test('looking writes nothing', () => {
  assert.ok(original.reads.length > 50);
  assert.deepEqual(original.writes, []);
});
