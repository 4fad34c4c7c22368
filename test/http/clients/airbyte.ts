// Airbyte source-service-now: pages of 32000 with display values, and a first look at a table that may not exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellClient } from './part.ts';

tellClient(({ ask }) => {
  test('a limit above ten thousand is honoured, and everything is text or an object of texts', async () => {
    const said = await ask('/api/now/table/incident?sysparm_display_value=true&sysparm_limit=32000&sysparm_offset=0');
    assert.equal(said.status, 200);
    assert.equal(said.headers.get('x-total-count'), String(said.json.result.length));
    const withCaller = said.json.result.find((row: { caller_id: unknown }) => typeof row.caller_id === 'object');
    assert.equal(typeof withCaller.caller_id.display_value, 'string');
    for (const row of said.json.result) {
      for (const [name, value] of Object.entries(row)) {
        const texts = typeof value === 'object' ? Object.values(value as object) : [value];
        assert.ok(
          texts.every((text) => typeof text === 'string'),
          name,
        );
      }
    }
  });

  test('a table that this instance lacks is refused by name, not with a 500', async () => {
    const said = await ask('/api/now/table/cmdb_ci_no_such_class?sysparm_display_value=true&sysparm_limit=1');
    assert.deepEqual([said.status, said.json.error.message], [400, 'Invalid table cmdb_ci_no_such_class']);
  });
});
