// The Aggregate API over real HTTP, on both engines: shapes, numbers as text, groups, orders, rights (data_api.md §4.1).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const stats = (query: string, version = '') => ask(`/api/now${version}/stats/incident?${query}`);
  const mine = 'sysparm_query=short_descriptionSTARTSWITHfigure';

  before(async () => {
    running = await runInstance(engine);
    for (const [urgency, effort, state] of [
      ['1', '1', '1'],
      ['1', '2', '2'],
      ['3', '4', '2'],
    ]) {
      const body = JSON.stringify({ short_description: `figure ${effort}`, urgency, impact: '3', order: effort, state });
      assert.equal((await ask('/api/now/table/incident', { headers: json, body })).status, 201);
    }
  });
  after(() => running.stop());

  test('without groups the figures stand in one object, and every number is text', async () => {
    const said = await stats(
      `${mine}&sysparm_count=True&sysparm_avg_fields=order&sysparm_sum_fields=order` +
        '&sysparm_min_fields=order, opened_at&sysparm_max_fields=order,short_description,nonsense',
    );
    assert.equal(said.status, 200, said.text);
    const { opened_at: openedAt, ...min } = said.json.result.stats.min;
    assert.match(openedAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.deepEqual(
      { ...said.json.result.stats, min },
      {
        count: '3',
        avg: { order: '2.3333' },
        min: { order: '1' },
        max: { order: '4' },
        sum: { order: '7' },
      },
    );
  });

  test('nothing asked for is nothing said, and no rows have a count of 0', async () => {
    assert.deepEqual((await stats(mine)).json, { result: { stats: {} } });
    const none = await stats('sysparm_query=number=none&sysparm_count=true&sysparm_avg_fields=order');
    assert.deepEqual(none.json, { result: { stats: { count: '0', avg: { order: '' } } } });
    assert.deepEqual((await stats('sysparm_query=number=none&sysparm_count=true&sysparm_group_by=state')).json, { result: [] });
  });

  test('groups become a list, with the value, the label or both', async () => {
    const group = `${mine}&sysparm_count=true&sysparm_group_by=state`;
    const fields = async (display: string) =>
      (await stats(`${group}&sysparm_display_value=${display}`)).json.result.map(
        (each: { groupby_fields: unknown }) => each.groupby_fields,
      );
    assert.deepEqual((await stats(group)).json.result, [
      { stats: { count: '1' }, groupby_fields: [{ field: 'state', value: '1' }] },
      { stats: { count: '2' }, groupby_fields: [{ field: 'state', value: '2' }] },
    ]);
    assert.deepEqual(await fields('true'), [
      [{ field: 'state', display_value: 'New' }],
      [{ field: 'state', display_value: 'In Progress' }],
    ]);
    assert.deepEqual(await fields('all'), [
      [{ field: 'state', value: '1', display_value: 'New' }],
      [{ field: 'state', value: '2', display_value: 'In Progress' }],
    ]);
  });

  test('groups are ordered and sifted as asked', async () => {
    const counts = async (extra: string) =>
      (await stats(`${mine}&sysparm_count=true&sysparm_group_by=state&${extra}`)).json.result.map(
        (each: { stats: { count: string }; groupby_fields: { value: string }[] }) =>
          `${each.groupby_fields[0]?.value}:${each.stats.count}`,
      );
    assert.deepEqual(await counts('sysparm_order_by=state%5EDESC'), ['2:2', '1:1']);
    assert.deepEqual(await counts('sysparm_order_by=COUNT%5EDESC'), ['2:2', '1:1']);
    assert.deepEqual(await counts('sysparm_order_by=COUNT'), ['1:1', '2:2']);
    assert.deepEqual(await counts('sysparm_order_by=AVG%5Eorder%5EDESC'), ['2:2', '1:1']);
    assert.deepEqual(await counts('sysparm_having=count%5Estate%5E%3E%5E1'), ['2:2']);
    assert.deepEqual(await counts('sysparm_having=sum%5Eorder%5E%3C%5E2'), ['1:1']);
    assert.deepEqual(await counts('sysparm_having=nonsense,count%5Estate'), ['1:1', '2:2']);
  });

  test('GROUPBY in the query, a group behind a reference, bare filters and the pinned versions', async () => {
    const grouped = await ask(
      `/api/now/v1/stats/incident?sysparm_query=${encodeURIComponent('short_descriptionSTARTSWITHfigure^GROUPBYopened_by.user_name')}&sysparm_count=true`,
    );
    assert.deepEqual(grouped.json.result, [
      { stats: { count: '3' }, groupby_fields: [{ field: 'opened_by.user_name', value: 'admin' }] },
    ]);
    assert.equal((await stats('short_description=figure 1&sysparm_count=true', '/v2')).json.result.stats.count, '1');
  });

  test('the same in XML', async () => {
    const said = await ask(`/api/now/stats/incident?${mine}&sysparm_count=true&sysparm_group_by=urgency`, {
      headers: { accept: 'application/xml' },
    });
    assert.match(said.headers.get('content-type') ?? '', /^application\/xml/);
    assert.match(
      said.text,
      /<response><result><stats><count>2<\/count><\/stats><groupby_fields><field>urgency<\/field><value>1<\/value><\/groupby_fields><\/result><result>/,
    );
  });

  test('figures tell nothing that a list would not', async () => {
    const made = await ask('/api/now/table/sys_user', {
      headers: json,
      body: '{"user_name":"stats.reader","user_password":"a long enough one","first_name":"S","last_name":"R"}',
    });
    assert.equal(made.status, 201, made.text);
    const authorization = basic('stats.reader', 'a long enough one');
    const closed = await ask('/api/now/stats/sys_audit?sysparm_count=true', { authorization });
    assert.deepEqual([closed.status, closed.json.error.message], [403, 'Insufficient rights to query records']);
    const listed = await ask('/api/now/table/incident?sysparm_fields=sys_id', { authorization });
    const counted = await ask('/api/now/stats/incident?sysparm_count=true', { authorization });
    assert.equal(counted.status, listed.status);
    if (listed.status === 200) assert.equal(counted.json.result.stats.count, String(listed.json.result.length));
    const secret = await ask('/api/now/stats/sys_user?sysparm_count=true&sysparm_group_by=user_password');
    assert.doesNotMatch(secret.text, /groupby_fields/);
  });

  test('bad requests have their words', async () => {
    const unknown = await ask('/api/now/stats/notExistingTable?sysparm_count=true');
    assert.deepEqual([unknown.status, unknown.json.error], [400, { message: 'Invalid table notExistingTable', detail: null }]);
    assert.equal((await ask('/api/now/stats/incident', { method: 'POST', headers: json, body: '{}' })).status, 405);
    const hostile = ['__proto__', 'constructor', "1');DROP TABLE incident;--", 'state^DESC^DESC', ',,,', '"', '\u{1f600}'];
    for (const word of hostile) {
      for (const name of ['group_by', 'order_by', 'having', 'avg_fields', 'min_fields', 'display_value', 'count']) {
        const said = await ask(`/api/now/stats/incident?sysparm_count=true&sysparm_${name}=${encodeURIComponent(word)}`);
        assert.equal(said.status, 200, `${name}=${word}: ${said.text}`);
      }
    }
  });
});
