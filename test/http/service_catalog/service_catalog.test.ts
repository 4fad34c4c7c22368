// Ordering from the catalogue of this instance by the Service Catalog API: what comes of it, in whose name, and what is refused in which words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance, type Said } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };
const items = '/api/sn_sc/servicecatalog/items';
type Words = Record<string, string>;

forEachEngine((engine) => {
  let running: RunningInstance;
  let laptop = '';
  let report = '';
  let user = '';
  const password = 'a password of some length';
  const asUser = { authorization: basic('ann.other', password) };

  const insert = async (table: string, values: Words): Promise<string> => {
    const said = await running.ask(`/api/now/table/${table}`, { headers: json, body: JSON.stringify(values) });
    assert.equal(said.status, 201, said.text);
    return said.json.result.sys_id;
  };
  const rows = async (table: string, query: string): Promise<Words[]> =>
    (await running.ask(`/api/now/table/${table}?sysparm_query=${encodeURIComponent(query)}&sysparm_exclude_reference_link=true`))
      .json.result;
  const post = (path: string, body: unknown, more = {}): Promise<Said> =>
    running.ask(path, { headers: json, body: JSON.stringify(body), ...more });

  before(async () => {
    running = await runInstance(engine, { demoData: 'false' });
    user = await insert('sys_user', { user_name: 'ann.other', first_name: 'Ann', last_name: 'Other', user_password: password });
    laptop = await insert('sc_cat_item', { name: 'Laptop', short_description: 'A laptop', price: '1000' });
    const size = { cat_item: laptop, name: 'size', question_text: 'Size', type: '5', mandatory: 'true', order: '1' };
    const question = await insert('item_option_new', size);
    await insert('question_choice', { question, value: 's', text: 'Small' });
    await insert('item_option_new', { cat_item: laptop, name: 'bag', question_text: 'With bag', type: '7', order: '2' });
    report = await insert('sc_cat_item_producer', { name: 'Report a fault', table_name: 'incident' });
    const what = { cat_item: report, name: 'what', question_text: 'What', map_to_field: 'true', field: 'short_description' };
    await insert('item_option_new', what);
  });
  after(() => running.stop());

  test('items are listed and searched, and say what they ask', async () => {
    const listed = (await running.ask(`${items}?sysparm_text=lap`)).json.result;
    assert.deepEqual(
      listed.map((item: Words) => [item.name, item.type]),
      [['Laptop', 'catalog_item']],
    );
    const shown = (await running.ask(`${items}/${laptop}`)).json.result;
    assert.deepEqual(
      shown.variables.map((variable: Words) => [variable.name, variable.friendly_type, variable.mandatory]),
      [
        ['size', 'select_box', true],
        ['bag', 'checkbox', false],
      ],
    );
    assert.deepEqual(shown.variables[0].choices, [{ label: 'Small', value: 's', index: 0 }]);
    assert.equal((await running.ask(`${items}/${'0'.repeat(32)}`)).status, 400);
  });

  test('catalogs, their categories, and the items in them', async () => {
    const api = '/api/sn_sc/servicecatalog';
    const get = async (path: string) => (await running.ask(`${api}/${path}`, asUser)).json.result;
    const [all] = await get('catalogs');
    assert.deepEqual(
      [all.sys_id, all.title, all.has_items, all.has_categories],
      ['e0d08b13c3330100c8b837659bba8fb4', 'Service Catalog', true, false],
    );
    const catalog = await insert('sc_catalog', { title: 'Technical' });
    const hardware = await insert('sc_category', { title: 'Hardware', sc_catalog: catalog });
    const small = await insert('sc_category', { title: 'Small', sc_catalog: catalog, parent: hardware });
    const put = { sc_catalogs: catalog, category: small };
    const mouse = await insert('sc_cat_item', { name: 'Mouse', short_description: 'A mouse', ...put });
    assert.deepEqual(await get(`catalogs/${catalog}`), (await get('catalogs?sysparm_text=tech'))[0]);
    const titles = (found: Words[]) => found.map(({ title }) => title);
    assert.deepEqual(titles(await get(`catalogs/${catalog}/categories`)), ['Hardware', 'Small']);
    assert.deepEqual(titles(await get(`catalogs/${catalog}/categories?sysparm_top_level_only=true`)), ['Hardware']);
    assert.deepEqual(titles(await get(`catalogs/${catalog}/categories?sysparm_limit=1&sysparm_offset=1`)), ['Small']);
    const { subcategories, count } = await get(`categories/${hardware}`);
    assert.deepEqual([subcategories, count], [[{ sys_id: small, title: 'Small' }], 0]);
    const names = async (query: string) => (await get(`items?${query}`)).map((item: Words) => item.name);
    assert.deepEqual(await names(`sysparm_category=${small}`), ['Mouse']);
    assert.deepEqual(await names(`sysparm_catalog=${catalog}`), ['Laptop', 'Mouse', 'Report a fault']);
    assert.deepEqual(await names(`sysparm_catalog=${all.sys_id}`), ['Laptop', 'Report a fault']);
    for (const path of ['catalogs/__proto__', `catalogs/${'0'.repeat(32)}/categories`, 'categories/nope'])
      assert.equal((await running.ask(`${api}/${path}`)).status, 404, path);

    // Whom a rule does not show an item, to him there is none.
    const [rule] = await rows('sys_security_acl', 'name=sc_cat_item^operation=read');
    const condition = JSON.stringify({ condition: 'name!=Mouse' });
    const path = `/api/now/table/sys_security_acl/${rule?.sys_id}`;
    assert.equal((await running.ask(path, { method: 'PATCH', headers: json, body: condition })).status, 200);
    assert.deepEqual(await names(`sysparm_category=${small}`), []);
    assert.equal((await running.ask(`${items}/${mouse}`, asUser)).status, 400);
    assert.equal((await running.ask(path, { method: 'PATCH', headers: json, body: '{"condition":""}' })).status, 200);
    assert.equal((await running.ask(`${items}/${mouse}`, asUser)).status, 200);
  });

  test('an order makes a request and a requested item in the name of who ordered, with the answers', async () => {
    const said = await post(
      `${items}/${laptop}/order_now`,
      { sysparm_quantity: '2', variables: { size: 's', bag: true } },
      asUser,
    );
    assert.equal(said.status, 200, said.text);
    const { sys_id: request, number, request_number, request_id, table } = said.json.result;
    assert.deepEqual([request_number, request_id, table], [number, request, 'sc_request']);
    const [made] = await rows('sc_request', `sys_id=${request}`);
    assert.deepEqual(
      [made?.number, made?.opened_by, made?.requested_for, made?.sys_created_by],
      [number, user, user, 'ann.other'],
    );
    const [item] = await rows('sc_req_item', `request=${request}`);
    assert.deepEqual([item?.cat_item, item?.quantity, item?.description], [laptop, '2', 'Size: Small\nWith bag: true']);
    const answers = await rows('sc_item_option_mtom', `request_item=${item?.sys_id}`);
    assert.equal(answers.length, 2);
  });

  test('a form makes the record of its table', async () => {
    const said = await post(`${items}/${report}/submit_producer`, { variables: { what: 'It smokes' } }, asUser);
    assert.equal(said.status, 200, said.text);
    const { table, sys_id, number, record } = said.json.result;
    assert.deepEqual([table, record], ['incident', `api/now/table/incident/${sys_id}`]);
    const [made] = await rows('incident', `sys_id=${sys_id}`);
    assert.deepEqual([made?.number, made?.short_description, made?.opened_by], [number, 'It smokes', user]);
  });

  test('what cannot be ordered is refused in the words of the original, and leaves nothing', async () => {
    const before = (await rows('sc_request', '')).length;
    const good = { sysparm_quantity: 1, variables: { size: 's' } };
    for (const [item, body, message] of [
      [laptop, {}, 'Invalid quantity value'],
      [laptop, { ...good, sysparm_quantity: 0 }, 'Invalid quantity value'],
      [laptop, { ...good, sysparm_quantity: -1 }, 'Invalid quantity value'],
      [laptop, { ...good, sysparm_quantity: 1.5 }, 'Invalid quantity value'],
      [laptop, { ...good, sysparm_quantity: {} }, 'Invalid quantity value'],
      [laptop, { ...good, variables: {} }, 'Mandatory Variables are required'],
      [laptop, { ...good, variables: { size: '' } }, 'Mandatory Variables are required'],
      [laptop, { ...good, variables: { size: 'xl' } }, 'Invalid value of a variable'],
      [laptop, { ...good, variables: { size: ['s'] } }, 'Invalid value of a variable'],
      [laptop, { ...good, variables: { size: 's', bag: 'maybe' } }, 'Invalid value of a variable'],
      [laptop, { ...good, variables: 'size=s' }, 'Exception while reading request'],
      [laptop, { ...good, sysparm_requested_for: 7 }, 'Exception while reading request'],
      [laptop, { ...good, sysparm_requested_for: 'f'.repeat(32) }, 'Invalid requested for'],
      [laptop, [], 'Exception while reading request'],
      ['0'.repeat(32), good, 'Security constraints prevent ordering of Item'],
      ['%27', good, 'Security constraints prevent ordering of Item'],
      ['__proto__', good, 'Security constraints prevent ordering of Item'],
    ] as const) {
      const said = await post(`${items}/${item}/order_now`, body);
      assert.deepEqual([said.status, said.json?.error?.message], [400, message], JSON.stringify(body));
    }
    assert.equal((await rows('sc_request', '')).length, before);
  });

  test('nobody orders unknown or in another name, and a form makes tasks only', async () => {
    const good = { sysparm_quantity: 1, variables: { size: 's' } };
    assert.equal((await post(`${items}/${laptop}/order_now`, good, { authorization: '' })).status, 401);
    const [admin] = await rows('sys_user', 'user_name=admin');
    const other = await post(`${items}/${laptop}/order_now`, { ...good, sysparm_requested_for: admin?.sys_id }, asUser);
    assert.equal(other.status, 403, other.text);
    const trap = await insert('sc_cat_item_producer', { name: 'Trap', table_name: 'sys_user_has_role' });
    for (const [name, field] of [
      ['who', 'user'],
      ['role', 'role'],
    ] as const)
      await insert('item_option_new', { cat_item: trap, name, map_to_field: 'true', field });
    const said = await post(`${items}/${trap}/submit_producer`, { variables: { who: user, role: 'admin' } }, asUser);
    assert.equal(said.status, 400, said.text);
    assert.equal((await rows('sys_user_has_role', `user=${user}`)).length, 0);
  });
});
