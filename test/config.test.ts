// Settings: where a value comes from, and that all complaints come at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { databaseOf, readSettings, type SettingName, settingList } from '../src/config.ts';
import { isFault } from '../src/kit/fault.ts';

const complaintOf = (flags: Partial<Record<SettingName, string>>, environment: Record<string, string> = {}): string => {
  try {
    readSettings(flags, environment);
  } catch (error) {
    assert.ok(isFault(error, 'config.invalid'));
    return error.message;
  }
  return assert.fail('the settings were taken');
};

test('defaults serve this machine only, on SQLite in ./data', () => {
  const settings = readSettings({}, {});
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.port, 8080);
  assert.equal(settings.demoData, false);
  assert.equal(databaseOf(settings), join(resolve('./data'), 'causeway.db'));
});

test('a flag wins over the environment, and the environment over the default', () => {
  assert.equal(readSettings({}, { CAUSEWAY_PORT: '9000' }).port, 9000);
  assert.equal(readSettings({ port: '0' }, { CAUSEWAY_PORT: '9000' }).port, 0);
});

test('an empty variable counts as not set', () => {
  assert.equal(readSettings({}, { CAUSEWAY_PORT: '', CAUSEWAY_DATABASE: '' }).port, 8080);
});

test('every setting that has a variable is read from it', () => {
  const variables = Object.values(settingList).map(({ variable }) => variable);
  assert.equal(new Set(variables).size, variables.length);
  for (const variable of variables) assert.match(variable, /^CAUSEWAY_[A-Z_]+$/);
});

const unusable: [SettingName, string][] = [
  ['port', '65536'],
  ['port', '-1'],
  ['port', '80a'],
  ['port', '1e3'],
  ['port', ' 80'],
  ['host', 'not a host'],
  ['baseUrl', 'causeway.example.com'],
  ['baseUrl', 'ftp://causeway.example.com'],
  ['baseUrl', 'https://causeway.example.com/path'],
  ['baseUrl', 'https://user:pw@causeway.example.com'],
  ['database', 'mysql://localhost/causeway'],
  ['demoData', 'perhaps'],
  ['logStdout', '2'],
  ['trustedProxies', '10.0.0.0/33'],
  ['trustedProxies', 'proxy.example.com'],
];
for (const [name, value] of unusable) {
  test(`${name} refuses "${value}" and says what it is called`, () => {
    assert.match(complaintOf({ [name]: value }), new RegExp(settingList[name].variable));
  });
}

test('all complaints come at once', () => {
  const message = complaintOf({ port: 'x', host: 'a b' }, { CAUSEWAY_BASE_URL: 'nowhere', CAUSEWAY_DEMO_DATA: 'perhaps' });
  for (const variable of ['CAUSEWAY_PORT', 'CAUSEWAY_HOST', 'CAUSEWAY_BASE_URL', 'CAUSEWAY_DEMO_DATA'])
    assert.match(message, new RegExp(variable));
});

test('a complaint about the database does not repeat its password', () => {
  assert.doesNotMatch(complaintOf({ database: 'postgres+x://me:verysecret@db/x' }), /verysecret/);
});

test('a base address loses its last slash, and proxies are a list', () => {
  const settings = readSettings({ baseUrl: 'https://causeway.example.com/', trustedProxies: 'loopback, 10.0.0.0/8,::1' }, {});
  assert.equal(settings.baseUrl, 'https://causeway.example.com');
  assert.deepEqual(settings.trustedProxies, ['loopback', '10.0.0.0/8', '::1']);
});

test('docs/operating.md lists every setting as it is', () => {
  const text = readFileSync(new URL('../docs/operating.md', import.meta.url), 'utf8');
  for (const { flag, variable, fallback, description } of Object.values(settingList)) {
    const code = (word: string) => (word === '' ? '' : `\`${word}\``);
    const row = `| ${code(flag)} | ${code(variable)} | ${code(fallback)} | ${description} |`;
    assert.ok(text.includes(row), `missing: ${row}`);
  }
});
