// Which methods an address takes: as the router would find it, with every method that it does not take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api, ApiMethod } from '../../src/http/api.ts';
import { makeKnownAddresses } from '../../src/http/known_addresses.ts';

const operation = (method: ApiMethod, path: string) => ({ method, path, handle: () => assert.fail('not asked') });

const table: Api = {
  name: 'now/table',
  base: '/api/now',
  versions: ['', 'v2'],
  operations: [operation('GET', '/table/:table'), operation('POST', '/table/:table'), operation('PUT', '/table/:table/:sys_id')],
};
const files: Api = {
  name: 'now/attachment',
  base: '/api/now',
  versions: [''],
  operations: [
    operation('GET', '/attachment/:sys_id'),
    operation('DELETE', '/attachment/:sys_id'),
    operation('POST', '/attachment/file'),
  ],
};
const others: Api = {
  name: 'others',
  base: '',
  versions: [''],
  operations: [operation('GET', '/doc/:verb/*'), operation('GET', '/:table.do')],
};
const addresses = makeKnownAddresses([table, files, others]);

const found = (url: string) => {
  const address = addresses.find({ url });
  return address && [address.api.name, address.version, [...address.offered].join()];
};

test('an address is known with its API, its version and its methods', () => {
  const list = ['now/table', '', 'GET,POST,HEAD'];
  for (const url of ['incident', 'incident/', 'incident?x=/y', '%69ncident', 'a%2Fb', 'incident#x'])
    assert.deepEqual(found(`/api/now/table/${url}`), list, url);
  assert.deepEqual(found('/api/now/%74able/incident'), list);
  assert.deepEqual(found('/api/now/v2/table/incident/1'), ['now/table', 'v2', 'PUT']);
  // As the router has it: one slash at the end is none, of two the first leaves an empty name.
  assert.deepEqual(found('/api/now/table//'), list);
  assert.deepEqual(found('/doc/get/a/b/c'), ['others', '', 'GET,HEAD']);
  assert.deepEqual(found('/incident.do?WSDL'), ['others', '', 'GET,HEAD']);
});

test('what is none is not known', () => {
  for (const url of [
    '/',
    '/api',
    '/api/now/table',
    '/api/now/table/',
    '/API/now/table/incident',
    '/api/now/v3/table/incident',
    '/x.php',
  ])
    assert.equal(found(url), undefined, url);
  assert.equal(found('/api/now/table/%zz/1/2'), undefined);
});

test('what is written out goes before what is open, also for the methods that only the open one takes', () => {
  assert.deepEqual(found('/api/now/attachment/file'), ['now/attachment', '', 'POST']);
  assert.deepEqual(found('/api/now/attachment/files'), ['now/attachment', '', 'GET,DELETE,HEAD']);
  assert.deepEqual(addresses.mistaken, [{ address: '/api/now/attachment/file', methods: ['GET', 'DELETE', 'HEAD'] }]);
});
