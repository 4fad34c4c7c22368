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
      <cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`),
    'xl/worksheets/sheet1.xml': xml(`<worksheet xmlns="${office}/spreadsheetml/2006/main"><sheetData>
      <row r="1">${cell('A1', 'Name')}${cell('B1', 'Since')}${cell('C1', 'Desks')}${cell('D1', 'Away')}</row>
      <row r="2">${cell('A2', 'Zoë &amp; Ann')}<c r="B2" s="1"><v>46327</v></c><c r="C2"><v>2.5</v></c><c r="D2" t="b"><v>1</v></c></row>
      <row r="4">${cell('A4', 'Bo')}</row></sheetData></worksheet>`),
    'xl/worksheets/sheet2.xml': xml(`<worksheet xmlns="${office}/spreadsheetml/2006/main"><sheetData>
      <row r="1">${cell('A1', 'Name')}</row><row r="2">${cell('A2', 'Second sheet')}</row></sheetData></worksheet>`),
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
    const more = told.includes(when) ? ' + " " + name + "=" + value' : '';
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
    'onAfter',
    'onComplete',
  ]);
  assert.equal((await list('sys_user_group', 'name=Brand new group')).length, 1);
  assert.equal((await list('sys_choice', 'name=incident^element=category^value=brand_new')).length, 1);
  const second = await lines(`${header}m1,Brand new group,brand_new,Nobody at all\n`);
  assert.deepEqual(second.slice(0, 4), ['onStart', 'onBefore', 'onBefore, second', 'onReject caller_id=Nobody at all']);
  assert.deepEqual(second.at(-1), 'onComplete');
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
