// A call to a scripted REST operation over real HTTP: what the script sees, and what becomes of what it answers.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { forEachEngine } from '../../parts/engines.ts';
import { basic } from '../../parts/running_instance.ts';
import { openScripted } from './part.ts';

forEachEngine((engine) => {
  let world: Awaited<ReturnType<typeof openScripted>>;
  let api: Record<string, string>;
  let count = 0;
  before(async () => {
    world = await openScripted(engine);
    api = await world.makeApi('calls');
  });
  after(() => world.stop());

  /** Its address. */
  const operation = async (body: string, values: Record<string, string> = {}): Promise<string> => {
    count += 1;
    const made = await world.makeOperation(api, body, { relative_path: `/one${count}`, ...values });
    return made.operation_uri ?? '';
  };

  it('shows the script the request, without the credential', async () => {
    const uri = await operation(
      `return { path: request.pathParams, query: request.queryParams, header: request.getHeader('X-One'),
        secrets: [request.getHeader('Authorization'), request.headers.cookie === undefined], data: request.body.data,
        text: request.body.dataString, uri: request.uri, url: request.url, queryString: request.queryString,
        types: request.getSupportedResponseContentTypes() };`,
      { relative_path: '/seen/{id}/of/{other}', http_method: 'POST' },
    );
    assert.equal(uri, '/api/x_test/calls/seen/{id}/of/{other}');
    const { ask, instance } = world;
    const said = await ask('/api/x_test/calls/seen/a%2Fb/of/%C3%BC?q=1&q=2&__proto__=3&empty', {
      headers: { 'content-type': 'application/json', 'x-one': 'first' },
      body: '{"a":{"b":[1]}}',
    });
    assert.equal(said.status, 200, said.text);
    assert.deepEqual(said.json.result.path, { id: 'a/b', other: 'ü' });
    assert.equal(said.json.result.secrets[0], null);
    assert.deepEqual(Object.entries(said.json.result.query).sort(), [
      ['__proto__', ['3']],
      ['empty', ['']],
      ['q', ['1', '2']],
    ]);
    const { header, data, text, uri: path, url, queryString, types } = said.json.result;
    assert.deepEqual([header, data, text], ['first', { a: { b: [1] } }, '{"a":{"b":[1]}}']);
    assert.deepEqual([path, url], ['/api/x_test/calls/seen/a%2Fb/of/%C3%BC', `${instance.baseUrl}${path}`]);
    assert.equal(queryString, 'q=1&q=2&__proto__=3&empty');
    assert.deepEqual(types, ['application/json', 'application/xml', 'text/xml']);
    assert.equal(said.headers.get('content-type'), 'application/json;charset=UTF-8');
  });

  it('answers status, headers, location and body as the script set them', async () => {
    const uri = await operation(
      `response.setStatus(201); response.setHeader('X-Two', '2'); response.setHeader('Server', 'mine'); response.setLocation('/x/1'); response.setBody([{ a: null }, 'b']);`,
    );
    const said = await world.ask(uri);
    assert.deepEqual([said.status, said.text], [201, '{"result":[{"a":null},"b"]}']);
    assert.deepEqual(
      [said.headers.get('x-two'), said.headers.get('location'), said.headers.get('server')],
      ['2', '/x/1', 'Causeway'],
    );
    const head = await world.ask(uri, { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [201, '']);
  });

  it('sends a stream raw, nothing as nothing, and no body with 204', async () => {
    const csv = await operation(
      `response.setContentType('text/csv; charset=utf-8'); var w = response.getStreamWriter(); w.writeString('a,b\\n'); w.writeString('ü,2\\n');`,
    );
    const said = await world.ask(csv);
    assert.deepEqual([said.text, said.headers.get('content-type')], ['a,b\nü,2\n', 'text/csv;charset=UTF-8']);
    assert.deepEqual((await world.ask(await operation(''))).text, '');
    const gone = await world.ask(await operation(`response.setStatus(204); response.setBody({ a: 1 });`));
    assert.deepEqual([gone.status, gone.text], [204, '']);
  });

  it('speaks XML both ways', async () => {
    const uri = await operation(`return { got: request.body.data, list: [1, '<&>'], 'odd name': true };`, {
      http_method: 'POST',
    });
    const said = await world.ask(uri, {
      headers: { 'content-type': 'text/xml', accept: 'application/xml' },
      body: '<request><entry><a>1</a><a>2 &amp; 3</a><b><c><![CDATA[<d>]]></c></b></entry></request>',
    });
    assert.equal(said.status, 200);
    assert.equal(said.headers.get('content-type'), 'application/xml;charset=UTF-8');
    assert.match(
      said.text,
      /<got><request><entry><a>1<\/a><a>2 &amp; 3<\/a><b><c>&lt;d&gt;<\/c><\/b><\/entry><\/request><\/got>/,
    );
    assert.match(said.text, /<list>1<\/list><list>&lt;&amp;&gt;<\/list>/);
    const failed = await world.ask(await operation(`throw new sn_ws_err.NotFoundError('no <such> thing')`), {
      headers: { accept: 'text/xml' },
    });
    assert.equal(failed.status, 404);
    assert.match(failed.text, /<message>no &lt;such&gt; thing<\/message>/);
  });

  it('joins the values of a form with the query parameters', async () => {
    const uri = await operation('return request.queryParams;', { http_method: 'POST' });
    const said = await world.ask(`${uri}?a=1`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=2&b=x+y%26z',
    });
    assert.deepEqual(said.json.result, { a: ['1', '2'], b: ['x y&z'] });
  });

  it('reads gzip, and refuses what only says that it is', async () => {
    const uri = await operation('return request.body.data.a;', { http_method: 'PUT' });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const good = await world.ask(uri, { method: 'PUT', headers, body: gzipSync('{"a":"packed"}') });
    assert.deepEqual(good.json, { result: 'packed' });
    const bad = await world.ask(uri, { method: 'PUT', headers, body: '{"a":1}' });
    assert.equal(bad.status, 400);
    const bomb = await world.ask(uri, { method: 'PUT', headers, body: gzipSync(Buffer.alloc(12_000_000, 32)) });
    assert.equal(bomb.status, 400);
  });

  it('holds formats, methods and sizes to what the operation says', async () => {
    const uri = await operation('return 1;', { http_method: 'POST', consumes: 'text/csv', produces: 'text/plain' });
    const refused = await world.ask(uri, { headers: { 'content-type': 'application/json' }, body: '{}' });
    assert.deepEqual(
      [refused.status, refused.json.error.message],
      [415, 'Invalid content-type. Supported request media types for this service are: [text/csv]'],
    );
    const unwanted = await world.ask(uri, { headers: { 'content-type': 'text/csv', accept: 'image/png' }, body: 'a' });
    assert.deepEqual(
      [unwanted.status, unwanted.json.error.message],
      [406, 'Invalid accept type. Supported response media types for this service are: [text/plain]'],
    );
    const other = await world.ask(uri, { method: 'PATCH' });
    assert.deepEqual([other.status, other.headers.get('allow')], [405, 'POST']);
    const large = await world.ask(uri, { headers: { 'content-type': 'text/csv' }, body: 'a'.repeat(10_485_761) });
    assert.equal(
      large.json.error.detail,
      'Rejected large REST payload with content-length = 10485761 bytes. Max allowed: 10485760 bytes.',
    );
    const malformed = await world.ask(await operation('', { http_method: 'POST' }), {
      headers: { 'content-type': 'application/json' },
      body: '{"a":',
    });
    assert.equal(malformed.status, 400);
  });

  it('says errors as the script chose them, and an uncaught one with its message only', async () => {
    const cases = [
      [`throw new sn_ws_err.BadRequestError('no good')`, 400, 'no good', null],
      [
        `var e = new sn_ws_err.ServiceError(); e.setStatus(418); e.setMessage('tea'); e.setDetail('pot'); throw e;`,
        418,
        'tea',
        'pot',
      ],
      [`response.setError(new sn_ws_err.ConflictError('twice'));`, 409, 'twice', null],
      [`response.setBody({}); return new sn_ws_err.NotFoundError('gone');`, 404, 'gone', null],
    ] as const;
    for (const [body, status, message, detail] of cases) {
      const said = await world.ask(await operation(body));
      assert.deepEqual([said.status, said.json], [status, { error: { message, detail }, status: 'failure' }]);
    }
    const said = await world.ask(await operation(`gs.error('about {0}', 'this');\nvar secretive = {};\nsecretive.none.at.all;`));
    assert.equal(said.status, 500);
    assert.match(said.json.error.message, /cannot read property 'at' of undefined/);
    assert.match(said.json.error.detail, /^The script ended in sys_ws_operation\.[0-9a-f]{32}, line 4/);
    assert.ok(!said.text.includes('at process'), 'the stack stands in the log only');
    const id = said.headers.get('x-transaction-id') ?? '';
    const lines = world
      .lines()
      .split('\n')
      .filter((line) => line.includes(id));
    assert.ok(lines.some((line) => /SEVERE .*sys_ws_operation\.[0-9a-f]{32}: about this/.test(line)));
    assert.ok(lines.some((line) => /scripting\.uncaught: .*at process/.test(line)));
    assert.ok(
      lines.some((line) => /\*\*\* End .*api_name:x_test\/calls, resource:x_test\/calls\/one\d+, version:Default/.test(line)),
    );
    const syntax = await world.ask(await operation('this is no script'));
    assert.equal(syntax.status, 500);
    assert.match(syntax.json.error.message, /^The script does not compile: /);
  });

  it('reads and writes records with the rights of its caller', async () => {
    await world.makeUser('scripted.agent', 'a password', ['itil']);
    await world.makeUser('scripted.plain', 'a password');
    const uri = await operation(`
      var made = new GlideRecord('incident'); made.initialize(); made.short_description = 'from a script';
      var key = made.insert();
      var users = new GlideRecord('sys_user_role'); users.addQuery('name', 'itil'); users.query();
      var acl = new GlideRecord('sys_security_acl'); acl.query();
      return { made: key !== null, number: made.getValue('number'), by: made.getValue('sys_created_by'), who: gs.getUserName(),
        itil: gs.hasRole('itil'), acls: acl.getRowCount() };`);
    const agent = await world.ask(uri, { authorization: basic('scripted.agent', 'a password') });
    assert.equal(agent.status, 200, agent.text);
    const { number, ...rest } = agent.json.result;
    assert.match(number, /^INC\d{7}$/);
    assert.deepEqual(rest, { made: true, by: 'scripted.agent', who: 'scripted.agent', itil: true, acls: 0 });
    const { result } = (await world.ask(uri)).json;
    assert.equal(result.who, 'admin');
    assert.ok(result.acls > 0);
    const plain = (await world.ask(uri, { authorization: basic('scripted.plain', 'a password') })).json.result;
    assert.deepEqual([plain.itil, plain.acls], [false, 0]);
  });

  it('counts, adds up and groups', async () => {
    for (const [impact, state] of [
      ['1', '1'],
      ['1', '2'],
      ['3', '2'],
    ] as const)
      await world.make('incident', { short_description: 'figures', impact, state, urgency: impact });
    const uri = await operation(`
      var sums = new GlideAggregate('incident'); sums.addQuery('short_description', 'figures');
      ['SUM', 'AVG', 'MIN', 'MAX'].forEach(function (name) { sums.addAggregate(name, 'impact'); });
      sums.addAggregate('COUNT'); sums.query(); sums.next();
      var groups = new GlideAggregate('incident'); groups.addQuery('short_description', 'figures');
      groups.addAggregate('COUNT', 'state'); groups.addAggregate('MAX', 'impact'); groups.orderByAggregate('COUNT', 'state'); groups.query();
      var found = [];
      while (groups.next()) found.push([groups.getValue('state'), groups.getDisplayValue('state'), groups.getAggregate('COUNT', 'state'), groups.getAggregate('MAX', 'impact')]);
      var none = new GlideAggregate('incident'); none.addEncodedQuery('no_such_field=1'); none.addAggregate('COUNT'); none.query(); none.next();
      return { sums: ['SUM', 'AVG', 'MIN', 'MAX'].map(function (name) { return Number(sums.getAggregate(name, 'impact')); }), count: sums.getAggregate('COUNT'), groups: found, none: none.getAggregate('COUNT') };`);
    const { result } = (await world.ask(uri)).json;
    assert.deepEqual(
      result.sums.map((figure: number) => Math.round(figure * 1000) / 1000),
      [5, 1.667, 1, 3],
    );
    assert.deepEqual([result.count, result.none], ['3', '0']);
    assert.deepEqual(result.groups, [
      ['2', 'In Progress', '2', '3'],
      ['1', 'New', '1', '1'],
    ]);
  });

  it('uses script includes, as they are now', async () => {
    const include = (factor: number) =>
      `var Sums = Class.create(); Sums.prototype = { initialize: function () {}, times: function (n) { return n * ${factor}; }, type: 'Sums' };`;
    const made = await world.make('sys_script_include', { name: 'Sums', script: include(2) });
    const uri = await operation(`return [new Sums().times(21), new global.Sums().times(1)];`);
    assert.deepEqual((await world.ask(uri)).json.result, [42, 2]);
    await world.change('sys_script_include', made.sys_id ?? '', { script: include(3) });
    assert.deepEqual((await world.ask(uri)).json.result, [63, 3]);
    await world.change('sys_script_include', made.sys_id ?? '', { script: 'class Sums { times(n) { return n * 4; } }' });
    assert.deepEqual((await world.ask(uri)).json.result, [84, 4]);
    await world.change('sys_script_include', made.sys_id ?? '', { active: 'false' });
    assert.equal((await world.ask(uri)).status, 500);
  });

  it('reads properties, but no passwords, private ones or those of other roles', async () => {
    await world.make('sys_properties', { name: 'test.open', value: 'seen' });
    await world.make('sys_properties', { name: 'test.password', value: 'hidden', type: 'password' });
    await world.make('sys_properties', { name: 'test.private', value: 'hidden', is_private: 'true' });
    await world.make('sys_properties', { name: 'test.roles', value: 'for itil', read_roles: 'itil' });
    const uri = await operation(
      `return ['open', 'password', 'private', 'roles'].map(function (name) { return gs.getProperty('test.' + name, 'none'); });`,
    );
    const plain = await world.ask(uri, { authorization: basic('scripted.plain', 'a password') });
    assert.deepEqual(plain.json.result, ['seen', 'none', 'none', 'none']);
    const agent = await world.ask(uri, { authorization: basic('scripted.agent', 'a password') });
    assert.deepEqual(agent.json.result, ['seen', 'none', 'none', 'for itil']);
  });
});
