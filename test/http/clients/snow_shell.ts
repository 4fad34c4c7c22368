// Snow-Shell (PowerShell): counts from the header, lists as CSV, numbers of tables by query link, deletes that answer 204.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { headers, tellClient } from './part.ts';

tellClient(({ ask, running }) => {
  test('pages are counted by the header, newest first', async () => {
    const said = await ask(
      '/api/now/table/incident?sysparm_query=ORDERBYDESCopened_at&sysparm_display_value=true&sysparm_limit=10',
      {
        headers,
      },
    );
    assert.match(said.headers.get('X-Total-Count') ?? '', /^\d+$/);
    const opened = said.json.result.map((row: { opened_at: string }) => row.opened_at);
    assert.ok(opened.every((moment: string) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(moment)));
    assert.deepEqual(opened, opened.toSorted().reverse());
  });

  test('a list as CSV holds what people see', async () => {
    const made = await ask('/api/now/table/incident', {
      headers,
      body: JSON.stringify({ short_description: 'says "hello", and\nmore', state: '2' }),
    });
    const { number } = made.json.result;
    const said = await ask(`/incident_list.do?CSV&sysparm_query=number=${number}&sysparm_fields=number,state,short_description`);
    assert.equal(said.status, 200, said.text);
    assert.match(said.headers.get('content-type') ?? '', /^text\/csv/);
    assert.deepEqual(parse(said.text, { columns: true }), [
      { number, state: 'In Progress', short_description: 'says "hello", and\nmore' },
    ]);
    const formulas = ['=HYPERLINK("https://x")', '+1-2', '@SUM(1)', '-x', '-5', '+4989123', 'a=1'];
    const shown: string[] = [];
    for (const short_description of formulas) {
      const { json } = await ask('/api/now/table/incident', { headers, body: JSON.stringify({ short_description }) });
      const list = await ask(`/incident_list.do?CSV&sysparm_query=number=${json.result.number}&sysparm_fields=short_description`);
      shown.push((parse(list.text, { columns: true }) as { short_description: string }[])[0]?.short_description ?? '');
    }
    assert.deepEqual(shown, [`'${formulas[0]}`, "'+1-2", "'@SUM(1)", "'-x", '-5', '+4989123', 'a=1']);
  });

  test('the category of a number leads to its table by name', async () => {
    const said = await ask('/api/now/table/sys_number?sysparm_query=category=incident', { headers });
    assert.equal(said.json.result[0].category.link, `${running().instance.baseUrl}/api/now/table/sys_db_object?name=incident`);
    assert.equal((await ask(said.json.result[0].category.link.slice(running().instance.baseUrl.length))).json.result.length, 1);
  });

  test('a delete with a content type answers 204', async () => {
    const made = await ask('/api/now/table/incident', { headers, body: '{"short_description":"x"}' });
    const gone = await ask(`/api/now/table/incident/${made.json.result.sys_id}`, { method: 'DELETE', headers });
    assert.equal(gone.status, 204);
  });
});
