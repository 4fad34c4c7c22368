// Backstage's community plugin: blanks in field lists, runs of OR, a count it does not know, a column of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, tellClient } from './part.ts';

tellClient(({ ask }) => {
  test('fields with a leading blank, and the count in a lower-case header', async () => {
    const fields = encodeURIComponent(' sys_id,number,short_description, incident_state,priority');
    const said = await ask(
      `/api/now/table/incident?sysparm_fields=${fields}&sysparm_count=true&sysparm_limit=5&sysparm_offset=0`,
      { headers },
    );
    assert.deepEqual(Object.keys(said.json.result[0]), ['sys_id', 'number', 'short_description', 'incident_state', 'priority']);
    assert.match(said.headers.get('x-total-count') ?? '', /^\d+$/);
  });

  test('searches over two fields and incidents of one person', async () => {
    const found = await ask('/api/now/table/sys_user?sysparm_query=email=admin@example.com&sysparm_fields=sys_id');
    assert.equal(found.status, 200);
    const admin = '6816f79cc0a8016401c5a33be04be441';
    const made = await ask('/api/now/table/incident', { headers, body: `{"short_description":"findme","caller_id":"${admin}"}` });
    const { number } = made.json.result;
    for (const query of [
      `numberLIKE${number}^ORshort_descriptionLIKE${number}`,
      `caller_id=${admin}^ORopened_by=${admin}^ORassigned_to=${admin}^number=${number}`,
    ]) {
      const said = await ask(`/api/now/table/incident?sysparm_query=${encodeURIComponent(query)}`);
      assert.equal(said.headers.get('x-total-count'), '1', query);
    }
  });

  test('its own column is looked for in the dictionary, made, and filtered by', async () => {
    const look = async () =>
      (await ask('/api/now/table/sys_dictionary?sysparm_query=name=incident&sysparm_fields=element')).json.result;
    assert.ok(!(await look()).some((row: { element: string }) => row.element === 'u_backstage_entity_id'));
    const body =
      '{"name":"incident","element":"u_backstage_entity_id","internal_type":"string","column_label":"Backstage entity","max_length":"255"}';
    assert.equal((await ask('/api/now/table/sys_dictionary', { headers, body })).status, 201);
    assert.ok((await look()).some((row: { element: string }) => row.element === 'u_backstage_entity_id'));
    const made = await ask('/api/now/table/incident', {
      headers,
      body: '{"short_description":"of an entity","u_backstage_entity_id":"component:default/shop"}',
    });
    assert.equal(made.json.result.u_backstage_entity_id, 'component:default/shop');
    const said = await ask(
      `/api/now/table/incident?sysparm_query=${encodeURIComponent('u_backstage_entity_id=component:default/shop')}`,
    );
    assert.equal(said.headers.get('x-total-count'), '1');
  });
});
