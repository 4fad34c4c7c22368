// Two organisations at work, each a process of its own: an order delivered, an incident that is a case elsewhere, what goes wrong and is said,
// and two people who change the same record at once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openWholePair, type WholePair } from '../exchange/whole/pair.ts';
import type { WholeSide, Words } from '../exchange/whole/side.ts';
import { forEachEngine } from '../parts/engines.ts';
import type { Said } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let pair: WholePair;
  let provider: WholeSide;
  let consumer: WholeSide;
  let definition = '';
  let ofProvider = '';

  const one = async (side: WholeSide, table: string, query: string, fields = ''): Promise<Words> =>
    (await side.rows(table, query, fields))[0] ?? {};
  const set = async (side: WholeSide, table: string, sysId: string, values: Words): Promise<void> =>
    assert.equal(await side.patch(table, `sys_id=${sysId}`, values), 200);
  const until = (side: WholeSide, table: string, query: string) => untilTrue(async () => (await side.count(table, query)) > 0);
  const notes = async (side: WholeSide, record: string, element = 'work_notes'): Promise<string[]> =>
    (await side.rows('sys_journal_field', `element_id=${record}^element=${element}^ORDERBYsys_id`, 'value')).map(
      ({ value = '' }) => value,
    );
  const noted = (side: WholeSide, record: string, pattern: RegExp, element?: string) =>
    untilTrue(async () => (await notes(side, record, element)).some((text) => pattern.test(text)));
  const post = (side: WholeSide, path: string, body: unknown): Promise<Said> =>
    side.ask(path, { headers: json, body: JSON.stringify(body) });
  const attach = (side: WholeSide, table: string, record: string, name: string, bytes: Uint8Array): Promise<Said> =>
    side.ask(`/api/now/attachment/file?table_name=${table}&table_sys_id=${record}&file_name=${name}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: bytes,
    });

  const tie = async (values: Words = { short_description: 'A', description: 'A' }) => {
    const incident = await consumer.insert('incident', values);
    const { sys_id: connection = '' } = await one(consumer, 'sn_sb_con_provider_connection', '', 'sys_id');
    const task = await consumer.insert('sn_sb_con_remote_task', { parent: incident, definition, connection });
    const { number = '' } = await one(consumer, 'sn_sb_con_remote_task', `sys_id=${task}`, 'number');
    await until(provider, 'sn_sb_pro_remote_task', `number=${number}^status=connected`);
    await until(consumer, 'sn_sb_con_remote_task', `number=${number}^status=connected`);
    const { parent: caseId = '' } = await one(provider, 'sn_sb_pro_remote_task', `number=${number}`, 'parent');
    // What the case got by itself has come back: the versions of both sides are settled.
    await untilTrue(async () => (await one(consumer, 'incident', `sys_id=${incident}`)).correlation_display !== '');
    return { incident, task, number, caseId };
  };

  /** Nothing crosses while it is on; what is changed meanwhile waits. */
  const pause = async (isOn: boolean): Promise<void> => {
    for (const side of pair.sides) {
      const { sys_id: connection = '' } = await one(side, 'sn_sb_connection', '', 'sys_id');
      const said = await post(side, `/api/sn_transport/queue/${isOn ? 'pause' : 'resume'}`, { connection });
      assert.equal(said.status, 200, said.text);
    }
  };

  before(async () => {
    pair = await openWholePair(engine);
    ({ provider, consumer } = pair);
    await pair.register();
    await pair.allUp();
  });
  after(() => pair?.close());

  test('an item of the provider is ordered by the API, delivered as a provider task, talked about and closed', async () => {
    const items = 'sn_sb_pro_remote_record_producer';
    const item = await provider.insert(items, { name: 'New laptop', short_description: 'A laptop' });
    const question = await provider.insert('item_option_new', {
      cat_item: item,
      name: 'size',
      question_text: 'Size',
      type: '5',
      mandatory: 'true',
    });
    await provider.insert('question_choice', { question, value: 'l', text: 'Large' });
    const published = await provider.command('exchange', 'publish', 'New laptop');
    assert.equal(published.code, 0, published.stderr);
    await until(consumer, 'sn_sb_con_remote_record_producer', `provider_definition=${item}`);
    const copy = await one(consumer, 'sn_sb_con_remote_record_producer', `provider_definition=${item}`);
    const path = `/api/sn_sc/servicecatalog/items/${copy.sys_id}`;
    const early = await post(consumer, `${path}/order_now`, { sysparm_quantity: 1, variables: { size: 'l' } });
    assert.equal(early.status, 400, 'nothing can be ordered before somebody here has activated it');
    const activated = await consumer.command('exchange', 'activate', 'New laptop');
    assert.equal(activated.code, 0, activated.stderr);
    await until(provider, 'sn_sb_pro_entitlement', `entity=${item}^status=active^consumer_active_revision=1`);

    const form = await consumer.ask(`${path}/variables`);
    assert.deepEqual(
      form.json.result.map((each: { name: string; mandatory: boolean }) => [each.name, each.mandatory]),
      [['size', true]],
    );
    for (const [body, message] of [
      [{ variables: { size: 'l' } }, 'Invalid quantity value'],
      [{ sysparm_quantity: 1, variables: {} }, 'Mandatory Variables are required'],
    ] as const) {
      const refused = await post(consumer, `${path}/order_now`, body);
      assert.deepEqual([refused.status, refused.json.error.message], [400, message]);
    }
    const ordered = await post(consumer, `${path}/order_now`, { sysparm_quantity: 1, variables: { size: 'l' } });
    assert.equal(ordered.status, 200, ordered.text);
    const { request_id: request, request_number: requestNumber, table } = ordered.json.result;
    assert.equal(table, 'sc_request');
    assert.match(requestNumber, /^REQ\d+$/);
    const here = await one(consumer, 'sn_sb_con_provider_task', 'parentISNOTEMPTY');
    const [id = '', number = ''] = [here.sys_id, here.number];
    await until(provider, 'sn_sb_pro_provider_task', `sys_id=${id}^number=${number}^state=1`);

    await set(consumer, 'sn_sb_con_provider_task', id, { comments: 'When?' });
    await noted(provider, id, /^System Administrator \(Acme\), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC:\nWhen\?$/, 'comments');
    assert.equal((await attach(consumer, 'sn_sb_con_provider_task', id, 'desk.txt', randomBytes(300_000))).status, 201);
    await until(provider, 'sys_attachment', `table_sys_id=${id}^file_name=desk.txt`);
    assert.equal((await attach(provider, 'sn_sb_pro_provider_task', id, 'offer.txt', randomBytes(10))).status, 201);
    await until(consumer, 'sys_attachment', `table_sys_id=${id}^file_name=offer.txt`);
    for (const state of ['2', '6']) await set(provider, 'sn_sb_pro_provider_task', id, { state, comments: `Now ${state}` });
    await until(consumer, 'sn_sb_con_provider_task', `sys_id=${id}^state=6`);
    await noted(consumer, id, /\nNow 6$/, 'comments');
    await set(consumer, 'sn_sb_con_provider_task', id, { state: '3' });
    await until(provider, 'sn_sb_pro_provider_task', `sys_id=${id}^state=3^active=false`);
    await until(consumer, 'sc_request', `sys_id=${request}^request_state=closed_complete`);
  });

  test('an incident becomes a case, closes and reopens with it, and catches up after a pause', async () => {
    ofProvider = await provider.insert('sn_sb_pro_remote_task_def', {
      name: 'Incident to case',
      provider_table: 'sn_customerservice_case',
      consumer_table: 'incident',
      conflict_winner: 'provider',
      send_attachments: 'true',
    });
    for (const [name, ours, theirs, directions] of [
      ['title', 'short_description', 'short_description', ['inbound', 'outbound']],
      ['details', 'description', 'description', ['inbound', 'outbound']],
      ['state', 'state', 'state', ['inbound', 'outbound']],
      ['urgency', 'urgency', 'urgency', ['inbound']],
      ['number', 'correlation_display', 'number', ['outbound']],
      ['comments', 'comments', 'comments', ['inbound', 'outbound']],
    ] as const)
      for (const direction of directions) {
        const [source, target] = direction === 'inbound' ? [ours, theirs] : [theirs, ours];
        const field = { definition: ofProvider, name, label: name, source, target };
        await provider.insert(`sn_sb_pro_remote_task_def_${direction}_field`, field);
      }
    const transform = await provider.insert('sn_sb_pro_transform', {
      provider_table: 'sn_customerservice_case',
      consumer_table: 'incident',
      provider_field: 'state',
      consumer_field: 'state',
      unmapped: 'reject',
      active: 'true',
    });
    for (const [provider_value, consumer_value] of [
      ['1', '1'],
      ['10', '2'],
      ['6', '6'],
      ['3', '7'],
    ] as const)
      await provider.insert('sn_sb_transform_line', { transform, provider_value, consumer_value });
    await set(provider, 'sn_sb_pro_remote_task_def', ofProvider, { state: 'published' });
    await until(consumer, 'sn_sb_con_remote_task_def', `provider_definition=${ofProvider}`);
    const listed = await consumer.command('exchange', 'definitions');
    assert.match(listed.stdout, /Incident to case\s+remote task\s+draft\s+offered 1, active none/);
    assert.equal((await consumer.command('exchange', 'activate', ofProvider)).code, 0);
    definition = (await one(consumer, 'sn_sb_con_remote_task_def', `provider_definition=${ofProvider}`)).sys_id ?? '';

    const { incident, task, caseId } = await tie();
    await set(provider, 'sn_customerservice_case', caseId, { state: '3' });
    await until(consumer, 'incident', `sys_id=${incident}^state=7^active=false`);
    await set(consumer, 'incident', incident, { state: '2' });
    await until(provider, 'sn_customerservice_case', `sys_id=${caseId}^state=10^active=true`);

    await set(consumer, 'sn_sb_con_remote_task', task, { status: 'disconnected' });
    await until(provider, 'sn_sb_pro_remote_task', `parent=${caseId}^status=disconnected`);
    await set(consumer, 'incident', incident, { short_description: 'Ours', description: 'B' });
    await set(provider, 'sn_customerservice_case', caseId, { short_description: 'Theirs', comments: 'Meanwhile' });
    await set(consumer, 'sn_sb_con_remote_task', task, { status: 'connected' });
    await until(consumer, 'incident', `sys_id=${incident}^short_description=Theirs`);
    await until(provider, 'sn_customerservice_case', `sys_id=${caseId}^short_description=Theirs^description=B`);
    await noted(consumer, incident, /\nMeanwhile$/, 'comments');
    for (const [side, record] of [
      [consumer, incident],
      [provider, caseId],
    ] as const)
      await noted(side, record, /changed on both sides at once: "Theirs" stands, "Ours" does not/);
  });

  test('what the peer does not take has its class and its reason, on the record, and holds only its own lane', async () => {
    const held = await tie();
    const free = await tie();
    const chatty = await tie();
    // A value in no line of the transform.
    await set(consumer, 'incident', held.incident, { state: '3' });
    await noted(
      consumer,
      held.incident,
      /^Not applied by [^:]+: the value "3" of state is in no line .*\(exchange\.value_unmapped\)$/,
    );
    const shown = await one(consumer, 'sn_sb_con_remote_task', `sys_id=${held.task}`);
    assert.deepEqual([shown.status, shown.refusal_code], ['connected', 'exchange.value_unmapped']);
    const row = await one(consumer, 'sn_transport_queue', `direction=outbound^state=error^source=${held.incident}`);
    assert.deepEqual([row.error_class, row.error_code], ['permanent', 'exchange.value_unmapped']);
    await set(consumer, 'incident', free.incident, { short_description: 'Goes on' });
    await until(provider, 'sn_customerservice_case', `sys_id=${free.caseId}^short_description=Goes on`);

    // A field that was never agreed upon.
    const fields = 'sn_sb_con_remote_task_def_outbound_field';
    const { sys_id: urgency = '' } = await one(consumer, fields, `definition=${definition}^name=urgency`);
    const rename = (name: string) =>
      consumer.sql('UPDATE sn_sb_remote_task_def_field SET name = $1 WHERE sys_id = $2', [name, urgency]);
    await rename('secret');
    await set(consumer, 'incident', chatty.incident, { urgency: '1' });
    await noted(consumer, chatty.incident, /takes no field secret \(exchange\.unknown_field\)$/);
    await rename('urgency');

    // A file that the receiver's rules do not allow, and the one behind it.
    await provider.set('com.glide.attachment.max_size', '1');
    assert.equal((await attach(consumer, 'incident', free.incident, 'big.txt', randomBytes(1_200_000))).status, 201);
    assert.equal((await attach(consumer, 'incident', free.incident, 'small.txt', randomBytes(100))).status, 201);
    await noted(
      consumer,
      free.incident,
      /^Not taken by the peer: the file big\.txt was dropped: it is larger than 1048576 bytes$/,
    );
    await noted(provider, free.caseId, /the file big\.txt was dropped/);
    await until(provider, 'sys_attachment', `table_sys_id=${free.caseId}^file_name=small.txt`);
    assert.equal(await provider.count('sys_attachment', `table_sys_id=${free.caseId}`), 1);

    // A payload that was damaged where it waited.
    const hurt = await tie();
    await pause(true);
    await set(consumer, 'incident', hurt.incident, { short_description: 'Damaged' });
    await consumer.sql("UPDATE sn_transport_queue SET payload = $1 WHERE source = $2 AND state = 'ready'", [
      '{"x":1}',
      hurt.incident,
    ]);
    await pause(false);
    await noted(consumer, hurt.incident, /^Not applied by .*\(exchange\.payload_hash\)$/);

    // What this consumer may not do: the provider has taken the definition back from him.
    const late = await consumer.insert('incident', { short_description: 'Too late' });
    await pause(true);
    const { sys_id: connection = '' } = await one(consumer, 'sn_sb_con_provider_connection', '', 'sys_id');
    const refused = await consumer.insert('sn_sb_con_remote_task', { parent: late, definition, connection });
    assert.equal(await provider.patch('sn_sb_pro_remote_task_def', `sys_id=${ofProvider}`, { state: 'archived' }), 200);
    await pause(false);
    await until(consumer, 'sn_sb_con_remote_task', `sys_id=${refused}^status=error^refusal_code=exchange.definition_unknown`);
    await noted(consumer, late, /^Not applied by .*\(exchange\.definition_unknown\)$/);
    assert.equal(await provider.patch('sn_sb_pro_remote_task_def', `sys_id=${ofProvider}`, { state: 'published' }), 200);
    await until(consumer, 'sn_sb_con_remote_task_def', `sys_id=${definition}^state=draft^offered_revision=1`);
    assert.equal((await consumer.command('exchange', 'activate', definition)).code, 0);

    // Everything that was mended goes through, in order, by reprocessing.
    await provider.insert('sn_sb_transform_line', {
      transform: (await one(provider, 'sn_sb_pro_transform', 'provider_field=state')).sys_id ?? '',
      provider_value: '18',
      consumer_value: '3',
    });
    await set(consumer, 'incident', held.incident, { short_description: 'Behind it' });
    const again = await consumer.command('queue', 'reprocess', '--error-code', 'exchange.value_unmapped');
    assert.equal(again.code, 0, again.stdout + again.stderr);
    await until(provider, 'sn_customerservice_case', `sys_id=${held.caseId}^state=18^short_description=Behind it`);
    await until(consumer, 'sn_sb_con_remote_task', `sys_id=${held.task}^refusal_codeISEMPTY`);
  });

  test('different fields changed at once are merged; of the same field one value stands, and both sides say so', async () => {
    const apart = await tie();
    const same = await tie();
    await pause(true);
    await set(consumer, 'incident', apart.incident, { short_description: 'Ours' });
    await set(provider, 'sn_customerservice_case', apart.caseId, { description: 'Theirs' });
    await set(consumer, 'incident', same.incident, { short_description: 'Ours' });
    await set(provider, 'sn_customerservice_case', same.caseId, { short_description: 'Theirs' });
    await pause(false);
    await until(consumer, 'incident', `sys_id=${apart.incident}^short_description=Ours^description=Theirs`);
    await until(provider, 'sn_customerservice_case', `sys_id=${apart.caseId}^short_description=Ours^description=Theirs`);
    await until(consumer, 'incident', `sys_id=${same.incident}^short_description=Theirs`);
    const conflict = /changed on both sides at once: "Theirs" stands, "Ours" does not/;
    await noted(consumer, same.incident, conflict);
    await noted(provider, same.caseId, conflict);
    for (const [side, record] of [
      [consumer, apart.incident],
      [provider, apart.caseId],
    ] as const)
      assert.ok(!(await notes(side, record)).some((text) => text.includes('at once')));
  });
});
