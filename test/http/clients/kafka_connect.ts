// kafka-connect-servicenow-oss: keysets over time and sys_id, the Date header as its clock, the zone of its user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellClient } from './part.ts';

const headers = { accept: 'application/json', 'x-request-id': '5f0c9d5e-7d2c-4b5f-9d59-0a6a3f0e7a11' };

tellClient(({ ask }) => {
  type Row = { sys_id: string; sys_updated_on: string; sys_mod_count: string };
  const page = async (query: string, limit: number): Promise<Row[]> => {
    const said = await ask(
      `/api/now/table/incident?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=${limit}&sysparm_exclude_reference_link=true`,
      { headers },
    );
    assert.equal(said.status, 200, said.text);
    return said.json.result;
  };

  test('walking by time and sys_id meets every record once', async () => {
    for (let at = 0; at < 5; at += 1) {
      const made = await ask('/api/now/table/incident', {
        headers: { 'content-type': 'application/json' },
        body: '{"short_description":"same second"}',
      });
      assert.equal(made.status, 201);
    }
    const high = '2099-01-01 00:00:00';
    const seen: string[] = [];
    let time = '2000-01-01 00:00:00';
    for (let round = 0; round < 100; round += 1) {
      const found = await page(`sys_updated_on>${time}^sys_updated_on<=${high}^ORDERBYsys_updated_on^ORDERBYsys_id`, 2);
      const last = found.at(-1);
      if (!last) break;
      seen.push(...found.map((row) => row.sys_id));
      time = last.sys_updated_on;
      for (let after = last.sys_id; after !== ''; ) {
        const rest = await page(`sys_updated_on=${time}^sys_id>${after}^ORDERBYsys_id`, 2);
        seen.push(...rest.map((row) => row.sys_id));
        after = rest.at(-1)?.sys_id ?? '';
      }
    }
    const all = await ask('/api/now/table/incident?sysparm_fields=sys_id');
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(seen.toSorted(), all.json.result.map((row: Row) => row.sys_id).toSorted());
  });

  test('every row counts its changes, and the answer carries the time', async () => {
    const [row] = await page('ORDERBYsys_id', 1);
    assert.match(row?.sys_mod_count ?? '', /^\d+$/);
    const said = await ask('/api/now/table/sys_user?sysparm_query=user_name=admin&sysparm_fields=time_zone', { headers });
    assert.ok(Math.abs(Date.parse(said.headers.get('date') ?? '') - Date.now()) < 60_000);
    assert.equal(typeof said.json.result[0].time_zone, 'string');
  });
});
