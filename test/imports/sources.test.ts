// Rows from a workbook, from a form, from an address elsewhere, and the scripts of every moment, through the doors of a whole instance.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { openScripted } from '../http/scripted/part.ts';
import { type Engine, engines } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';

/** A zip file whose entries are stored as they are. */
const zipOf = (files: Readonly<Record<string, string>>): Buffer => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt32LE(crc32(data), 10);
    about.writeUInt32LE(data.length, 14);
    about.writeUInt32LE(data.length, 18);
    about.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), about, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
};

const office = 'http://schemas.openxmlformats.org';
const xml = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>${text}`;
const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;

/** Two sheets; a date, a number and a truth among the texts of the first. */
const workbook = (): Buffer =>
  zipOf({
    '[Content_Types].xml': xml(`<Types xmlns="${office}/package/2006/content-types">
      <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      <Default Extension="xml" ContentType="application/xml"/></Types>`),
    '_rels/.rels': xml(`<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1"
      Type="${office}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
    'xl/workbook.xml':
      xml(`<workbook xmlns="${office}/spreadsheetml/2006/main" xmlns:r="${office}/officeDocument/2006/relationships">
      <sheets><sheet name="Staff" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': xml(`<Relationships xmlns="${office}/package/2006/relationships">
      <Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="rId2" Type="${office}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
      <Relationship Id="rId3" Type="${office}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`),
    'xl/styles.xml': xml(`<styleSheet xmlns="${office}/spreadsheetml/2006/main">
      <cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>
      <xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>`),
    'xl/worksheets/sheet1.xml': xml(`<worksheet xmlns="${office}/spreadsheetml/2006/main"><sheetData>
      <row r="1">${cell('A1', 'Name')}${cell('B1', 'Since')}${cell('C1', 'Desks')}${cell('D1', 'Away')}</row>
      <row r="2">${cell('A2', 'Zoë &amp; Ann')}<c r="B2" s="1"><v>46327</v></c><c r="C2"><v>2.5</v></c><c r="D2" t="b"><v>1</v></c></row>
      <row r="4">${cell('A4', 'Bo')}</row></sheetData></worksheet>`),
    'xl/worksheets/sheet2.xml': xml(`<worksheet xmlns="${office}/spreadsheetml/2006/main"><sheetData>
      <row r="1">${cell('A1', 'Name')}${cell('B1', 'Name')}${cell('C1', 'At')}${cell('D1', 'Sum')}${cell('E1', 'Hour')}</row>
      <row r="2">${cell('A2', 'Second sheet')}${cell('B2', 'Twin')}<c r="C2" s="2"><v>46327.000694444</v></c>
      <c r="D2"><f>A1+B1</f><v>0.30000000000000004</v></c><c r="E2" s="3"><v>0.5</v></c></row></sheetData></worksheet>`),
  });

let world: Awaited<ReturnType<typeof openScripted>>;
before(async () => {
  world = await openScripted(engines[0] as Engine);
});
after(() => world.stop());

const list = async (table: string, query = ''): Promise<Record<string, string>[]> => {
  const asked = new URLSearchParams({ sysparm_query: query, sysparm_exclude_reference_link: 'true' });
  return (await world.ask(`/api/now/table/${table}?${asked}`)).json.result;
};

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
const finished = async (job: string): Promise<any> => {
  let found: { state: string } = { state: '' };
  await untilTrue(async () => {
    found = (await world.ask(`/api/causeway/imports/${job}`)).json.result;
    return ['complete', 'failed', 'cancelled'].includes(found.state);
  });
  return found;
};

const json = { 'content-type': 'application/json' };

test('a workbook gives its cells as texts, dates as dates, and no row for an empty one', async () => {
  const said = await world.ask('/api/causeway/imports?table=u_book&transform=false&file_name=staff.xlsx', { body: workbook() });
  assert.equal(said.status, 202, said.text);
  const done = await finished(said.json.result.sys_id);
  assert.deepEqual([done.state, done.message, done.rows_loaded], ['complete', '', 2]);
  const rows = await list('u_book', 'ORDERBYsys_import_row');
  assert.deepEqual(
    rows.map((row) => [row.u_name, row.u_since, row.u_desks, row.u_away]),
    [
      ['Zoë & Ann', '2026-11-01', '2.5', 'true'],
      ['Bo', '', '', ''],
    ],
  );
});

test('a sheet is found by its name, with its formulas, moments to the second and hours, and two columns of one header', async () => {
  const load = (sheet: string) =>
    world.ask(`/api/causeway/imports?table=u_sheet&transform=false&file_name=a.xlsx&sheet=${sheet}`, { body: workbook() });
  const done = await finished((await load('Other')).json.result.sys_id);
  assert.deepEqual([done.state, done.message], ['complete', '']);
  const [row] = await list('u_sheet');
  assert.deepEqual(
    [row?.u_name, row?.u_name_2, row?.u_at, row?.u_sum, row?.u_hour],
    ['Second sheet', 'Twin', '2026-11-01 00:01:00', '0.3', '12:00:00'],
  );
  assert.match((await finished((await load('None')).json.result.sys_id)).message, /Sheet .*not found/i);
  assert.equal((await load('0')).status, 400);
});

test('sys_import.do takes a file in a form, of the sheet that is asked for, and transforms it', async () => {
  const map = await world.make('sys_transform_map', { name: 'Form', source_table: 'u_form', target_table: 'incident' });
  await world.make('sys_transform_entry', { map: map.sys_id ?? '', source_field: 'u_name', target_field: 'short_description' });
  const form = new FormData();
  form.set('remark', 'a field before the file');
  form.set('file', new Blob([new Uint8Array(workbook())]), 'staff.xlsx');
  const wrapped = new Response(form);
  const said = await world.ask('/sys_import.do?sysparm_import_set_tablename=u_form&sysparm_transform_after_load=true&sheet=2', {
    body: new Uint8Array(await wrapped.arrayBuffer()),
    headers: { 'content-type': wrapped.headers.get('content-type') ?? '' },
  });
  assert.equal(said.status, 201, said.text);
  const done = await finished(said.json.result.sys_id);
  assert.deepEqual([done.state, done.runs[0]?.inserts], ['complete', 1], JSON.stringify(done));
  assert.equal((await list('incident', 'short_description=Second sheet')).length, 1);
});

test('sys_import.do refuses what is no form, has no file, no known table or no rights', async () => {
  const address = '/sys_import.do?sysparm_import_set_tablename=u_form';
  const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
  const noFile = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n';
  const pdf = '--x\r\ncontent-disposition: form-data; name="f"; filename="a.pdf"\r\n\r\nb\r\n--x--\r\n';
  const asked: [string, Parameters<typeof world.ask>[1], number][] = [
    [address, { body: '{}', headers: json }, 415],
    [address, { body: noFile, headers: boundary }, 400],
    [address, { body: pdf, headers: boundary }, 400],
    ['/sys_import.do', { body: pdf, headers: boundary }, 400],
    [address, { body: pdf, headers: boundary, authorization: '' }, 401],
  ];
  for (const [path, ask, status] of asked) {
    const said = await world.ask(path, ask);
    assert.equal(said.status, status, `${path} ${said.text}`);
  }
});

test('a REST data source is fetched with its password, read at its path, and transformed', async (t) => {
  const seen: string[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    if (request.url === '/broken') response.writeHead(503).end('later');
    else response.writeHead(200, json).end(JSON.stringify({ data: { items: [{ key: 'r1', text: 'far' }, { key: 'r2' }] } }));
  });
  await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', resolve));
  t.after(() => elsewhere.close());
  const origin = `http://127.0.0.1:${(elsewhere.address() as { port: number }).port}`;
  const source = await world.make('sys_data_source', {
    name: 'Elsewhere',
    type: 'REST',
    format: 'JSON',
    import_set_table_name: 'u_elsewhere',
    rest_url: `${origin}/items`,
    rest_user: 'reader',
    rest_password: 'pass word',
    path: 'data.items',
  });
  const map = await world.make('sys_transform_map', { name: 'Far', source_table: 'u_elsewhere', target_table: 'incident' });
  const entry = { map: map.sys_id ?? '', source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' };
  await world.make('sys_transform_entry', entry);
  const load = () => world.ask(`/api/causeway/data_sources/${source.sys_id}/load`, { method: 'POST' });
  const said = await load();
  assert.equal(said.status, 202, said.text);
  const done = await finished(said.json.result.sys_id);
  assert.deepEqual([done.state, done.message, done.runs[0]?.inserts], ['complete', '', 2]);
  assert.deepEqual(seen, [`/items Basic ${Buffer.from('reader:pass word').toString('base64')}`]);
  assert.equal((await list('incident', 'correlation_idINr1,r2')).length, 2);
  assert.notEqual((await list('sys_data_source', `sys_id=${source.sys_id}`))[0]?.last_load, '');
  await world.change('sys_data_source', source.sys_id ?? '', { rest_url: `${origin}/broken` });
  const failed = await finished((await load()).json.result.sys_id);
  assert.equal(failed.state, 'failed');
  assert.match(failed.message, /answered with status 503/);
  assert.doesNotMatch(JSON.stringify(failed), /pass word/);
});

test('a data source of type File is loaded from what is attached to it, in the columns of the original, and transformed once more', async () => {
  const source = await world.make('sys_data_source', {
    name: 'Staff file',
    type: 'File',
    format: 'JSON',
    file_retrieval_method: 'Attachment',
    jpath_root_node: '$.employees[*]',
    import_set_table_name: 'u_staff_file',
    import_set_table_label: 'Staff file',
  });
  const load = (more = '') => world.ask(`/api/causeway/data_sources/${source.sys_id}/load${more}`, { method: 'POST' });
  const nothing = await load();
  assert.deepEqual([nothing.status, nothing.json.error.detail], [400, 'No file is attached to the data source']);
  const attach = (name: string, body: string | Uint8Array) =>
    world.ask(`/api/now/attachment/file?table_name=sys_data_source&table_sys_id=${source.sys_id}&file_name=${name}`, {
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
  await attach('old.json', '{"employees":[{"key":"old"}]}');
  await attach(
    'new.json',
    JSON.stringify({
      employees: [
        { key: 'f1', text: 'one' },
        { key: 'f2', text: 'two' },
      ],
    }),
  );
  const loaded = await finished((await load('?transform=false')).json.result.sys_id);
  assert.deepEqual([loaded.state, loaded.message, loaded.rows_loaded, loaded.runs], ['complete', '', 2, []]);
  const [set] = await list('sys_import_set', `sys_id=${loaded.import_set}`);
  assert.deepEqual([set?.state, set?.data_source], ['loaded', source.sys_id]);

  const map = await world.make('sys_transform_map', { name: 'Files', source_table: 'u_staff_file', target_table: 'incident' });
  const entry = { map: map.sys_id ?? '', source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' };
  await world.make('sys_transform_entry', entry);
  const again = () => world.ask(`/api/causeway/import_sets/${loaded.import_set}/transform`, { method: 'POST' });
  const figures = async () => {
    const { state, runs } = await finished((await again()).json.result.sys_id);
    return [state, runs.length, runs[0]?.state, runs[0]?.total, runs[0]?.inserts, runs[0]?.ignored];
  };
  assert.deepEqual(await figures(), ['complete', 1, 'complete', 2, 2, 0]);
  assert.deepEqual(await figures(), ['complete', 1, 'complete', 2, 0, 2]);
  assert.equal((await world.ask('/api/causeway/import_sets/nothing/transform', { method: 'POST' })).status, 400);

  await world.change('sys_data_source', source.sys_id ?? '', { format: 'CSV (tab)', encoding: 'windows-1252' });
  await attach('third.txt', Buffer.from('Key\tText\nf3\tÉva\n', 'latin1'));
  const third = await finished((await load('?transform=false')).json.result.sys_id);
  const [row] = await list('u_staff_file', `sys_import_set=${third.import_set}`);
  assert.deepEqual([third.message, row?.u_key, row?.u_text], ['', 'f3', 'Éva']);
});

test('a REST data source with pages is read to its last page, with a key, and never on another origin', async (t) => {
  const seen: string[] = [];
  const elsewhere = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    seen.push(`${request.url} ${request.headers['x-key'] ?? request.headers.authorization}`);
    const page = Number(url.searchParams.get('page') ?? 1);
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const rows = url.pathname === '/offset' ? [1, 2, 3, 4, 5].slice(offset, offset + 2) : [page * 10, page * 10 + 1];
    const next = url.pathname === '/away' ? 'http://127.0.0.1:1/items' : `/items?page=${page + 1}`;
    response.writeHead(200, { ...json, ...(page < 3 ? { link: `</first>; rel="first", <${next}>; rel="next"` } : {}) });
    response.end(JSON.stringify(rows.map((key) => ({ key }))));
  });
  await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', resolve));
  t.after(() => elsewhere.close());
  const origin = `http://127.0.0.1:${(elsewhere.address() as { port: number }).port}`;
  const source = await world.make('sys_data_source', {
    name: 'Pages',
    type: 'REST',
    import_set_table_name: 'u_pages',
    rest_url: `${origin}/items`,
    rest_password: 'the key',
    rest_header: 'X-Key',
    support_pagination: 'true',
  });
  const load = async () => {
    seen.length = 0;
    const said = await world.ask(`/api/causeway/data_sources/${source.sys_id}/load?transform=false`, { method: 'POST' });
    return finished(said.json.result.sys_id);
  };
  const linked = await load();
  assert.deepEqual([linked.state, linked.message, linked.rows_loaded], ['complete', '', 6]);
  assert.deepEqual(seen, ['/items the key', '/items?page=2 the key', '/items?page=3 the key']);
  const offsets = {
    rest_url: `${origin}/offset?offset={offset}&top={limit}`,
    limit: '2',
    rest_header: '',
    rest_password: 'token',
  };
  await world.change('sys_data_source', source.sys_id ?? '', offsets);
  assert.equal((await load()).rows_loaded, 5);
  assert.deepEqual(
    seen,
    [0, 2, 4, 5].map((offset) => `/offset?offset=${offset}&top=2 Bearer token`),
  );
  await world.change('sys_data_source', source.sys_id ?? '', { rest_url: `${origin}/away` });
  const away = await load();
  assert.deepEqual([away.state, seen.length], ['failed', 1]);
  assert.match(away.message, /another origin/);
  await world.change('sys_data_source', source.sys_id ?? '', { rest_url: `${origin}/items`, rest_header: 'no header' });
  assert.match((await load()).message, /header that cannot be one/);
  await world.change('sys_data_source', source.sys_id ?? '', { rest_url: 'https://169.254.169.254/latest', rest_header: '' });
  const inside = await load();
  assert.deepEqual([inside.state, /never called/.test(inside.message)], ['failed', true], inside.message);
});

test('scripts of every moment run in the order of the platform', async () => {
  await finished(
    (
      await world.ask('/api/causeway/imports?table=u_moments&file_name=a.csv&transform=false', {
        body: 'Key,Group,Category,Kind\n',
      })
    ).json.result.sys_id,
  );
  const made = await world.make('sys_transform_map', {
    name: 'Moments',
    source_table: 'u_moments',
    target_table: 'incident',
    run_script: 'true',
    script: 'log.info("map script " + action);',
  });
  const map = made.sys_id ?? '';
  const entries: Record<string, string>[] = [
    { source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' },
    { source_field: 'u_group', target_field: 'assignment_group', choice_action: 'create' },
    { source_field: 'u_category', target_field: 'category', choice_action: 'create' },
    { source_field: 'u_kind', target_field: 'caller_id', choice_action: 'reject' },
  ];
  for (const entry of entries) await world.make('sys_transform_entry', { map, ...entry });
  const moments = ['onComplete', 'onAfter', 'onChoiceCreate', 'onForeignInsert', 'onReject', 'onBefore', 'onStart'];
  const told = ['onChoiceCreate', 'onForeignInsert', 'onReject'];
  for (const when of moments) {
    const more = told.includes(when)
      ? ' + " " + name + "=" + value'
      : when === 'onAfter'
        ? ' + ", " + action + " of " + target.number + " " + target.isNewRecord()'
        : '';
    await world.make('sys_transform_script', { map, when, script: `log.info("${when}"${more});` });
  }
  const late = { map, when: 'onBefore', order: '200', script: 'log.info("onBefore, second");' };
  await world.make('sys_transform_script', late);
  await world.make('sys_transform_script', { ...late, active: 'false', script: 'log.info("never");' });

  const lines = async (body: string): Promise<string[]> => {
    const said = await world.ask('/api/causeway/imports?table=u_moments&file_name=a.csv', { body });
    const done = await finished(said.json.result.sys_id);
    assert.equal(done.state, 'complete', done.message);
    const log = await list('import_log', `import_set=${done.import_set}^ORDERBYsequence`);
    return log.map((line) => line.message ?? '');
  };
  const header = 'Key,Group,Category,Kind\n';
  const first = await lines(`${header}m1,Brand new group,brand_new,\n`);
  assert.deepEqual(first, [
    'onStart',
    'onBefore',
    'onBefore, second',
    'onForeignInsert assignment_group=Brand new group',
    'onChoiceCreate category=brand_new',
    'map script insert',
    `onAfter, insert of ${(await list('incident', 'correlation_id=m1'))[0]?.number} false`,
    'onComplete',
  ]);
  assert.equal((await list('sys_user_group', 'name=Brand new group')).length, 1);
  assert.equal((await list('sys_choice', 'name=incident^element=category^value=brand_new')).length, 1);
  const second = await lines(`${header}m1,Brand new group,brand_new,Nobody at all\n`);
  assert.deepEqual(second.slice(0, 4), ['onStart', 'onBefore', 'onBefore, second', 'onReject caller_id=Nobody at all']);
  assert.deepEqual(second.at(-1), 'onComplete');
});

test('scripts share what they declare, and one that fails after the write leaves its row where it is and says so in records', async () => {
  const map = await world.make('sys_transform_map', { name: 'Late', source_table: 'u_late', target_table: 'incident' });
  const about = { map: map.sys_id ?? '' };
  await finished(
    (await world.ask('/api/causeway/imports?table=u_late&transform=false&file_name=a.csv', { body: 'Key\nx\n' })).json.result
      .sys_id,
  );
  await world.make('sys_transform_entry', { ...about, source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' });
  const scripts: [string, string][] = [
    ['onStart', 'var told = "var", a = 1,\n  b = 2;\nfunction helper(x) { return x + "!"; }\nlog.info("begin");'],
    ['onBefore', 'var ignore = source.u_key == "skip"; if (source.u_key == "bad") error = true; log.info(helper(told) + a + b);'],
    ['onAfter', 'log.info("after " + source.u_key); if (source.u_key == "late") throw new Error("too late");'],
    ['onComplete', 'log.info("end"); throw new Error("at the end");'],
  ];
  for (const [when, script] of scripts) await world.make('sys_transform_script', { ...about, when, script });
  const send = async (key: string) => {
    const said = await world.ask('/api/now/import/u_late', { headers: json, body: JSON.stringify({ u_key: key }) });
    const log = await list('import_log', `transform_map=${map.sys_id}^ORDERBYDESCsequence`);
    const lines = log.map((line) => line.message ?? '');
    const since = lines.slice(0, lines.indexOf('begin') + 1).reverse();
    return { status: said.json.result[0].status, lines: since.map((line) => line.replace(/ \(The script.*/, '')) };
  };
  const [begin, end] = ['begin', ['end', 'scripting.uncaught: at the end']];
  assert.deepEqual(await send('good'), { status: 'inserted', lines: [begin, 'var!12', 'after good', ...end] });
  assert.deepEqual(await send('skip'), { status: 'ignored', lines: [begin, 'var!12', 'after skip', ...end] });
  assert.deepEqual(await send('bad'), { status: 'error', lines: [begin, 'var!12', ...end] });
  const late = 'scripting.uncaught: too late';
  assert.deepEqual(await send('late'), { status: 'inserted', lines: [begin, 'var!12', 'after late', late, ...end] });
  const [row] = await list('u_late', 'u_key=late');
  assert.equal(row?.sys_import_state, 'inserted');
  assert.match(row?.sys_import_state_comment ?? '', /^onAfter: scripting\.uncaught: too late/);
  const errors = await list('sys_import_set_row_error', `import_set_row=${row?.sys_id}`);
  assert.deepEqual(
    errors.map(({ code, error }) => [code, error?.slice(0, late.length)]),
    [['900', late]],
  );
});

test('a row that was sent is found again where its answer says', async () => {
  const said = await world.ask('/api/now/v2/import/u_moments', { headers: json, body: '{"u_key":"located"}' });
  const place = said.headers.get('location') ?? '';
  assert.match(place, /\/api\/now\/v2\/import\/u_moments\/[0-9a-f]{32}$/);
  assert.deepEqual((await world.ask(new URL(place).pathname)).json, said.json);
});

test('multi import sets hold the sets that name them, and one that does not exist is refused', async () => {
  const send = (query: string, records: unknown[]) =>
    world.ask(`/api/now/import/u_moments/insertMultiple${query}`, { body: JSON.stringify({ records }), headers: json });
  const first = await send('?run_after=false', [{ u_key: 'a' }]);
  assert.equal(first.status, 201, first.text);
  const multi = first.json.multi_import_set_id;
  const second = await send(`?run_after=false&multi_import_set_id=${multi}`, [{ Key: 'b' }, { key: 'c' }]);
  assert.equal(second.json.multi_import_set_id, multi);
  const sets = await list('sys_import_set', `multi_import_set=${multi}`);
  const ids = [first.json.import_set_id, second.json.import_set_id];
  assert.deepEqual(sets.map((set) => set.sys_id).toSorted(), ids.toSorted());
  const rows = await list('u_moments', `sys_import_set=${second.json.import_set_id}^ORDERBYsys_import_row`);
  assert.deepEqual(
    rows.map((row) => [row.u_key, row.sys_import_state]),
    [
      ['b', 'pending'],
      ['c', 'pending'],
    ],
  );
  for (const unknown of ['f'.repeat(32), 'no id'])
    assert.equal((await send(`?multi_import_set_id=${encodeURIComponent(unknown)}`, [{ u_key: 'd' }])).status, 400);
});
