// The Table API over real HTTP, on both engines: statuses, envelopes, headers, literals (data_api.md §1 and §2).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const failure = (message: string, detail: string | null) => ({ error: { message, detail }, status: 'failure' });
const notFound = failure('No Record found', "Record doesn't exist or ACL restricts the record retrieval");
const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const incidents = '/api/now/table/incident';
  const create = async (values: Record<string, unknown>, query = ''): Promise<Record<string, string>> => {
    const said = await ask(`${incidents}?sysparm_exclude_reference_link=true${query}`, {
      headers: json,
      body: JSON.stringify(values),
    });
    assert.equal(said.status, 201, said.text);
    return said.json.result;
  };

  before(async () => {
    running = await runInstance(engine);
  });
  after(() => running.stop());

  test('an answer carries the headers that clients read, and no cookie', async () => {
    const said = await ask(`${incidents}?sysparm_limit=1`);
    assert.equal(said.status, 200);
    const expected = {
      server: 'Causeway',
      'x-is-logged-in': 'true',
      'cache-control': 'no-cache,no-store,must-revalidate,max-age=-1',
      pragma: 'no-store,no-cache',
      expires: '0',
      'content-type': 'application/json;charset=UTF-8',
      'x-content-type-options': 'nosniff',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(said.headers.get(name), value, name);
    assert.match(said.headers.get('x-transaction-id') ?? '', /^[0-9a-f]{12}$/);
    assert.equal(said.headers.get('set-cookie'), null);
  });

  test('a record is created, read, changed and deleted', async () => {
    const made = await ask(`${incidents}?sysparm_fields=number,short_description,priority`, {
      headers: json,
      body: '{"short_description":"Ünïcode \\u2603","impact":"1","urgency":1}',
    });
    assert.equal(made.status, 201);
    assert.deepEqual(Object.keys(made.json.result), ['number', 'short_description', 'priority']);
    assert.match(made.json.result.number, /^INC00\d{5}$/);
    assert.equal(made.json.result.priority, '1');
    const location = made.headers.get('location') ?? '';
    assert.match(location, new RegExp(`^${running.instance.baseUrl}${incidents}/[0-9a-f]{32}$`));
    const path = new URL(location).pathname;

    const read = await ask(`${path}?sysparm_fields=short_description`);
    assert.equal(read.text, '{"result":{"short_description":"Ünïcode ☃"}}');

    for (const [method, state] of [
      ['PUT', '2'],
      ['PATCH', '3'],
    ] as const) {
      const changed = await ask(`${path}?sysparm_fields=state,short_description`, {
        method,
        headers: json,
        body: JSON.stringify({ state }),
      });
      assert.equal(changed.status, 200);
      assert.deepEqual(changed.json, { result: { state, short_description: 'Ünïcode ☃' } });
    }
    const removed = await ask(path, { method: 'DELETE', headers: json });
    assert.deepEqual([removed.status, removed.text, removed.headers.get('content-type')], [204, '', null]);
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      const gone = await ask(path, { method, ...(method === 'PATCH' ? { headers: json, body: '{"state":"1"}' } : {}) });
      assert.deepEqual([gone.status, gone.json], [404, notFound], method);
    }
  });

  test('an unchanged update keeps sys_mod_count', async () => {
    const { sys_id: sysId, state = '' } = await create({ short_description: 'same' });
    const again = await ask(`${incidents}/${sysId}?sysparm_fields=sys_mod_count`, {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify({ state }),
    });
    assert.equal(again.json.result.sys_mod_count, '0');
  });

  test('three display modes, with and without links', async () => {
    const [row] = (
      await ask(`${incidents}?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY&sysparm_fields=caller_id,state,caller_id.email`)
    ).json.result;
    const sysId = row.caller_id.value;
    const link = `${running.instance.baseUrl}/api/now/table/sys_user/${sysId}`;
    assert.deepEqual(row.caller_id, { link, value: sysId });
    const group = `${running.instance.baseUrl}/api/now/table/sys_user_group/global`;
    const domain = async (mode: string) =>
      (await ask(`${incidents}?sysparm_limit=1&sysparm_fields=sys_domain,sys_domain_path,sys_tags&sysparm_display_value=${mode}`))
        .json.result[0];
    assert.deepEqual(await domain('false'), { sys_domain: { link: group, value: 'global' }, sys_domain_path: '/', sys_tags: '' });
    assert.deepEqual((await domain('true')).sys_domain, { display_value: 'global', link: group });
    assert.deepEqual((await domain('all')).sys_domain, { display_value: 'global', link: group, value: 'global' });
    const shown = (mode: string, more = '') =>
      ask(
        `${incidents}?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY&sysparm_fields=caller_id,state&sysparm_display_value=${mode}${more}`,
      );
    const [named] = (await shown('true')).json.result;
    assert.deepEqual(named.caller_id, { display_value: named.caller_id.display_value, link });
    assert.match(named.caller_id.display_value, /\w+ \w+/);
    const [both] = (await shown('ALL')).json.result;
    assert.deepEqual(both.caller_id, { display_value: named.caller_id.display_value, link, value: sysId });
    assert.deepEqual(Object.keys(both.state), ['display_value', 'value']);
    assert.equal((await shown('false', '&sysparm_exclude_reference_link=True')).json.result[0].caller_id, sysId);
    assert.equal(
      (await shown('true', '&sysparm_exclude_reference_link=true')).json.result[0].caller_id,
      named.caller_id.display_value,
    );
    assert.deepEqual((await shown('all', '&sysparm_exclude_reference_link=TRUE')).json.result[0].caller_id, {
      display_value: named.caller_id.display_value,
      value: sysId,
    });
  });

  test('links repeat the version of the request', async () => {
    const said = await ask(
      '/api/now/v2/table/incident?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY&sysparm_fields=caller_id',
    );
    assert.match(said.json.result[0].caller_id.link, /\/api\/now\/v2\/table\/sys_user\//);
    assert.match(said.headers.get('link') ?? '', /\/api\/now\/v2\/table\/incident\?/);
  });

  test('pages: the count, and links that lead through all rows exactly once', async () => {
    const total = Number((await ask(`${incidents}?sysparm_limit=1`)).headers.get('x-total-count'));
    assert.ok(total >= 5, 'demo data has incidents');
    const seen: string[] = [];
    let next: string | undefined = `${running.instance.baseUrl}${incidents}?sysparm_fields=sys_id&sysparm_limit=3`;
    while (next) {
      const said = await ask(next.slice(running.instance.baseUrl.length));
      assert.equal(said.headers.get('x-total-count'), String(total));
      seen.push(...said.json.result.map((row: { sys_id: string }) => row.sys_id));
      next = /<([^>]+)>;rel="next"/.exec(said.headers.get('link') ?? '')?.[1];
    }
    assert.equal(seen.length, total);
    assert.equal(new Set(seen).size, total);
  });

  test('without a count there is no X-Total-Count; links can be left out', async () => {
    const uncounted = await ask(`${incidents}?sysparm_limit=1&sysparm_no_count=true`);
    assert.equal(uncounted.headers.get('x-total-count'), null);
    assert.match(uncounted.headers.get('link') ?? '', /rel="next"/);
    const unlinked = await ask(`${incidents}?sysparm_limit=1&sysparm_suppress_pagination_header=true`);
    assert.equal(unlinked.headers.get('link'), null);
    assert.notEqual(unlinked.headers.get('x-total-count'), null);
  });

  test('HEAD answers the headers of GET and nothing else', async () => {
    const said = await ask(`${incidents}?sysparm_limit=1`, { method: 'HEAD' });
    assert.deepEqual([said.status, said.text], [200, '']);
    assert.notEqual(said.headers.get('x-total-count'), null);
    assert.notEqual(said.headers.get('link'), null);
  });

  test('an empty list is 200, and 404 in version 1', async () => {
    const query = 'sysparm_query=number=nothing';
    for (const version of ['', '/v2']) {
      const said = await ask(`/api/now${version}/table/incident?${query}`);
      assert.deepEqual([said.status, said.text, said.headers.get('x-total-count')], [200, '{"result":[]}', '0']);
    }
    const first = await ask(`/api/now/v1/table/incident?${query}`);
    assert.deepEqual(
      first.json,
      failure('No Record found', 'Records matching query not found. Check query parameter or offset parameter'),
    );
    assert.equal(first.status, 404);
    const pastTheEnd = await ask(`${incidents}?sysparm_offset=100000`);
    assert.deepEqual([pastTheEnd.status, pastTheEnd.text], [200, '{"result":[]}']);
  });

  test('bare parameters filter, by value and by label', async () => {
    const { number = '' } = await create({ short_description: 'filtered', state: '2' });
    const numbers = async (query: string) =>
      (await ask(`${incidents}?sysparm_fields=number&${query}`)).json.result.map((row: { number: string }) => row.number);
    assert.deepEqual(await numbers('short_description=filtered&state=2'), [number]);
    assert.deepEqual(await numbers(`number=${number}&state=In+Progress`), [number]);
    assert.deepEqual(await numbers(`number=${number}&state=7`), []);
  });

  test('fields are trimmed, repeats and unknown ones dropped, dot-walks allowed', async () => {
    const said = await ask(`${incidents}?sysparm_limit=1&sysparm_fields=%20number,%20number,nope,caller_id.user_name,`);
    assert.deepEqual(Object.keys(said.json.result[0]), ['number', 'caller_id.user_name']);
  });

  test('display values can be written', async () => {
    const made = await create(
      { short_description: 'x', caller_id: 'Mei Tanaka', state: 'In Progress' },
      '&sysparm_input_display_value=true&sysparm_display_value=all&sysparm_fields=caller_id,state',
    );
    assert.deepEqual(made.caller_id, {
      display_value: 'Mei Tanaka',
      value: (made.caller_id as unknown as { value: string }).value,
    });
    assert.deepEqual(made.state, { display_value: 'In Progress', value: '2' });
  });

  test('journal entries are answered as display values only, newest first', async () => {
    const { sys_id: sysId } = await create({ short_description: 'j', comments: 'first\nentry' });
    await ask(`${incidents}/${sysId}`, { method: 'PATCH', headers: json, body: '{"work_notes":"inside"}' });
    const plain = (await ask(`${incidents}/${sysId}?sysparm_fields=comments,work_notes`)).json.result;
    assert.deepEqual(plain, { comments: '', work_notes: '' });
    const shown = (await ask(`${incidents}/${sysId}?sysparm_fields=comments,work_notes&sysparm_display_value=true`)).json.result;
    assert.match(shown.comments, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - System Administrator \([\w ]+\)\nfirst\nentry\n\n$/);
    assert.match(shown.work_notes, /\(Work notes\)\ninside\n\n$/);
    const both = (await ask(`${incidents}/${sysId}?sysparm_fields=comments_and_work_notes&sysparm_display_value=all`)).json
      .result;
    assert.deepEqual(both.comments_and_work_notes, { display_value: shown.work_notes + shown.comments, value: '' });
  });

  test('a password is stored, works, and is never read back', async () => {
    const made = await ask('/api/now/table/sys_user', {
      headers: json,
      body: '{"user_name":"fresh.person","user_password":"opensesame-1"}',
    });
    assert.equal(made.status, 201, made.text);
    assert.doesNotMatch(made.text, /opensesame|\$argon/);
    const { basic } = await import('../../parts/running_instance.ts');
    const own = await ask('/api/now/table/sys_user?sysparm_limit=1&sysparm_query=user_name=fresh.person', {
      authorization: basic('fresh.person', 'opensesame-1'),
    });
    assert.equal(own.status, 200);
    assert.doesNotMatch(own.text, /opensesame|\$argon/);
  });

  test('XML goes in and comes out', async () => {
    const made = await ask(`${incidents}?sysparm_fields=short_description,state`, {
      headers: { 'content-type': 'application/xml', accept: 'text/xml' },
      body: '<request><entry><short_description>a &lt; b &amp; c</short_description><state>2</state></entry></request>',
    });
    assert.equal(made.status, 201);
    assert.equal(made.headers.get('content-type'), 'text/xml;charset=UTF-8');
    assert.match(
      made.text,
      /<response><result><short_description>a &lt; b &amp; c<\/short_description><state>2<\/state><\/result><\/response>$/,
    );
    const missing = await ask(`${incidents}/none`, { headers: { accept: 'application/xml' } });
    assert.equal(missing.status, 404);
    assert.match(
      missing.text,
      /<response><error><detail>Record doesn(?:'|&apos;)t exist or ACL restricts the record retrieval<\/detail><message>No Record found<\/message><\/error><status>failure<\/status><\/response>$/,
    );
  });

  test('a write can be answered without a body', async () => {
    const said = await ask(incidents, { headers: { ...json, 'x-no-response-body': 'true' }, body: '{}' });
    assert.deepEqual([said.status, said.text], [201, '']);
    assert.notEqual(said.headers.get('location'), null);
  });

  test('only the first of several records in a body counts, and an empty body makes a record of defaults', async () => {
    const first = await ask(`${incidents}?sysparm_fields=short_description`, {
      headers: json,
      body: '[{"short_description":"one"},{"short_description":"two"}]',
    });
    assert.equal(first.json.result.short_description, 'one');
    assert.equal((await ask(incidents, { method: 'POST', headers: json })).status, 201);
  });

  test('clients that were given an address with a slash at its end are answered as well', async () => {
    for (const slashes of ['//', '///']) {
      const said = await ask(`${slashes}api/now/table/incident?sysparm_limit=1`);
      assert.deepEqual([said.status, said.json.result.length], [200, 1]);
      assert.ok(said.headers.get('link')?.startsWith(`<${running.instance.baseUrl}/api/now/table/incident?`));
    }
    assert.equal((await ask('//api/now/table/incident?sysparm_limit=1', { authorization: '' })).status, 401);
  });

  test('POST can stand for another method', async () => {
    const { sys_id: sysId } = await create({ short_description: 'override' });
    const override = (method: string, body?: string) =>
      ask(`${incidents}/${sysId}?sysparm_fields=state`, {
        method: 'POST',
        headers: { ...json, 'x-http-method-override': method },
        ...(body ? { body } : {}),
      });
    assert.equal((await override('GET')).status, 200);
    assert.deepEqual((await override('patch', '{"state":"2"}')).json, { result: { state: '2' } });
    assert.equal((await override('DELETE')).status, 204);
  });
});
