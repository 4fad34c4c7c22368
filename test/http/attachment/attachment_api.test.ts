// The Attachment API over real HTTP, on both engines: bytes in and out, metadata, ranges, rights, limits (data_api.md §4.2).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { openSocket } from '../../parts/raw_http.ts';
import { adminPassword, basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';

const json = { 'content-type': 'application/json' };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** Three chunks and a bit, and no two chunks alike. */
const large = Uint8Array.from({ length: 900_001 }, (_, at) => (at * 31 + (at >> 8)) % 251);

const form = (parts: readonly (readonly [head: string, content: string | Uint8Array])[], boundary = 'a-boundary'): Uint8Array =>
  Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
const formType = { 'content-type': 'multipart/form-data; boundary=a-boundary' };

forEachEngine((engine) => {
  let running: RunningInstance;
  let incident = '';
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const api = '/api/now/attachment';
  const upload = (fileName: string, body: string | Uint8Array, extra: Parameters<typeof ask>[1] = {}) =>
    ask(`${api}/file?table_name=incident&table_sys_id=${incident}&file_name=${encodeURIComponent(fileName)}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      ...extra,
    });
  const bytesOf = async (path: string, headers: Record<string, string> = {}) => {
    const said = await fetch(`${running.instance.localUrl}${path}`, {
      headers: { authorization: basic('admin', adminPassword), ...headers },
    });
    return { status: said.status, headers: said.headers, bytes: new Uint8Array(await said.arrayBuffer()) };
  };
  const newIncident = async (): Promise<string> =>
    (await ask('/api/now/table/incident', { headers: json, body: '{"short_description":"with files"}' })).json.result.sys_id;
  const setProperty = async (name: string, value: string) => {
    const found = await ask(`/api/now/table/sys_properties?name=${name}&sysparm_fields=sys_id`);
    const [{ sys_id: sysId }] = found.json.result;
    const body = JSON.stringify({ value });
    assert.equal((await ask(`/api/now/table/sys_properties/${sysId}`, { method: 'PATCH', headers: json, body })).status, 200);
  };

  before(async () => {
    running = await runInstance(engine);
    incident = await newIncident();
  });
  after(() => running.stop());

  test('bytes come back as they went in, with their hash, their size and their type', async () => {
    const made = await upload('grüße "1".bin', large, { headers: { 'content-type': 'application/x-thing' } });
    assert.equal(made.status, 201, made.text);
    const { result } = made.json;
    assert.ok(Object.values(result).every((value) => typeof value === 'string'));
    assert.deepEqual(
      [result.file_name, result.content_type, result.size_bytes, result.hash, result.table_name, result.table_sys_id],
      ['grüße "1".bin', 'application/x-thing', '900001', sha256(large), 'incident', incident],
    );
    assert.equal(result.download_link, `${running.instance.baseUrl}${api}/${result.sys_id}/file`);
    assert.equal(made.headers.get('location'), `${running.instance.baseUrl}${api}/${result.sys_id}`);
    assert.deepEqual([result.created_by_name, result.state], ['System Administrator', 'available']);

    const file = await bytesOf(`${api}/${result.sys_id}/file`, { accept: 'application/json' });
    assert.equal(file.status, 200);
    assert.equal(sha256(file.bytes), sha256(large));
    assert.equal(file.headers.get('content-type'), 'application/x-thing');
    assert.equal(file.headers.get('content-length'), '900001');
    assert.match(
      file.headers.get('content-disposition') ?? '',
      /^attachment; filename="gr__e _1_.bin"; filename\*=UTF-8''gr%C3%BC/,
    );
    const metadata = JSON.parse(file.headers.get('x-attachment-metadata') ?? '');
    assert.deepEqual(metadata, (await ask(`${api}/${result.sys_id}`)).json.result);
    const named = await bytesOf(`${api}/${incident}/${encodeURIComponent('grüße "1".bin')}/file`);
    assert.equal(sha256(named.bytes), sha256(large));
  });

  test('a file may have been made before it is sent; what is no moment is now', async () => {
    const madeAt = async (said: string) => {
      const path = `${api}/file?table_name=incident&table_sys_id=${incident}&file_name=old.txt&creation_time=${encodeURIComponent(said)}`;
      const { status, json: made } = await ask(path, { headers: { 'content-type': 'text/plain' }, body: 'x' });
      assert.equal(status, 201);
      return made.result;
    };
    const old = await madeAt('2024-02-29 12:00:00');
    assert.equal(old.creation_time, '2024-02-29 12:00:00');
    assert.notEqual(old.sys_created_on, old.creation_time);
    for (const said of ['', 'yesterday', '__proto__', '99999-99-99'])
      assert.equal(Date.parse(`${(await madeAt(said)).creation_time}Z`) > Date.parse('2026-01-01'), true, said);
  });

  test('an empty file is a file', async () => {
    const made = await upload('empty.txt', '');
    assert.deepEqual([made.status, made.json.result.size_bytes, made.json.result.hash], [201, '0', sha256(new Uint8Array())]);
    const file = await bytesOf(`${api}/${made.json.result.sys_id}/file`);
    assert.deepEqual([file.status, file.bytes.length, file.headers.get('content-length')], [200, 0, '0']);
  });

  test('a part of a file is read by range', async () => {
    const { sys_id: sysId, hash } = (await upload('ranges', large)).json.result;
    const path = `${api}/${sysId}/file`;
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 0],
      ['bytes=262143-262145', 262_143, 262_145],
      ['bytes=900000-', 900_000, 900_000],
      ['bytes=-10', 899_991, 900_000],
      ['bytes=262144-9999999', 262_144, 900_000],
    ] as const) {
      const part = await bytesOf(path, { range });
      assert.equal(part.status, 206, range);
      assert.equal(part.headers.get('content-range'), `bytes ${from}-${to}/900001`);
      assert.deepEqual(sha256(part.bytes), sha256(large.subarray(from, to + 1)), range);
    }
    const past = await bytesOf(path, { range: 'bytes=900001-' });
    assert.deepEqual([past.status, past.headers.get('content-range')], [416, 'bytes */900001']);
    for (const range of ['bytes=5-2', 'items=1-2', 'bytes=0-1,4-5', 'bytes=-', 'nonsense']) {
      assert.equal((await bytesOf(path, { range })).status, 200, range);
    }
    assert.equal((await bytesOf(path, { range: 'bytes=0-0', 'if-range': `"${hash}"` })).status, 206);
    assert.equal((await bytesOf(path, { range: 'bytes=0-0', 'if-range': '"another"' })).status, 200);
    const head = await ask(path, { method: 'HEAD' });
    assert.deepEqual([head.status, head.text, head.headers.get('content-length')], [200, '', '900001']);
  });

  test('a file that the caller has already is not sent again', async () => {
    const made = await upload('known.txt', 'known');
    const path = `${api}/${made.json.result.sys_id}/file`;
    const tag = `"${made.json.result.hash}"`;
    const conditions: ReadonlyArray<readonly [headers: Record<string, string>, status: number]> = [
      [{ 'if-none-match': tag }, 304],
      [{ 'if-none-match': `"x", W/${tag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"x"' }, 200],
      [{ 'if-match': tag }, 200],
      [{ 'if-match': `W/${tag}` }, 412],
      [{ 'if-match': '"x"' }, 412],
      [{ 'if-none-match': tag, range: 'bytes=0-1' }, 304],
    ];
    for (const [headers, status] of conditions) {
      const said = await bytesOf(path, headers);
      const expected = [status, status === 200 ? 5 : 0, tag];
      assert.deepEqual([said.status, said.bytes.length, said.headers.get('etag')], expected, JSON.stringify(headers));
    }
  });

  test('a form uploads its file, whatever the part is called', async () => {
    for (const part of ['uploadFile', 'file']) {
      const body = form([
        ['name="table_name"', 'incident'],
        ['name="table_sys_id"', incident],
        [`name="${part}"; filename="from form.txt"\r\nContent-Type: text/csv`, large],
      ]);
      const made = await ask(`${api}/upload`, { method: 'POST', headers: formType, body });
      assert.equal(made.status, 201, made.text);
      const { file_name: name, content_type: type, hash } = made.json.result;
      assert.deepEqual([name, type, hash], ['from form.txt', 'text/csv', sha256(large)]);
    }
    const renamed = form([
      ['name="table_name"', 'incident'],
      ['name="table_sys_id"', incident],
      ['name="file_name"', 'chosen.txt'],
      ['name="file"; filename="original.txt"', 'x'],
    ]);
    const made = await ask('/api/now/v1/attachment/upload', { method: 'POST', headers: formType, body: renamed });
    assert.equal(made.json.result.file_name, 'chosen.txt');
    assert.match(made.headers.get('location') ?? '', /\/api\/now\/v1\/attachment\/[0-9a-f]{32}$/);
  });

  test('a form that is no form is refused, and nothing stays of it', async () => {
    const count = async () => (await ask(`${api}?table_sys_id=${incident}&sysparm_limit=1`)).headers.get('x-total-count');
    const before = await count();
    const fields = [
      ['name="table_name"', 'incident'],
      ['name="table_sys_id"', incident],
    ] as const;
    const file = ['name="f"; filename="a.txt"', 'text'] as const;
    const whole = form([...fields, file]);
    for (const [headers, body, status] of [
      [json, '{}', 415],
      [{ 'content-type': 'multipart/form-data' }, whole, 415],
      [{ 'content-type': 'multipart/form-data; boundary=' }, whole, 400],
      [formType, form([...fields]), 400],
      [formType, form([file, ...fields]), 400],
      [formType, form([['name="table_name"', 'incident'], file]), 400],
      [formType, whole.subarray(0, whole.length - 30), 400],
      [formType, 'nonsense', 400],
      [formType, '', 400],
    ] as const) {
      const said = await ask(`${api}/upload`, { method: 'POST', headers: { ...headers }, body });
      assert.equal(said.status, status, said.text);
      assert.equal(said.json.status, 'failure');
    }
    assert.equal(await count(), before);
  });

  test('an upload whose connection breaks leaves nothing', async () => {
    const { socket } = openSocket(running.port);
    const path = `${api}/file?table_name=incident&table_sys_id=${incident}&file_name=broken`;
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin', adminPassword)}\r\nContent-Length: 5000000\r\n\r\n`,
    );
    socket.write(Buffer.alloc(600_000));
    const ended = () =>
      running
        .lines()
        .split('\n')
        .filter((line) => /End #\d+ .*attachment\/file,.*response_status:400/.test(line)).length;
    const before = ended();
    const started = running.lines().length;
    await untilTrue(() => /Start #\d+ .*attachment\/file/.test(running.lines().slice(started)));
    socket.destroy();
    await untilTrue(() => ended() > before);
    const listed = await ask(`${api}?file_name=broken`);
    assert.deepEqual(listed.json.result, []);
  });

  test('missing parameters and records have their own answers', async () => {
    for (const [query, status] of [
      ['', 400],
      [`table_name=incident&table_sys_id=${incident}`, 400],
      [`table_name=incident&file_name=x`, 400],
      [`table_sys_id=${incident}&file_name=x`, 400],
      [`table_name=incident&table_sys_id=${incident}&file_name=%01%0A`, 400],
      [`table_name=no_such_table&table_sys_id=${incident}&file_name=x`, 400],
      [`table_name=__proto__&table_sys_id=${incident}&file_name=x`, 400],
      [`table_name=incident&table_sys_id=${'0'.repeat(32)}&file_name=x`, 404],
      [`table_name=incident&table_sys_id=${incident}&file_name=x&encryption_context=y`, 400],
    ] as const) {
      const said = await ask(`${api}/file?${query}`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } });
      assert.equal(said.status, status, `${query}: ${said.text}`);
    }
    for (const path of [`/${'0'.repeat(32)}`, `/${'0'.repeat(32)}/file`, `/${incident}/nothing/file`, '/x/attributes']) {
      assert.equal((await ask(`${api}${path}`)).status, 404, path);
    }
  });

  test('the list is filtered, counted and linked', async () => {
    const owner = await newIncident();
    const address = (name: string) => `${api}/file?table_name=incident&table_sys_id=${owner}&file_name=${name}`;
    for (const name of ['a', 'b', 'c']) await ask(address(name), { method: 'POST', body: name });
    const byQuery = `${api}?sysparm_query=table_sys_id=${owner}^ORDERBYDESCfile_name&sysparm_limit=2`;
    const page = await ask(byQuery);
    assert.deepEqual(
      page.json.result.map((row: { file_name: string }) => row.file_name),
      ['c', 'b'],
    );
    assert.equal(page.headers.get('x-total-count'), '3');
    assert.match(page.headers.get('link') ?? '', /attachment\?sysparm_query=.*sysparm_offset=2>;rel="next"/);
    assert.equal((await ask(`${byQuery}&sysparm_suppress_pagination_header=true`)).headers.get('link'), null);
    const bare = await ask(`${api}?table_name=incident&table_sys_id=${owner}&file_name=b`);
    assert.equal(bare.json.result.length, 1);
    assert.deepEqual((await ask(`/api/now/v1/attachment?table_sys_id=${'1'.repeat(32)}`)).json, { result: [] });
  });

  test('a file is renamed and deleted, and ends with its record', async () => {
    const owner = await newIncident();
    const address = `${api}/file?table_name=incident&table_sys_id=${owner}&file_name=first`;
    const { sys_id: sysId } = (await ask(address, { method: 'POST', body: 'one' })).json.result;
    const renamed = await ask(`${api}/${sysId}`, { method: 'PATCH', headers: json, body: '{"file_name":"second"}' });
    assert.deepEqual([renamed.status, renamed.text], [204, '']);
    assert.equal((await ask(`${api}/${sysId}`)).json.result.file_name, 'second');
    assert.equal((await ask(`${api}/${sysId}`, { method: 'PATCH', headers: json, body: '{}' })).status, 400);
    assert.equal((await ask(`${api}/${sysId}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ask(`${api}/${sysId}/file`)).status, 404);

    const { sys_id: other } = (await ask(address, { method: 'POST', body: 'two' })).json.result;
    assert.equal((await ask(`/api/now/table/incident/${owner}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ask(`${api}/${other}`)).status, 404);
    assert.deepEqual((await ask(`/api/now/table/sys_attachment?table_sys_id=${owner}`)).json.result, []);
  });

  test('attributes are written, read and removed', async () => {
    const { sys_id: sysId } = (await upload('noted', 'x')).json.result;
    const path = `${api}/${sysId}/attributes`;
    const pair = { key: 'scan', value: 'clean' };
    assert.equal((await ask(path, { headers: json, body: JSON.stringify(pair) })).status, 201);
    assert.deepEqual((await ask(path)).json, { result: [pair] });
    const put = await ask(`${path}/scan`, { method: 'PUT', headers: json, body: '{"value":"dirty"}' });
    assert.deepEqual([put.status, put.json.result], [200, { key: 'scan', value: 'dirty' }]);
    assert.deepEqual((await ask(`${path}/scan`)).json.result.value, 'dirty');
    assert.equal((await ask(`${path}/scan`, { method: 'DELETE' })).status, 204);
    assert.equal((await ask(`${path}/scan`)).status, 404);
    assert.equal((await ask(path, { headers: json, body: '{"value":"x"}' })).status, 400);
  });

  test('who may not read the record sees no file of it, and who may not write it attaches none', async () => {
    const body = JSON.stringify({ user_name: 'files.reader', user_password: 'a long enough one', last_name: 'R' });
    const user = (await ask('/api/now/table/sys_user', { headers: json, body })).json.result.sys_id;
    const authorization = basic('files.reader', 'a long enough one');
    const property = (await ask('/api/now/table/sys_properties?sysparm_limit=1&sysparm_query=name=glide.attachment.role')).json
      .result[0].sys_id;
    const on = async (table: string, owner: string) =>
      (await ask(`${api}/file?table_name=${table}&table_sys_id=${owner}&file_name=secret`, { method: 'POST', body: 'x' })).json
        .result.sys_id;
    // Applications are closed to others; a group is read by everyone; properties are open row by row.
    const closed = await on('oauth_entity', await firstOf('oauth_entity'));
    const group = await firstOf('sys_user_group');
    const open = await on('sys_user_group', group);
    const byRow = await on('sys_properties', property);
    const status = async (path: string, options = {}) => (await ask(path, { authorization, ...options })).status;
    for (const path of [`${api}/${closed}`, `${api}/${closed}/file`, `/api/now/table/sys_attachment/${closed}`]) {
      assert.equal(await status(path), 404, path);
    }
    assert.equal(await status(`${api}/${open}/file`), 200);
    assert.equal(await status(`${api}/${byRow}/file`), 200);
    const listed = await ask(`${api}?file_name=secret`, { authorization });
    assert.deepEqual(listed.json.result.map((row: { sys_id: string }) => row.sys_id).sort(), [open, byRow].sort());
    assert.equal(listed.headers.get('x-total-count'), '2');
    const counted = await ask('/api/now/stats/sys_attachment?sysparm_count=true&file_name=secret', { authorization });
    assert.equal(counted.json.result.stats.count, '2');

    assert.equal(await status(`${api}/${open}`, { method: 'DELETE' }), 403);
    assert.equal(await status(`${api}/${open}`, { method: 'PATCH', headers: json, body: '{"file_name":"x"}' }), 403);
    assert.equal(await status(`${api}/${open}/attributes`, { headers: json, body: '{"key":"a","value":"b"}' }), 403);
    const attach = `${api}/file?table_name=sys_user_group&table_sys_id=${group}&file_name=x`;
    assert.equal(await status(attach, { method: 'POST', body: 'x' }), 403);
    for (const [method, path] of [
      ['POST', '/api/now/table/sys_attachment'],
      ['PATCH', `/api/now/table/sys_attachment/${open}`],
      ['DELETE', `/api/now/table/sys_attachment/${open}`],
    ] as const) {
      assert.equal(await status(path, { method, headers: json, body: '{"file_name":"x"}' }), 403, method);
    }
    assert.equal((await ask(`/api/now/table/sys_user/${user}`, { method: 'DELETE' })).status, 204);
  });

  const firstOf = async (table: string): Promise<string> => {
    const [found] = (await ask(`/api/now/table/${table}?sysparm_limit=1&sysparm_fields=sys_id`)).json.result;
    if (found) return found.sys_id;
    const made = await ask(`/api/now/table/${table}`, { headers: json, body: '{"name":"made for a file"}' });
    assert.equal(made.status, 201, made.text);
    return made.json.result.sys_id;
  };

  test('properties limit size, endings and roles', async () => {
    await setProperty('com.glide.attachment.max_size', '1');
    const tooLarge = await upload('large', new Uint8Array(1_048_577));
    assert.equal(tooLarge.status, 413);
    assert.equal((await upload('just fits', new Uint8Array(1_048_576))).status, 201);
    await setProperty('com.glide.attachment.max_size', '1024');

    await setProperty('glide.attachment.extensions', 'txt, PDF');
    const { status } = await upload('virus.exe', 'x');
    const kept = await upload('plan.Pdf', 'x');
    assert.deepEqual([status, kept.status], [403, 201]);
    const renamed = { method: 'PATCH', headers: json, body: '{"file_name":"plan.exe"}' };
    assert.equal((await ask(`${api}/${kept.json.result.sys_id}`, renamed)).status, 403);
    await setProperty('glide.attachment.extensions', '');
  });

  test('the purge leaves finished files alone', async () => {
    const { sys_id: sysId } = (await upload('kept', large)).json.result;
    await running.instance.purge();
    assert.equal(sha256((await bytesOf(`${api}/${sysId}/file`)).bytes), sha256(large));
  });

  test('a page of somebody else cannot act as one of ours', async () => {
    const made = await upload('page.html', '<script>alert(1)</script>', { headers: { 'content-type': 'text/html' } });
    const file = await bytesOf(`${api}/${made.json.result.sys_id}/file`);
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.match(file.headers.get('content-security-policy') ?? '', /sandbox/);
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
    for (const type of ['text/plain\r\nX: y', 'nonsense', 'a/b; "\u00e9"']) {
      const odd = await ask(`${api}/upload`, {
        method: 'POST',
        headers: formType,
        body: form([
          ['name="table_name"', 'incident'],
          ['name="table_sys_id"', incident],
          [`name="f"; filename="odd"\r\nContent-Type: ${type}`, 'x'],
        ]),
      });
      assert.equal(odd.status, 201, odd.text);
      assert.equal((await bytesOf(`${api}/${odd.json.result.sys_id}/file`)).status, 200);
    }
  });
});
