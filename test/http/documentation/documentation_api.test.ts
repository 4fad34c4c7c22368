// What the instance says of itself: the catalogue, and OpenAPI documents that a validator accepts (data_api.md §4.4).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { engines } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

const assertValid = async (document: Parameters<Validator['validate']>[0], version: string): Promise<void> => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  assert.ok(valid, JSON.stringify(errors)?.slice(0, 2000));
  assert.equal(validator.version, version);
};

describe('documents about the APIs', () => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);

  before(async () => {
    // Nothing here reaches the store but rights, which have tests on both engines.
    const [engine] = engines;
    assert.ok(engine);
    running = await runInstance(engine);
  });
  after(() => running.stop());

  test('the catalogue lists every API with versions and routes', async () => {
    const { result } = (await ask('/api/now/doc')).json;
    const table = result.now['Table API'];
    assert.deepEqual(
      [table.apiName, table.scripted, Object.keys(table.versions).sort()],
      ['now/table', false, ['latest', 'v1', 'v2']],
    );
    assert.ok(
      table.versions.v2.resources.some(
        (each: { httpMethod: string; route: string }) =>
          each.httpMethod === 'PATCH' && each.route === '/now/v2/table/{table}/{sys_id}',
      ),
    );
    for (const title of ['Aggregate API', 'Attachment API', 'Batch API']) assert.ok(result.now[title], title);
    assert.deepEqual(Object.keys((await ask('/api/now/doc/services?namespace=now')).json.result), ['now']);
    assert.deepEqual((await ask('/api/now/doc/services?namespace=nobody')).json, { result: {} });
    assert.ok((await ask('/api/now/doc/namespaces')).json.result.includes('now'));
  });

  test('one operation is found by method and route', async () => {
    const found = await ask('/api/now/doc/GET/now/v2/table/%7BtableName%7D');
    assert.deepEqual([found.status, found.json.result.apiName], [200, 'now/table']);
    for (const path of ['/GET/now/v9/table', '/BREW/now/table/%7Bx%7D', '/__proto__/x']) {
      assert.equal((await ask(`/api/now/doc${path}`)).status, 404, path);
    }
  });

  test('the export of each API is valid OpenAPI 3.0', async () => {
    const { result } = (await ask('/api/now/doc')).json;
    let seen = 0;
    for (const [namespace, titles] of Object.entries(result)) {
      for (const title of Object.keys(titles as object)) {
        const path = `/api/now/doc/oas_3?namespace=${namespace}&name=${encodeURIComponent(title)}&version=latest&format=json`;
        const said = await ask(path, { headers: { accept: 'application/octet-stream' } });
        assert.equal(said.status, 200, `${path} ${said.text}`);
        assert.equal(said.headers.get('content-type'), 'application/octet-stream');
        const document = JSON.parse(said.text);
        assert.deepEqual([document.openapi, document.info.title, document.info.version], ['3.0.1', title, 'latest']);
        assert.deepEqual(document.servers, [{ url: running.instance.baseUrl }]);
        await assertValid(document, '3.0');
        seen += 1;
      }
    }
    assert.ok(seen >= 6, `saw only ${seen} APIs`);
  });

  test('JSON by name, YAML by format, pinned versions, and an API that there is not', async () => {
    const path = '/api/now/doc/oas_3?namespace=now&name=now/table';
    const asJson = await ask(`${path}&version=v2`, { headers: { accept: 'application/json' } });
    assert.ok(asJson.json.paths['/api/now/v2/table/{table}'].get);
    const asYaml = await ask(`${path}&format=yaml`);
    assert.match(asYaml.text, /^openapi: 3\.0\.1\n/);
    await assertValid(asYaml.text, '3.0');
    const unknown = await ask('/api/now/doc/oas_3?namespace=now&name=Nope');
    assert.deepEqual([unknown.status, unknown.json.error.detail], [404, 'API Nope not found in namespace now']);
  });

  test('scripted APIs stand beside the others, version by version, for those who may call them', async () => {
    const make = async (table: string, values: Record<string, string>): Promise<Record<string, string>> => {
      const said = await ask(`/api/now/table/${table}`, { headers: json, body: JSON.stringify(values) });
      assert.equal(said.status, 201, said.text);
      return said.json.result;
    };
    const operation = (api: Record<string, string>, more: Record<string, string>) =>
      make('sys_ws_operation', {
        name: 'One order',
        web_service_definition: api.sys_id ?? '',
        http_method: 'GET',
        operation_script: '(function process(request, response) {})(request, response);',
        ...more,
      });
    const api = await make('sys_ws_definition', {
      name: 'Orders',
      service_id: 'orders',
      namespace: 'x_docs',
      is_versioned: 'true',
    });
    const versions = await Promise.all(
      ['v1', 'v2'].map((version_id) =>
        make('sys_ws_version', { web_service_definition: api.sys_id ?? '', version_id, is_default: String(version_id === 'v2') }),
      ),
    );
    const [first, second] = await Promise.all(
      versions.map(({ sys_id: web_service_version = '' }) =>
        operation(api, { web_service_version, relative_path: '/{id}/lines-of/{line}' }),
      ),
    );
    await make('sys_ws_query_parameter', { name: 'depth', web_service_operation: second?.sys_id ?? '', is_required: 'true' });
    await make('sys_ws_header', { name: 'X-Depth', web_service_operation: second?.sys_id ?? '' });
    assert.ok(first);
    const plain = await make('sys_ws_definition', {
      name: 'Plain',
      service_id: 'plain',
      namespace: 'x_docs',
      produces: 'text/plain',
    });
    await operation(plain, { relative_path: '/a/b', http_method: 'POST', consumes: 'application/json' });
    await operation(plain, { relative_path: '/a-b', http_method: 'POST', requires_snc_internal_role: 'true' });

    const { result } = (await ask('/api/now/doc/services?namespace=x_docs')).json;
    assert.deepEqual(
      [result.x_docs.Orders.scripted, Object.keys(result.x_docs.Orders.versions).sort(), Object.keys(result.x_docs).sort()],
      [true, ['latest', 'v1', 'v2'], ['Orders', 'Plain']],
    );
    assert.deepEqual(result.x_docs.Orders.versions.v1.resources, [
      { httpMethod: 'GET', route: '/x_docs/v1/orders/{id}/lines-of/{line}', description: 'One order' },
    ]);
    assert.ok((await ask('/api/now/doc/namespaces')).json.result.includes('x_docs'));
    const found = await ask('/api/now/doc/GET/x_docs/v2/orders/%7Ba%7D/lines-of/%7Bb%7D');
    assert.deepEqual([found.status, found.json.result.apiName], [200, 'x_docs/orders']);

    const spec = async (name: string, version: string) => {
      const said = await ask(`/api/now/doc/oas_3?namespace=x_docs&name=${name}&version=${version}`, {
        headers: { accept: 'application/json' },
      });
      await assertValid(said.json, '3.0');
      return said.json;
    };
    assert.deepEqual(Object.keys((await spec('Orders', 'v1')).paths), ['/api/x_docs/v1/orders/{id}/lines-of/{line}']);
    const newest = (await spec('Orders', 'latest')).paths['/api/x_docs/orders/{id}/lines-of/{line}'].get;
    assert.deepEqual(
      newest.parameters.map((each: { name: string; in: string; required: boolean }) => [each.name, each.in, each.required]),
      [
        ['id', 'path', true],
        ['line', 'path', true],
        ['depth', 'query', true],
        ['X-Depth', 'header', false],
      ],
    );
    const { paths } = await spec('Plain', 'latest');
    assert.deepEqual(Object.keys(paths).sort(), ['/api/x_docs/plain/a-b', '/api/x_docs/plain/a/b']);
    assert.deepEqual(Object.keys(paths['/api/x_docs/plain/a/b'].post.requestBody.content), ['application/json']);
    assert.deepEqual(Object.keys(paths['/api/x_docs/plain/a/b'].post.responses[201].content), ['text/plain']);

    const body = JSON.stringify({ user_name: 'doc.caller', user_password: 'a long enough one', last_name: 'C' });
    assert.equal((await ask('/api/now/table/sys_user', { headers: json, body })).status, 201);
    const authorization = basic('doc.caller', 'a long enough one');
    const less = (await ask('/api/now/doc/services?namespace=x_docs', { authorization })).json.result.x_docs.Plain;
    assert.deepEqual(
      less.versions.latest.resources.map(({ route }: { route: string }) => route),
      ['/x_docs/plain/a/b'],
    );
  });

  test('the whole instance is valid OpenAPI 3.1, with the tables that the caller may read', async () => {
    const path = '/api/now/doc/openapi?tables=incident,sys_user_group,sys_audit,nope,__proto__';
    const whole = (await ask(path, { headers: { accept: 'application/json' } })).json;
    await assertValid(whole, '3.1');
    assert.deepEqual(Object.keys(whole.components.schemas).sort(), ['Failure', 'incident', 'sys_audit', 'sys_user_group']);
    assert.equal(whole.components.schemas.incident.properties.sys_id.readOnly, true);
    const ids = Object.values(whole.paths as Record<string, Record<string, { operationId: string }>>).flatMap((verbs) =>
      Object.values(verbs).map((operation) => operation.operationId),
    );
    assert.equal(new Set(ids).size, ids.length, 'an operationId stands twice');
    const body = JSON.stringify({ user_name: 'doc.reader', user_password: 'a long enough one', last_name: 'R' });
    assert.equal((await ask('/api/now/table/sys_user', { headers: json, body })).status, 201);
    const authorization = basic('doc.reader', 'a long enough one');
    const less = await ask(path, { authorization, headers: { accept: 'application/json' } });
    assert.ok(!Object.keys(less.json.components.schemas).includes('sys_audit'));
  });
});
