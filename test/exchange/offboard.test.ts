// The end of a connection: what goes, what stays, what is asked before tasks go too, and that no message is dropped that nobody has seen.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { World } from '../../src/cli/command.ts';
import type { Reader } from '../../src/doctor/reader.ts';
import { makeRecordsReader } from '../../src/doctor/records_reader.ts';
import { makeScheduledDoctor } from '../../src/doctor/schedule.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { adminPassword, type RunningInstance } from '../parts/running_instance.ts';
import { speakCommand } from '../parts/spoken_command.ts';
import { untilTrue } from '../parts/until_true.ts';
import { post, runTwoInstances, type TwoInstances } from './two_instances.ts';

type Words = Record<string, string>;

const insert = async ({ instance }: RunningInstance, table: string, values: Words): Promise<string> =>
  (await instance.records.insert(systemCaller, table, values)).sysId;
const update = async ({ instance }: RunningInstance, table: string, sysId: string, values: Words): Promise<void> =>
  void (await instance.records.update(systemCaller, table, sysId, values));
const count = async ({ instance }: RunningInstance, table: string, query = ''): Promise<number> =>
  (await instance.records.find(table, query)).length;

/** `causeway …` against one side. */
const speak = async ({ instance }: RunningInstance, args: readonly string[], more: Partial<World> = {}) => {
  const environment = { CAUSEWAY_INSTANCE: instance.localUrl, CAUSEWAY_USER: 'admin', CAUSEWAY_PASSWORD: adminPassword };
  const { code, out, err: complaints } = await speakCommand(args, { environment, ...more });
  return { code, out, complaints };
};

forEachEngine((engine) => {
  let pair: TwoInstances;
  let number = '';
  let folder = '';
  let incident = '';

  const waiting = ({ instance }: RunningInstance): Promise<number> =>
    instance.records
      .find('sn_transport_queue', 'direction=outbound^stateINready,running,sent,error^kindINrecord,journal')
      .then(({ length }) => length);

  /** A connection with an incident that is a case, and with something ordered. */
  const share = async (): Promise<void> => {
    const { provider, consumer } = pair;
    number = await pair.register({ enable_grant: true });
    const [connection] = await consumer.instance.records.find('sn_sb_connection', `connection_id=${number}`);
    const words = { name: 'Incident to case', provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
    const definition = await insert(provider, 'sn_sb_pro_remote_task_def', words);
    const field = { definition, name: 'title', source: 'short_description', target: 'short_description' };
    await insert(provider, 'sn_sb_pro_remote_task_def_inbound_field', { ...field, sync_when: 'insert_or_update' });
    await update(provider, 'sn_sb_pro_remote_task_def', definition, { state: 'published' });
    const item = await insert(provider, 'sn_sb_pro_remote_record_producer', { name: 'New laptop', short_description: 'One' });
    await insert(provider, 'item_option_new', { cat_item: item, name: 'why', question_text: 'Why', type: '6' });
    await update(provider, 'sn_sb_pro_remote_record_producer', item, { state: 'published' });
    for (const table of ['sn_sb_con_remote_task_def', 'sn_sb_con_remote_record_producer']) {
      await untilTrue(async () => (await count(consumer, table, 'state=draft')) === 1);
      const [offer] = await consumer.instance.records.find(table, 'state=draft');
      await update(consumer, table, offer?.sys_id ?? '', { state: 'published' });
    }
    const [ours] = await consumer.instance.records.find('sn_sb_con_remote_task_def', 'state=published');
    const [producer] = await consumer.instance.records.find('sn_sb_con_remote_record_producer', 'state=published');
    incident = await insert(consumer, 'incident', { short_description: 'Printer on fire' });
    const tie = { parent: incident, definition: ours?.sys_id ?? '', connection: connection?.sys_id ?? '' };
    await insert(consumer, 'sn_sb_con_remote_task', tie);
    await insert(consumer, 'sn_sb_con_provider_task', {
      record_producer: producer?.sys_id ?? '',
      vars_json: '{"why":"Old one"}',
    });
    await untilTrue(
      async () => (await count(provider, 'sn_sb_remote_task')) + (await count(provider, 'sn_sb_provider_task')) === 2,
    );
    await untilTrue(async () => (await waiting(consumer)) === 0);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-offboard-'));
    pair = await runTwoInstances(engine);
    await share();
  });
  after(async () => {
    await pair?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('the plan counts what would go and what stays; with tasks asked for, they are counted among what goes', async () => {
    const ask = async (more: object) => (await post(pair.consumer, `/connections/${number}/offboard`, more)).json.result;
    const kept = await ask({ dry_run: true });
    assert.deepEqual(
      [kept.removes.oauth_entity, kept.removes.sys_user, kept.releases],
      [2, 1, { sn_sb_remote_task: 1, sn_sb_provider_task: 1, sn_sb_con_remote_task_def: 1, sn_sb_con_remote_record_producer: 1 }],
    );
    const all = await ask({ dry_run: true, delete_tasks: true });
    assert.deepEqual([all.removes.sn_sb_remote_task, all.removes.item_option_new, all.releases], [1, 1, {}]);
    assert.equal(all.applied, false);
    assert.equal(await count(pair.consumer, 'sn_sb_connection', 'state=onboarded'), 1);
  });

  for (const [what, body] of [
    ['tasks deleted without the word', { delete_tasks: true }],
    ['another word', { delete_tasks: true, confirm: 'delete' }],
    ['a flag that is none', { delete_tasks: 'true' }],
    ['an export of a text', { exported: 'all' }],
    ['an export of -1 rows', { exported: { rows: -1, newest: '' } }],
    ['an export without its newest', { exported: { rows: 1 } }],
    ['an export up to what is no sys_id', { exported: { rows: 1, newest: "x' OR 1=1" } }],
  ] as const) {
    test(`${what} is refused, and nothing goes`, async () => {
      const said = await post(pair.consumer, `/connections/${number}/offboard`, { drop_undelivered: true, ...body });
      assert.deepEqual([said.status, said.headers.get('causeway-code')], [400, 'exchange.bad_admin_request'], said.text);
      assert.equal(await count(pair.consumer, 'sn_sb_connection', 'state=onboarded'), 1);
    });
  }

  test('while messages wait it refuses, writes no file, and drops none that is not in the export', async () => {
    const { consumer } = pair;
    const [connection] = await consumer.instance.records.find('sn_sb_connection', `connection_id=${number}`);
    const pause = { body: JSON.stringify({ connection: connection?.sys_id }), headers: { 'content-type': 'application/json' } };
    assert.equal((await consumer.ask('/api/sn_transport/queue/pause', pause)).status, 200);
    await update(consumer, 'incident', incident, { short_description: 'Never read' });
    const file = join(folder, 'early.ndjson');
    const refused = await speak(consumer, ['exchange', 'offboard', number, '--export', file]);
    assert.equal(refused.code, 1);
    assert.match(refused.complaints, /1 messages would be lost.*--drop-undelivered.*--export/);
    await assert.rejects(stat(file), { code: 'ENOENT' });
    const late = await post(consumer, `/connections/${number}/offboard`, {
      drop_undelivered: true,
      exported: { rows: 0, newest: '' },
    });
    assert.deepEqual([late.status, late.headers.get('causeway-code')], [409, 'exchange.undelivered']);
    assert.match(late.text, /Export them again/);
  });

  test('a file that is there is left alone, and nothing goes', async () => {
    const said = await speak(pair.consumer, [
      'exchange',
      'offboard',
      number,
      '--export',
      import.meta.filename,
      '--drop-undelivered',
    ]);
    assert.equal(said.code, 1);
    assert.match(said.complaints, /is there already: name another file/);
    assert.equal(await count(pair.consumer, 'sn_sb_connection', 'state=onboarded'), 1);
  });

  test('an export that is cut off leaves no file, and nothing goes', async () => {
    const file = join(folder, 'cut.ndjson');
    const cut: typeof fetch = async (address, request) => {
      const answer = await fetch(address, request);
      if (!String(address).includes('/queue/export')) return answer;
      const torn = new ReadableStream({
        start(stream) {
          stream.enqueue(new TextEncoder().encode('{"sys_id":"a"}\n{"sys'));
          stream.error(new Error('terminated'));
        },
      });
      return new Response(torn);
    };
    const said = await speak(pair.consumer, ['exchange', 'offboard', number, '--export', file, '--drop-undelivered'], {
      fetcher: cut,
    });
    assert.equal(said.code, 1);
    assert.match(said.complaints, /terminated/);
    await assert.rejects(stat(file), { code: 'ENOENT' });
    assert.equal(await count(pair.consumer, 'sn_sb_connection', 'state=onboarded'), 1);
  });

  test('whoever is asked and types another word, or cannot be asked, changes nothing', async () => {
    const args = ['exchange', 'offboard', number, '--drop-undelivered', '--delete-tasks'];
    const typed = await speak(pair.consumer, args, { readLine: async () => 'yes' });
    assert.equal(typed.code, 1);
    assert.match(typed.complaints, /would remove[\s\S]*1 {2}sn_sb_remote_task[\s\S]*not the word Delete/);
    const unasked = await speak(pair.consumer, args);
    assert.equal(unasked.code, 1);
    assert.match(unasked.complaints, /--confirm Delete/);
    assert.equal(await count(pair.consumer, 'sn_sb_connection', 'state=onboarded'), 1);
  });

  test('what waits is in the file as the queue exports it; then connection, tasks and offers go, and nothing else', async () => {
    const { consumer, provider } = pair;
    // An item and a form of this side's own.
    const own = await insert(consumer, 'sn_sb_pro_remote_record_producer', { name: 'Ours', short_description: 'Ours' });
    await insert(consumer, 'item_option_new', { cat_item: own, name: 'mine', question_text: 'Mine', type: '6' });
    const [connection] = await consumer.instance.records.find('sn_sb_connection', `connection_id=${number}`);
    const exported = await consumer.ask(`/api/sn_transport/queue/export?connection=${connection?.sys_id}&state=ready`);
    const file = join(folder, 'waiting.ndjson');
    const args = ['exchange', 'offboard', number, '--drop-undelivered', '--export', file, '--delete-tasks'];
    const done = await speak(consumer, args, { readLine: async () => 'Delete' });
    assert.equal(done.code, 0, done.complaints);
    const rows = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === 'record');
    const written = await readFile(file, 'utf8');
    assert.deepEqual(rows(written), rows(exported.text));
    assert.match(written, /"payload":"\{.*Never read/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(done.out, /removed[\s\S]*1 {2}sn_sb_remote_task[\s\S]*The peer knows/);
    for (const table of [
      'sn_sb_connection',
      'sn_sb_remote_task',
      'sn_sb_provider_task',
      'sn_sb_con_remote_task_def',
      'sn_sb_remote_task_def_field',
      'sn_sb_con_remote_record_producer',
      'sn_sb_con_entitlement',
      'ih_sync_correlation',
      'sn_sb_field_version',
      'sn_transport_queue',
      'sn_transport_lane',
    ])
      assert.equal(await count(consumer, table), 0, table);
    assert.equal(await count(consumer, 'incident', `sys_id=${incident}`), 1);
    assert.equal(await count(consumer, 'item_option_new', `cat_item=${own}`), 1);
    assert.equal(await count(provider, 'sn_sb_remote_task'), 1);
    assert.equal(await count(provider, 'sn_sb_connection', 'state=offboarded_by_peer'), 1);
  });

  test('the side that was told ends its half, keeps its tasks, and both can begin anew', async () => {
    const { provider } = pair;
    const done = await speak(provider, ['exchange', 'offboard', number, '--json']);
    assert.equal(done.code, 0, done.complaints);
    const plan = JSON.parse(done.out);
    assert.deepEqual([plan.applied, plan.undelivered], [true, 0]);
    const [task] = await provider.instance.records.find('sn_sb_remote_task', '');
    assert.deepEqual([task?.connection, task?.status], ['', 'disconnected']);
    assert.match(task?.status_reason ?? '', new RegExp(number));
  });

  test('a side that could not be told asks why it is refused, hears it, and doctor says what to do', async () => {
    const { provider, consumer } = pair;
    const anew = await pair.register({ enable_grant: true });
    const { outbound_credential: credential = '' } = await pair.connection(provider, anew);
    await update(provider, 'oauth_entity', credential, { active: 'false' });
    const said = await post(provider, `/connections/${anew}/offboard`, { drop_undelivered: true });
    assert.deepEqual([said.json.result.applied, said.json.result.peer_told], [true, false]);
    await untilTrue(async () => (await pair.report(consumer, anew)).outbound.reason === 'auth: connection_unknown');
    const told = await speak(consumer, ['doctor']);
    assert.match(told.out, /AUTH-08[\s\S]*The peer has no such connection[\s\S]*causeway exchange offboard/);
    const done = await post(consumer, `/connections/${anew}/offboard`, { drop_undelivered: true });
    assert.equal(done.json.result.applied, true);
  });

  test('checks that look while a connection ends raise nothing about it', async () => {
    const { records } = pair.provider.instance;
    const anew = await pair.register({ enable_grant: true });
    let isEnded = false;
    const whole = makeRecordsReader({ records, now: Date.now, name: () => pair.provider.instance.baseUrl });
    const torn: Reader = {
      name: whole.name,
      now: whole.now,
      async read(table, ask) {
        // The connection has been read: what follows is read after its end.
        if (table === 'oauth_entity' && !isEnded) {
          isEnded = true;
          await pair.offboard(anew);
        }
        return whole.read(table, ask);
      },
    };
    const issues = async () => (await records.find('sn_sb_error', 'state=open')).map(({ error }) => error);
    const before = await issues();
    await makeScheduledDoctor({ records, clock: systemClock, reader: torn }).run();
    assert.ok(isEnded);
    assert.deepEqual(await issues(), before);
  });
});
