// sysparm_view: the fields of a view, as rows of sys_ui_view and its lists and sections say them (data_api.md §2.1).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const make = async (table: string, values: Record<string, unknown>): Promise<string> => {
    const said = await ask(`/api/now/table/${table}`, { headers: json, body: JSON.stringify(values) });
    assert.equal(said.status, 201, said.text);
    return said.json.result.sys_id;
  };
  const keysOf = async (path: string, options: Parameters<typeof ask>[1] = {}) => {
    const said = await ask(path, options);
    assert.ok(said.status < 300, said.text);
    return Object.keys([said.json.result].flat()[0]);
  };
  const one = async () =>
    `/api/now/table/incident/${(await ask('/api/now/table/incident?sysparm_limit=1')).json.result[0].sys_id}`;

  before(async () => {
    running = await runInstance(engine);
    const view = await make('sys_ui_view', { name: 'desk', title: 'Desk' });
    const list = await make('sys_ui_list', { name: 'task', view });
    // Written in another order than they stand in.
    for (const [element, position] of [
      ['caller_id.email', 2],
      ['number', 0],
      ['short_description', 1],
      ['no_such_field', 3],
      ['number', 4],
    ])
      await make('sys_ui_list_element', { list_id: list, element, position });
    const sections = [
      await make('sys_ui_section', { name: 'incident', view, position: 1 }),
      await make('sys_ui_section', { name: 'incident', view, position: 0 }),
    ];
    for (const [section, element, position] of [
      [sections[1], 'state', 0],
      [sections[1], '.split', 1],
      [sections[1], 'caller_id', 2],
      [sections[0], 'priority', 0],
    ])
      await make('sys_ui_element', { sys_ui_section: section, element, position });
    await make('sys_ui_view', { name: 'bare' });
  });
  after(() => running.stop());

  const form = ['sys_id', 'state', 'caller_id', 'priority'];

  test('a record, new, changed or read, has the fields of the form, section after section', async () => {
    const path = await one();
    assert.deepEqual(await keysOf(`${path}?sysparm_view=desk`), form);
    const write = { headers: json, body: '{"short_description":"seen by view"}' };
    assert.deepEqual(await keysOf(`${path}?sysparm_view=desk`, { ...write, method: 'PATCH' }), form);
    assert.deepEqual(await keysOf('/api/now/v2/table/incident?sysparm_view=desk', write), form);
  });

  test('a list has the fields of the list, and where there is none those of the form, of the table before its parent', async () => {
    assert.deepEqual(await keysOf('/api/now/table/incident?sysparm_limit=1&sysparm_view=desk'), form);
    assert.deepEqual(await keysOf('/api/now/table/task?sysparm_limit=1&sysparm_view=desk'), [
      'sys_id',
      'number',
      'short_description',
    ]);
    const problem = await make('problem', { short_description: 'below task' });
    assert.deepEqual(await keysOf(`/api/now/table/problem/${problem}?sysparm_view=desk`), [
      'sys_id',
      'number',
      'short_description',
    ]);
  });

  test('sysparm_fields wins, and a view that there is not, or that says nothing, changes nothing', async () => {
    assert.deepEqual(await keysOf('/api/now/table/incident?sysparm_limit=1&sysparm_view=desk&sysparm_fields=number'), ['number']);
    const all = await keysOf('/api/now/table/incident?sysparm_limit=1');
    assert.ok(all.length > 50);
    for (const view of ['', 'mobile', 'desktop', 'both', 'bare', '__proto__', 'desk^ORname=bare'])
      assert.deepEqual(
        await keysOf(`/api/now/table/incident?sysparm_limit=1&sysparm_view=${encodeURIComponent(view)}`),
        all,
        view,
      );
    assert.equal((await ask('/api/now/table/no_such_table?sysparm_view=desk')).status, 400);
  });

  test('where there is one place and one domain, the parameters that name others change nothing', async () => {
    const plain = await ask('/api/now/table/incident?sysparm_limit=2');
    for (const more of [
      'sysparm_query_category=list',
      'sysparm_query_no_domain=true',
      'sysparm_query_no_domain=True&sysparm_query_category=',
    ]) {
      const said = await ask(`/api/now/table/incident?sysparm_limit=2&${more}`);
      assert.deepEqual(
        [said.status, said.json, said.headers.get('x-total-count')],
        [200, plain.json, plain.headers.get('x-total-count')],
      );
    }
    const figures = (more: string) => ask(`/api/now/stats/incident?sysparm_count=true${more}`);
    assert.deepEqual((await figures('&sysparm_query_category=list')).json, (await figures('')).json);
    assert.equal((await ask('/api/now/attachment?sysparm_query_category=list')).status, 200);
  });
});
