// What scripted REST operations and transform scripts see, and what is read back from them.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { runScriptedRest, type ScriptedRequest } from '../../src/scripting/scripted_rest.ts';
import { openTransformScripts } from '../../src/scripting/transform_scripts.ts';
import { bareHost, openRunner } from './part.ts';

let opened: ReturnType<typeof openRunner>;
before(() => {
  opened = openRunner();
});
after(() => opened.runner.close());

const answer = (body: string, request: Partial<ScriptedRequest> = {}) =>
  runScriptedRest(opened.runner, {
    source: `(function process(/*RESTAPIRequest*/ request, /*RESTAPIResponse*/ response) {\n${body}\n})(request, response);`,
    file: 'sys_ws_operation.1',
    host: bareHost(),
    lane: 'u1',
    request: {
      body: { data: { a: 1 }, text: '{"a":1}' },
      headers: { 'x-one': 'first' },
      pathParams: { id: '7' },
      queryParams: { q: ['a', 'b'] },
      queryString: 'q=a&q=b',
      uri: '/api/x/thing/7',
      url: 'https://instance.example/api/x/thing/7',
      supportedContentTypes: ['application/json'],
      ...request,
    },
  });

it('gives the request as documented', async () => {
  const { body, status } = await answer(
    `return [request.getHeader('X-ONE'), request.pathParams.id, request.queryParams.q, request.body.data.a, request.body.dataString, request.body.hasNext(), request.body.nextEntry().a, request.queryString, request.uri];`,
  );
  assert.equal(status, 200);
  assert.deepEqual(body, ['first', '7', ['a', 'b'], 1, '{"a":1}', true, 1, 'q=a&q=b', '/api/x/thing/7']);
});

it('takes the response as the script set it', async () => {
  const set = await answer(
    `response.setStatus(201); response.setHeader('X-Two', '2'); response.setLocation('/x/1'); response.setContentType('text/plain'); response.setBody({ made: true });`,
  );
  assert.deepEqual(
    [set.status, { ...set.headers }, set.contentType, set.body],
    [201, { 'X-Two': '2', Location: '/x/1' }, 'text/plain', { made: true }],
  );
  const streamed = await answer(
    `var w = response.getStreamWriter(); w.writeString('a,'); w.writeStream(request.body.dataStream);`,
  );
  assert.deepEqual([streamed.stream, streamed.body], ['a,{"a":1}', undefined]);
  assert.equal((await answer('')).body, undefined);
});

it('reads the body as a stream only once', async () => {
  await assert.rejects(answer(`request.body.dataStream; request.body.dataStream;`), (error) =>
    isFault(error, 'scripting.uncaught'),
  );
});

for (const [thrown, status, message, detail] of [
  [`throw new sn_ws_err.BadRequestError('no good')`, 400, 'no good', ''],
  [`throw new sn_ws_err.NotFoundError('gone')`, 404, 'gone', ''],
  [`throw new sn_ws_err.NotAcceptableError('n')`, 406, 'n', ''],
  [`throw new sn_ws_err.ConflictError('twice')`, 409, 'twice', ''],
  [`throw new sn_ws_err.UnsupportedMediaTypeError('u')`, 415, 'u', ''],
  [
    `var e = new sn_ws_err.ServiceError(); e.setStatus(418); e.setMessage('teapot'); e.setDetail('short'); throw e`,
    418,
    'teapot',
    'short',
  ],
  [`response.setError(new sn_ws_err.ConflictError('set'))`, 409, 'set', ''],
] as const) {
  it(`answers ${status} for ${thrown}`, async () => {
    const { error, status: given } = await answer(thrown);
    assert.deepEqual([given, error], [status, { message, detail }]);
  });
}

for (const [what, body] of [
  ['a header with a line break', `response.setHeader('X-A', 'a\\r\\nSet-Cookie: b')`],
  ['a header name with blanks', `response.setHeader('X A', 'a')`],
  ['a location with a line break', `response.setLocation('/a\\n')`],
  ['headers that no client reads', `for (var i = 0; i < 1000; i++) response.setHeader('X-' + i, 'value')`],
  ['a header that no client reads', `response.setHeader('X-Long', new Array(9000).join('x'))`],
  ['a location that no client reads', `response.setLocation('/' + new Array(9000).join('x'))`],
  ['a status out of range', `response.setStatus(99)`],
  ['a status that is none', `response.setStatus('many')`],
] as const) {
  it(`refuses ${what}`, async () => {
    await assert.rejects(answer(body), (error) => isFault(error, 'scripting.bad_response'));
  });
}

it('leaves cookies and framing to the server', async () => {
  const { headers } = await answer(
    `response.setHeader('Set-Cookie', 'a=b'); response.setHeader('Content-Length', '5'); response.setHeader('X-Ok', '1');`,
  );
  assert.deepEqual({ ...headers }, { 'X-Ok': '1' });
});

const describeTable = async () => ({
  label: 'User',
  display: 'name',
  fields: {
    name: { type: 'string', label: 'Name' },
    email: { type: 'string', label: 'Email' },
    u_mail: { type: 'string', label: 'Mail' },
    active: { type: 'boolean', label: 'Active' },
  },
});

it('gives transform scripts their variables, and takes back what they made of them', async () => {
  const scripts = await openTransformScripts(opened.runner, {
    host: () => bareHost({ describe: describeTable }),
    lane: 'import',
  });
  const held = {
    source: { table: 'u_people', values: { u_mail: 'A@EXAMPLE.COM', sys_id: 's1' } },
    target: { table: 'sys_user', values: {}, pending: { name: 'A' }, isNew: true },
    action: 'insert' as const,
  };
  const done = await scripts.run(
    {
      source: `(function runTransformScript(source, map, log, target) {
        target.email = source.u_mail.toString().toLowerCase();
        target.active = true;
        log.info('row of ' + source.u_mail);
        response.extra = 'seen';
        if (action == 'insert' && target.isNewRecord()) status_message = 'made';
      })(source, map, log, target);`,
      file: 'sys_transform_script.1',
    },
    held,
  );
  assert.equal(done.fault, undefined);
  assert.deepEqual({ ...done.target }, { name: 'A', email: 'a@example.com', active: 'true' });
  assert.deepEqual(
    [done.statusMessage, done.response, done.logs, done.ignore, done.error],
    ['made', { extra: 'seen' }, [{ level: 'info', text: 'row of A@EXAMPLE.COM' }], false, false],
  );

  const ignored = await scripts.run(
    { source: `ignore = true; error_message = 'not wanted';`, file: 'sys_transform_script.2' },
    held,
  );
  assert.deepEqual([ignored.ignore, ignored.errorMessage, ignored.statusMessage], [true, 'not wanted', '']);
  const mapped = await scripts.run(
    {
      source: `answer = (function transformEntry(source) { return source.u_mail + '!'; })(source);`,
      file: 'sys_transform_entry.1',
    },
    held,
  );
  assert.equal(mapped.answer, 'A@EXAMPLE.COM!');
  const aborted = await scripts.run({ source: `target.setAbortAction(true)`, file: 'sys_transform_script.3' }, held);
  assert.equal(aborted.isAborted, true);
  const failed = await scripts.run({ source: `source.nothing.at.all`, file: 'sys_transform_script.4' }, held);
  assert.deepEqual([failed.fault?.code, failed.ignore], ['scripting.uncaught', false]);
  scripts.close();
});
