// The standard import set tables: usable from the first day, and no way around the rights on what is behind them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Engine, engines } from '../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const json = { 'content-type': 'application/json' };
let running: RunningInstance;

const post = (path: string, values: object, authorization?: string) =>
  running.ask(path, {
    headers: json,
    body: JSON.stringify(values),
    ...(authorization === undefined ? {} : { authorization }),
  });
const send = (table: string, values: object, authorization?: string) => post(`/api/now/import/${table}`, values, authorization);
const one = async (table: string, query: string): Promise<Record<string, string>> => {
  const address = `/api/now/table/${table}?sysparm_exclude_reference_link=true&sysparm_query=${encodeURIComponent(query)}`;
  const { result } = (await running.ask(address)).json;
  assert.equal(result.length, 1, `${table} ${query}`);
  return result[0];
};

before(async () => {
  running = await runInstance(engines[0] as Engine, { demoData: 'false' });
  const role = await one('sys_user_role', 'name=import_transformer');
  const made = await post('/api/now/table/sys_user', { user_name: 'importer', user_password: 'takes files in' });
  const held = { user: made.json.result.sys_id, role: role.sys_id };
  assert.equal((await post('/api/now/table/sys_user_has_role', held)).status, 201);
});
after(() => running.stop());

test('a notification is an incident, and the same one again changes it', async () => {
  const alarm = { uuid: 'alarm-7', message: 'Disk full', severity: '1', assignment_group: 'Storage', comments: 'Since noon' };
  const first = await send('imp_notification', alarm);
  assert.equal(first.status, 201, first.text);
  assert.deepEqual([first.json.result[0].table, first.json.result[0].status], ['incident', 'inserted']);
  const again = await send('imp_notification', { uuid: 'ALARM-7', message: 'Disk fuller' });
  assert.equal(again.json.result[0].status, 'updated');
  const incident = await one('incident', 'correlation_id=alarm-7');
  const group = await one('sys_user_group', 'name=Storage');
  assert.deepEqual(
    [incident.short_description, incident.severity, incident.assignment_group],
    ['Disk fuller', '1', group.sys_id],
  );
});

test('a user is found by mail, and gets a name of first and last name where none is given', async () => {
  const who = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', department: 'Engines' };
  assert.equal((await send('imp_user', who)).json.result[0].status, 'inserted');
  assert.equal((await one('sys_user', 'email=ada@example.com')).user_name, 'Ada.Lovelace');
  assert.equal((await send('imp_user', { email: 'ada@example.com', phone: '+44 1' })).json.result[0].status, 'updated');
  const ada = await one('sys_user', 'email=ada@example.com');
  assert.deepEqual([ada.user_name, ada.phone], ['Ada.Lovelace', '+44 1']);
  assert.equal((await send('imp_user', { email: 'charles@example.com', user_id: 'cb' })).json.result[0].status, 'inserted');
  assert.equal((await one('sys_user', 'email=charles@example.com')).user_name, 'cb');
});

test('a computer goes by its serial number, a place by its whole address', async () => {
  const machine = { serial_number: 'S-1', name: 'db1', operating_system: 'Linux Red Hat', ram: '4096', manufacturer: 'Acme' };
  assert.equal((await send('imp_computer', machine)).json.result[0].status, 'inserted');
  const computer = await one('cmdb_ci_computer', 'serial_number=S-1');
  assert.deepEqual([computer.name, computer.os, computer.ram], ['db1', 'Linux Red Hat', '4096']);
  const office = { name: 'Sales office', city: 'Madrid' };
  assert.equal((await send('imp_location', office)).json.result[0].status, 'inserted');
  assert.equal((await send('imp_location', { ...office, country: 'Spain' })).json.result[0].status, 'updated');
  assert.equal((await send('imp_location', { ...office, city: 'Lyon' })).json.result[0].status, 'inserted');
});

test('who may import files may not reach users by them: neither by rows, nor by a file, nor by what is staged', async () => {
  const importer = basic('importer', 'takes files in');
  assert.equal((await send('imp_user', { email: 'a@example.com', user_id: 'a' }, importer)).status, 403);
  const file = { body: 'email,user_id\na@example.com,a\n', headers: { 'content-type': 'text/csv' }, authorization: importer };
  assert.equal((await running.ask('/api/causeway/imports?table=imp_user', file)).status, 403);
  const { authorization: _, ...own } = file;
  const loaded = await running.ask('/api/causeway/imports?table=imp_user&transform=false', own);
  const job = `/api/causeway/imports/${loaded.json.result.sys_id}`;
  await untilTrue(async () => (await running.ask(job)).json.result.state === 'complete');
  const set = await one('sys_import_set', 'table_name=imp_user^state=loaded');
  const again = await post(`/api/causeway/import_sets/${set.sys_id}/transform`, {}, importer);
  assert.equal(again.status, 403, again.text);
  assert.equal((await running.ask('/api/now/table/sys_user?sysparm_query=email=a@example.com')).json.result.length, 0);
});
