// ansible servicenow.itsm: bare filters, loops until the lower-cased count, attachments compared by hash, short addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellClient } from './part.ts';

const headers = { accept: 'application/json' };
const withBody = { ...headers, 'content-type': 'application/json' };

tellClient(({ ask }) => {
  const listAll = async (path: string, batch: number): Promise<Record<string, string>[]> => {
    const found: Record<string, string>[] = [];
    for (let offset = 0, total = 1; offset < total; offset += batch) {
      const said = await ask(`${path}&sysparm_limit=${batch}&sysparm_offset=${offset}`, { headers });
      assert.equal(said.status, 200, said.text);
      found.push(...said.json.result);
      total = Number(said.headers.get('x-total-count'));
    }
    return found;
  };

  test('records are listed until the count is reached, references as bare ids', async () => {
    const all = await listAll('/api/now/table/incident?sysparm_exclude_reference_link=true', 3);
    assert.equal(new Set(all.map((row) => row.sys_id)).size, all.length);
    assert.ok(all.length > 3 && all.every((row) => typeof row.caller_id === 'string'));
  });

  test('users, groups and numbers are looked up by bare filters', async () => {
    const [user] = await listAll('/api/now/table/sys_user?user_name=admin&sysparm_exclude_reference_link=true', 1000);
    assert.equal(user?.sys_id, '6816f79cc0a8016401c5a33be04be441');
    assert.deepEqual(await listAll('/api/now/table/incident?number=INC-nope&sysparm_exclude_reference_link=true', 1000), []);
  });

  test('queries of several groups', async () => {
    const query = encodeURIComponent('state=1^NQstate=2');
    const all = await listAll(`/api/now/table/incident?sysparm_query=${query}&sysparm_exclude_reference_link=true`, 1000);
    assert.ok(all.length > 0 && all.every(({ state }) => state === '1' || state === '2'));
  });

  test('create 201, update 200, delete 204, and 404 for what is gone', async () => {
    const made = await ask('/api/now/table/incident?sysparm_exclude_reference_link=true', {
      headers: withBody,
      body: '{"short_description":"playbook","impact":"1","urgency":"1","caller_id":"6816f79cc0a8016401c5a33be04be441"}',
    });
    assert.deepEqual([made.status, made.json.result.caller_id], [201, '6816f79cc0a8016401c5a33be04be441']);
    const path = `/api/now/table/incident/${made.json.result.sys_id}`;
    assert.equal((await ask(path, { method: 'PATCH', headers: withBody, body: '{"state":"2"}' })).status, 200);
    assert.equal((await ask(path, { method: 'DELETE', headers })).status, 204);
    assert.equal((await ask(path, { headers })).status, 404);
  });

  test('attachments are compared by hash, and the extra parameters it sends are harmless', async () => {
    const made = await ask('/api/now/table/incident', { headers: withBody, body: '{"short_description":"files"}' });
    const owner = made.json.result.sys_id;
    const hash = '6ae8a75555209fd6c44157c0aed8016e763ff435a19cf186f76863140143ff72';
    const path = `/api/now/attachment/file?table_name=incident&table_sys_id=${owner}&file_name=sample.txt&content_type=text%2Fplain&hash=${hash}`;
    const uploaded = await ask(path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'test content',
    });
    assert.deepEqual([uploaded.status, uploaded.json.result.hash], [201, hash]);
    const [listed] = await listAll(`/api/now/attachment?table_name=incident&table_sys_id=${owner}`, 10_000);
    assert.equal(listed?.hash, hash);
    const file = await ask(`/api/now/attachment/${listed?.sys_id}/file`, { headers });
    const metadata = JSON.parse(file.headers.get('x-attachment-metadata') ?? '');
    assert.deepEqual([file.text, metadata.size_bytes], ['test content', '12']);
    assert.equal((await ask(`/api/now/attachment/${listed?.sys_id}`, { method: 'DELETE', headers })).status, 204);
  });

  test('an address past 2048 characters is shortened first', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => at.toString(16).padStart(32, '0')).join(',');
    const query = `sysparm_query=${encodeURIComponent(`sys_idIN${ids}^ORstate=1`)}&sysparm_exclude_reference_link=true`;
    const short = await ask('/api/now/tinyurl', {
      headers: withBody,
      body: JSON.stringify({ url: `incident_list.do?${query}` }),
    });
    const tiny = /sysparm_tiny=(\w+)/.exec(short.json.result)?.[1];
    const all = await listAll(`/api/now/table/incident?sysparm_tiny=${tiny}`, 1000);
    assert.ok(all.length > 0 && all.every(({ state }) => state === '1'));
  });

  test('the inventory reads display values with a capital True', async () => {
    const said = await ask(
      '/api/now/table/cmdb_ci?sysparm_display_value=True&sysparm_exclude_reference_link=true&sysparm_limit=1000&sysparm_offset=0',
    );
    assert.equal(said.status, 200);
    assert.match(said.headers.get('x-total-count') ?? '', /^\d+$/);
  });

  test('problems, changes, requests and their tasks begin in their own first state, under their own numbers', async () => {
    for (const [table, prefix, state] of [
      ['problem', 'PRB', '101'],
      ['problem_task', 'PTASK', '151'],
      ['change_request', 'CHG', '-5'],
      ['change_task', 'CTASK', '1'],
      ['sc_request', 'REQ', '1'],
      ['sc_req_item', 'RITM', '1'],
      ['sc_task', 'SCTASK', '1'],
    ] as const) {
      const made = await ask(`/api/now/table/${table}?sysparm_exclude_reference_link=true`, {
        headers: withBody,
        body: '{"short_description":"playbook"}',
      });
      assert.deepEqual([made.status, made.json.result.state], [201, state], table);
      assert.match(made.json.result.number, new RegExp(`^${prefix}\\d{7}$`));
    }
  });

  test('a change keeps the model it is given by word, and a server is found among all items', async () => {
    const change = await ask('/api/now/table/change_request?sysparm_exclude_reference_link=true', {
      headers: withBody,
      body: '{"type":"standard","chg_model":"standard","risk":"4","on_hold":"true","on_hold_reason":"later"}',
    });
    const { chg_model, risk, on_hold } = change.json.result;
    assert.deepEqual([change.status, chg_model, risk, on_hold], [201, 'standard', '4', 'true']);
    const server = await ask('/api/now/table/cmdb_ci_esx_server', { headers: withBody, body: '{"name":"esx-1","ram":"4096"}' });
    const [found] = await listAll(`/api/now/table/cmdb?sys_id=${server.json.result.sys_id}`, 10);
    assert.deepEqual([server.status, found?.sys_class_name], [201, 'cmdb_ci_esx_server']);
    const kinds = await listAll('/api/now/table/cmdb_rel_type?name=Runs%20on::Runs', 10);
    assert.equal(kinds.length, 1);
  });
});
