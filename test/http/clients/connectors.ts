// Connectors of Microsoft, Kibana, n8n, Apache Camel and the Go SDK: pickers, capital booleans, literals, links by pattern.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, tellClient } from './part.ts';

tellClient(({ ask, running }) => {
  test('Logic Apps picks a table, reads with capital booleans and changes by PUT', async () => {
    const tables = (await ask('/api/now/doc/table/schema', { headers })).json.result;
    assert.ok(tables.some((entry: { value: string; label: string }) => entry.value === 'incident' && entry.label === 'Incident'));
    const flags = 'sysparm_display_value=False&sysparm_exclude_reference_link=True';
    const made = await ask(`/api/now/v2/table/incident?${flags}`, { headers, body: '{"short_description":"flow"}' });
    assert.equal(typeof made.json.result.opened_by, 'string');
    const path = `/api/now/v2/table/incident/${made.json.result.sys_id}?${flags}`;
    assert.equal(
      (await ask(path, { method: 'PUT', headers, body: '{"short_description":"flowed"}' })).json.result.short_description,
      'flowed',
    );
    assert.equal((await ask(path, { method: 'DELETE' })).status, 204);
  });

  test('Apache Camel matches three literals', async () => {
    const unknown = await ask('/api/now/table/notExistingTable', { headers });
    assert.deepEqual(unknown.json, { error: { message: 'Invalid table notExistingTable', detail: null }, status: 'failure' });
    const missing = await ask('/api/now/table/incident/notExistingId', { headers });
    assert.deepEqual(missing.json.error, {
      message: 'No Record found',
      detail: "Record doesn't exist or ACL restricts the record retrieval",
    });
    const none = await ask('/api/now/v1/table/incident?sysparm_query=number=notExistingNumber', { headers });
    assert.deepEqual(
      [none.status, none.json.error],
      [
        404,
        { message: 'No Record found', detail: 'Records matching query not found. Check query parameter or offset parameter' },
      ],
    );
  });

  test('Kibana asks for what is not empty', async () => {
    const query = encodeURIComponent('sys_created_on!=NULL^ORDERBYDESCsys_created_on');
    assert.ok((await ask(`/api/now/v2/table/incident?sysparm_query=${query}&sysparm_limit=5`)).json.result.length > 0);
  });

  test('n8n lists columns, groups of choices and attachments of a table', async () => {
    const columns = await ask('/api/now/table/sys_dictionary?sysparm_query=name=incident&sysparm_fields=column_label,element');
    assert.ok(
      columns.json.result.some((row: { element: string; column_label: string }) => row.element !== '' && row.column_label !== ''),
    );
    const states = await ask('/api/now/table/sys_choice?sysparm_fields=label,value&sysparm_query=element=state^name=incident');
    assert.ok(states.json.result.some((row: { label: string }) => row.label === 'In Progress'));
    const going = await ask(
      '/api/now/table/sys_choice?sysparm_fields=label,value&sysparm_query=name=incident^element=subcategory^dependent_value=software',
    );
    assert.deepEqual(going.json.result.map(({ value }: { value: string }) => value).sort(), ['email', 'operating system']);
    const { subcategory } = (await ask('/api/now/ui/meta/incident')).json.result.columns;
    assert.equal(subcategory.choices.filter(({ value }: { value: string }) => value === 'email').length, 1);
    const files = await ask('/api/now/attachment?sysparm_query=table_name=incident&sysparm_limit=10');
    assert.deepEqual([files.status, Array.isArray(files.json.result)], [200, true]);
  });

  test('the Go SDK reads figures as an object, links by pattern and typed errors', async () => {
    const said = await ask('/api/now/table/incident?sysparm_limit=2&sysparm_offset=2', { headers });
    const links = [...(said.headers.get('link') ?? '').matchAll(/<([^>]+)>;rel="(first|prev|next|last)"/g)];
    assert.deepEqual(
      links.map(([, , relation]) => relation),
      ['first', 'prev', 'next', 'last'],
    );
    for (const [, address = ''] of links) {
      assert.ok(address.startsWith(`${running().instance.baseUrl}/api/now/table/incident?`));
      assert.equal((await ask(address.slice(running().instance.baseUrl.length))).status, 200);
    }
    const figures = await ask('/api/now/stats/incident?sysparm_count=true&sysparm_avg_fields=priority', { headers });
    assert.match(figures.json.result.stats.count, /^\d+$/);
    assert.match(figures.json.result.stats.avg.priority, /^\d+\.\d{4}$/);
  });
});
