// singer-io and Slalom taps: dictionaries read whole, keysets over two groups, uncounted pages, an empty page as the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, tellClient } from './part.ts';

tellClient(({ ask }) => {
  const get = (path: string, query: Record<string, string>) => ask(`${path}?${new URLSearchParams(query)}`, { headers });

  test('tables and columns are discovered, with parents by name as plain text', async () => {
    const tables = await get('/api/now/table/sys_db_object', {
      sysparm_fields: 'name,sys_id,super_class.name',
      sysparm_limit: '500',
      sysparm_offset: '0',
      sysparm_exclude_reference_link: 'true',
      sysparm_query: 'ORDERBYname',
    });
    const incident = tables.json.result.find((row: { name: string }) => row.name === 'incident');
    assert.equal(incident['super_class.name'], 'task');
    const columns = await get('/api/now/table/sys_dictionary', {
      sysparm_query: 'nameINincident,task,sys_user',
      sysparm_fields: 'name,element,internal_type',
      sysparm_limit: '10000',
      sysparm_exclude_reference_link: 'true',
    });
    const number = columns.json.result.find(
      (row: { name: string; element: string }) => row.name === 'task' && row.element === 'number',
    );
    assert.equal(number.internal_type, 'string');
    assert.ok(
      !columns.json.result.some((row: { name: string; element: string }) => row.name === 'incident' && row.element === 'number'),
    );
  });

  test('a keyset over two groups, without a count, ends at an empty page', async () => {
    const from = '2000-01-01 00:00:00';
    const seen: string[] = [];
    let mark = { time: '', sysId: '' };
    for (let round = 0; round < 100; round += 1) {
      const query =
        mark.time === ''
          ? `sys_updated_on>=${from}^ORDERBYsys_updated_on^ORDERBYsys_id`
          : `sys_updated_on>=${from}^sys_updated_on>${mark.time}^NQsys_updated_on>=${from}^sys_updated_on=${mark.time}^sys_id>${mark.sysId}^ORDERBYsys_updated_on^ORDERBYsys_id`;
      const said = await get('/api/now/table/incident', {
        sysparm_query: query,
        sysparm_fields: 'sys_id,sys_updated_on,number,caller_id',
        sysparm_limit: '2',
        sysparm_no_count: 'true',
        sysparm_exclude_reference_link: 'true',
      });
      assert.equal(said.headers.get('x-total-count'), null);
      const last = said.json.result.at(-1);
      if (!last) break;
      seen.push(...said.json.result.map((row: { sys_id: string }) => row.sys_id));
      mark = { time: last.sys_updated_on, sysId: last.sys_id };
    }
    const all = await get('/api/now/table/incident', { sysparm_fields: 'sys_id' });
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, all.json.result.length);
  });

  test('ISO moments, an order that stands first, and an offset past the end', async () => {
    const query = 'ORDERBYsys_updated_on^sys_updated_on>=2024-01-01T00:00:00+00:00';
    const said = await get('/api/now/table/incident', { sysparm_query: query, sysparm_limit: '1000', sysparm_offset: '0' });
    assert.ok(said.json.result.length > 0);
    const past = await get('/api/now/table/incident', { sysparm_query: query, sysparm_limit: '1000', sysparm_offset: '1000' });
    assert.deepEqual([past.status, past.json], [200, { result: [] }]);
    const later = await get('/api/now/table/incident', { sysparm_query: 'sys_updated_on>=2099-01-01T00:00:00+00:00' });
    assert.deepEqual(later.json, { result: [] });
  });
});
