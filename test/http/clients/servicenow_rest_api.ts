// servicenow-rest-api (JavaScript): labels in filters, values as people write them, relative dates, updates by PUT.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic } from '../../parts/running_instance.ts';
import { headers, tellClient } from './part.ts';

const shown = 'sysparm_display_value=true&sysparm_input_display_value=true';

tellClient(({ ask, engine }) => {
  test('the login check reads one user', async () => {
    assert.equal((await ask('/api/now/v2/table/sys_user?sysparm_limit=1', { headers })).status, 200);
    assert.equal((await ask('/api/now/v2/table/sys_user?sysparm_limit=1', { headers, authorization: 'Basic eDp5' })).status, 401);
  });

  test('records are made and changed with labels and names', async () => {
    const made = await ask(`/api/now/v2/table/incident?${shown}`, {
      headers,
      body: '{"short_description":"labels","state":"In Progress","urgency":"1 - High","impact":"1 - High","caller_id":"System Administrator"}',
    });
    assert.equal(made.status, 201, made.text);
    const { state, urgency, caller_id: caller, sys_id: sysId } = made.json.result;
    assert.deepEqual([state, urgency, caller.display_value], ['In Progress', '1 - High', 'System Administrator']);
    assert.match(caller.link, /\/api\/now\/v2\/table\/sys_user\/6816f79cc0a8016401c5a33be04be441$/);
    const path = `/api/now/v2/table/incident/${sysId}`;
    const changed = await ask(`${path}?${shown}`, { method: 'PUT', headers, body: '{"state":"On Hold"}' });
    assert.deepEqual([changed.status, changed.json.result.state], [200, 'On Hold']);
    const stored = await ask(`${path}?sysparm_fields=state,caller_id&sysparm_exclude_reference_link=true`);
    assert.deepEqual(stored.json.result, { state: '3', caller_id: '6816f79cc0a8016401c5a33be04be441' });
  });

  test('bare filters take labels and the names of references', async () => {
    const said = await ask(
      `/api/now/v2/table/incident?state=${encodeURIComponent('On Hold')}&caller_id=System%20Administrator&${shown}`,
    );
    assert.ok(said.json.result.length > 0);
    assert.ok(said.json.result.every((row: { state: string }) => row.state === 'On Hold'));
    assert.equal(said.headers.get('x-total-count'), String(said.json.result.length));
  });

  test('a relative period in a query', async () => {
    const query =
      'opened_atONLast 6 months@javascript:gs.beginningOfLast6Months()@javascript:gs.endOfLast6Months()^short_description=labels';
    const said = await ask(`/api/now/v2/table/incident?sysparm_query=${encodeURIComponent(query)}&${shown}`);
    assert.equal(said.status, 200);
    assert.ok(said.json.result.every((row: { short_description: string }) => row.short_description === 'labels'));
  });

  test('moments are shown and taken as the user writes them, in his zone, and stored as ever', async () => {
    const name = `formats.${engine.name}`;
    const password = 'a long enough one';
    const user = { user_name: name, user_password: password, last_name: 'F', time_zone: 'America/New_York' };
    const made = await ask('/api/now/table/sys_user', { headers, body: JSON.stringify({ ...user, date_format: 'dd/MM/yyyy' }) });
    const [itil] = (await ask('/api/now/table/sys_user_role?name=itil')).json.result;
    const grant = JSON.stringify({ user: made.json.result.sys_id, role: itil.sys_id });
    assert.equal((await ask('/api/now/table/sys_user_has_role', { headers, body: grant })).status, 201);
    const authorization = basic(name, password);
    const fields = 'opened_at,due_date,work_notes,sys_id';
    const written = '{"opened_at":"01/07/2026 09:30:00","due_date":"2026-07-02 10:00:00","work_notes":"noted"}';
    const said = await ask(`/api/now/v2/table/incident?${shown}&sysparm_fields=${fields}`, {
      headers,
      authorization,
      body: written,
    });
    const { opened_at, due_date, work_notes, sys_id } = said.json.result;
    assert.deepEqual([opened_at, due_date], ['01/07/2026 09:30:00', '02/07/2026 10:00:00']);
    assert.match(work_notes, /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d - F \(Work notes\)\nnoted\n\n$/);
    const path = `/api/now/v2/table/incident/${sys_id}`;
    const stored = await ask(`${path}?sysparm_fields=opened_at`, { authorization });
    assert.equal(stored.json.result.opened_at, '2026-07-01 13:30:00');

    const change = { method: 'PATCH', headers, body: '{"time_format":"hh:mm a"}' };
    await ask(`/api/now/table/sys_user/${made.json.result.sys_id}`, change);
    const both = await ask(`${path}?sysparm_fields=opened_at&sysparm_display_value=all`, { authorization });
    assert.deepEqual(both.json.result.opened_at, { display_value: '01/07/2026 09:30 AM', value: '2026-07-01 13:30:00' });
    const groups = 'sysparm_group_by=opened_at&sysparm_display_value=true&sysparm_query=number!=';
    const figures = await ask(`/api/now/stats/incident?${groups}^sys_id=${sys_id}`, { authorization });
    assert.equal(figures.json.result[0].groupby_fields[0].display_value, '01/07/2026 09:30 AM');
  });
});
