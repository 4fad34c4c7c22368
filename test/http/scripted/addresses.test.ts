// Where scripted REST APIs answer: namespaces, versions, paths, methods, and what is refused when it is saved.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic } from '../../parts/running_instance.ts';
import { openScripted } from './part.ts';

const unsavable: ReadonlyArray<readonly [table: string, values: Record<string, string>]> = [
  ['sys_ws_definition', { name: 'n', service_id: 'ok', namespace: 'now' }],
  ['sys_ws_definition', { name: 'n', service_id: 'ok', namespace: 'Upper' }],
  ['sys_ws_definition', { name: 'n', service_id: 'ok', namespace: 'a/b' }],
  ['sys_ws_definition', { name: 'n', service_id: 'v1', namespace: 'x_test' }],
  ['sys_ws_definition', { name: 'n', service_id: '../etc', namespace: 'x_test' }],
  ['sys_ws_definition', { name: 'n', service_id: '', namespace: 'x_test' }],
  ['sys_ws_definition', { name: 'n', service_id: 'types', namespace: 'x_test', consumes: 'application/json, nonsense' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/a//b' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/{id}/{id}' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/{}' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/a{id}' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/../x' }],
  ['sys_ws_operation', { name: 'n', relative_path: '/a?b' }],
  ['sys_ws_operation', { name: 'n', relative_path: `/${'a/'.repeat(30)}` }],
  ['sys_ws_operation', { name: 'n', web_service_definition: 'ffffffffffffffffffffffffffffffff' }],
  ['sys_ws_version', { version: '-1' }],
];

forEachEngine((engine) => {
  let world: Awaited<ReturnType<typeof openScripted>>;
  before(async () => {
    world = await openScripted(engine);
    await world.makeApi('stays');
  });
  after(() => world.stop());

  it('takes the namespace from the row, the application or the property', async () => {
    const { make, change, ask } = world;
    const uriOf = async (values: Record<string, string>) => (await make('sys_ws_definition', { name: 'n', ...values })).base_uri;
    assert.equal(await uriOf({ service_id: 'one', namespace: 'x_own' }), '/api/x_own/one');
    assert.equal(await uriOf({ service_id: 'two', sys_scope: 'x_scope' }), '/api/x_scope/two');
    assert.equal(await uriOf({ service_id: 'three' }), '/api/company/three');
    const [property] = (await ask('/api/now/table/sys_properties?sysparm_query=name=glide.appcreator.company.code')).json.result;
    await change('sys_properties', property.sys_id, { value: 'acme' });
    assert.equal(await uriOf({ service_id: 'four' }), '/api/acme/four');
  });

  it('serves, changes and forgets at once', async () => {
    const { makeApi, makeOperation, change, remove, ask } = world;
    const api = await makeApi('life');
    const operation = await makeOperation(api, 'return 1;');
    assert.equal(operation.operation_uri, '/api/x_test/life');
    assert.deepEqual((await ask('/api/x_test/life')).json, { result: 1 });
    assert.deepEqual((await ask('/api/x_test/life/')).json, { result: 1 });
    await change('sys_ws_operation', operation.sys_id ?? '', { relative_path: 'deep/er/' });
    assert.equal((await ask('/api/x_test/life')).status, 400);
    assert.deepEqual((await ask('/api/x_test/life/deep/er')).json, { result: 1 });
    const renamed = await change('sys_ws_definition', api.sys_id ?? '', { service_id: 'after_life' });
    assert.equal(renamed.json.result.base_uri, '/api/x_test/after_life');
    const { result } = (await ask(`/api/now/table/sys_ws_operation/${operation.sys_id}`)).json;
    assert.equal(result.operation_uri, '/api/x_test/after_life/deep/er');
    assert.deepEqual((await ask('/api/x_test/after_life/deep/er')).json, { result: 1 });
    await change('sys_ws_operation', operation.sys_id ?? '', { active: 'false' });
    assert.equal((await ask('/api/x_test/after_life/deep/er')).status, 400);
    await change('sys_ws_operation', operation.sys_id ?? '', { active: 'true' });
    await remove('sys_ws_definition', api.sys_id ?? '');
    assert.equal((await ask('/api/x_test/after_life/deep/er')).status, 400);
    assert.equal((await ask(`/api/now/table/sys_ws_operation/${operation.sys_id}`)).status, 404);
  });

  it('tells unknown paths of a known namespace from unknown namespaces', async () => {
    const { ask } = world;
    const known = await ask('/api/x_test/nothing/here');
    assert.deepEqual([known.status, known.json.error.message], [400, 'Requested URI does not represent any resource']);
    assert.equal((await ask('/api/x_nobody/nothing')).status, 404);
    assert.equal((await ask('/api/x_test/nothing', { authorization: '' })).status, 401);
    assert.equal((await ask('/api/x_test/%ff')).status, 400);
    assert.equal((await ask('/api/x_test/life/%00')).status, 400);
  });

  it('serves versions under their segments, and the default one without', async () => {
    const { make, makeApi, makeOperation, operationOf, save, change, ask } = world;
    const api = await makeApi('versions');
    const first = await makeOperation(api, 'return "one";');
    const v1 = await make('sys_ws_version', { web_service_definition: api.sys_id ?? '' });
    assert.equal(v1.version_id, 'v1');
    assert.deepEqual((await ask('/api/x_test/v1/versions')).json, { result: 'one' });
    assert.equal((await ask('/api/x_test/versions')).status, 400);
    const taken = (await ask(`/api/now/table/sys_ws_operation/${first.sys_id}?sysparm_exclude_reference_link=true`)).json.result;
    assert.deepEqual([taken.web_service_version, taken.operation_uri], [v1.sys_id, '/api/x_test/v1/versions']);
    const v2 = await make('sys_ws_version', { web_service_definition: api.sys_id ?? '', is_default: 'true' });
    const inV2 = { web_service_version: v2.sys_id ?? '' };
    await makeOperation(api, 'return "two";', inV2);
    assert.deepEqual((await ask('/api/x_test/v2/versions')).json, { result: 'two' });
    assert.deepEqual((await ask('/api/x_test/versions')).json, { result: 'two' });
    await change('sys_ws_version', v1.sys_id ?? '', { is_default: 'true' });
    assert.deepEqual((await ask('/api/x_test/versions')).json, { result: 'one' });
    const defaults = await ask(
      `/api/now/table/sys_ws_version?sysparm_query=web_service_definition=${api.sys_id}^is_default=true`,
    );
    assert.equal(defaults.json.result.length, 1);
    assert.equal(
      (await save('sys_ws_operation', operationOf(api, ''))).status,
      400,
      'a versioned API takes no operation without',
    );
    const other = await makeApi('other_versions');
    assert.equal((await save('sys_ws_operation', operationOf(other, '', inV2))).status, 400, 'a version of another API');
    assert.equal((await save('sys_ws_version', { web_service_definition: api.sys_id ?? '', version: '2' })).status, 403);
  });

  const overlapping = [
    ['/same', '/same', true],
    ['/a/{id}', '/a/{name}', true],
    ['/b/{id}', '/b/new', true],
    ['/{x}/c', '/c/{y}', true],
    ['/d/{id}/one', '/d/{id}/two', false],
    ['/e', '/e/{id}', false],
    ['/F', '/f', false],
  ] as const;
  it('refuses paths that would answer one address, for the same method and version only', async () => {
    const { makeApi, makeOperation, operationOf, save, change } = world;
    for (const [at, [one, other, doOverlap]] of overlapping.entries()) {
      const api = await makeApi(`overlap${at}`);
      await makeOperation(api, '', { relative_path: one, name: 'the first' });
      const said = await save('sys_ws_operation', operationOf(api, '', { relative_path: other }));
      assert.equal(said.status, doOverlap ? 400 : 201, `${one} and ${other}: ${said.text}`);
      if (doOverlap) assert.match(said.json.error.detail, /\(the first\) would answer the same address$/);
      await makeOperation(api, '', { relative_path: other, http_method: 'POST' });
    }
    const api = await makeApi('overlap_late');
    await makeOperation(api, '', { relative_path: '/a' });
    const asleep = await makeOperation(api, '', { relative_path: '/{b}', active: 'false' });
    assert.equal((await change('sys_ws_operation', asleep.sys_id ?? '', { active: 'true' })).status, 400);
  });

  it('lets one of two overlapping operations in when both are saved at once', async () => {
    const api = await world.makeApi('race');
    const attempts = Array.from({ length: 6 }, (_, at) =>
      world.save('sys_ws_operation', world.operationOf(api, '', { relative_path: `/{p${at}}` })),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, 400, 400, 400, 400, 400]);
  });

  for (const [table, values] of unsavable) {
    it(`refuses ${table} ${JSON.stringify(values)}`, async () => {
      const refused = await world.makeApi(`refuses${Math.random().toString(36).slice(2)}`);
      const own: Record<string, string> = table === 'sys_ws_definition' ? {} : { web_service_definition: refused.sys_id ?? '' };
      const said = await world.save(table, { ...own, ...values });
      assert.ok(said.status === 400 || said.status === 403, `${said.status} ${said.text}`);
    });
  }

  it('is kept by web service administrators, and by no other user', async () => {
    await world.makeUser('ws.admin', 'a password', ['web_service_admin']);
    await world.makeUser('ws.nobody', 'a password', ['itil']);
    const body = JSON.stringify({ name: 'n', service_id: 'kept', namespace: 'x_test' });
    const as = (user: string) =>
      world.ask('/api/now/table/sys_ws_definition', {
        authorization: basic(user, 'a password'),
        headers: { 'content-type': 'application/json' },
        body,
      });
    assert.equal((await as('ws.nobody')).status, 403);
    assert.equal((await as('ws.admin')).status, 201);
    assert.equal((await as('ws.admin')).status, 403, 'the name is taken');
  });
});
