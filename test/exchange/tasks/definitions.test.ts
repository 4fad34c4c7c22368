// A definition from draft to published, offered to the consumer, activated there, and its next revision.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readNeeded } from '../../../src/exchange/definition/needed_features.ts';
import { noteCaller } from '../../../src/exchange/origin.ts';
import { isFault } from '../../../src/kit/fault.ts';
import { systemCaller } from '../../../src/records/caller.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { connect, define, offerItem, openTasksPair, type Pair } from './part.ts';

const ours = 'sn_sb_con_remote_task_def';
const theirs = 'sn_sb_pro_remote_task_def';

forEachEngine((engine) => {
  let pair: Pair;
  before(async () => {
    pair = await openTasksPair(engine);
  });
  after(() => pair.close());

  test('nothing that is offered takes effect before the consumer activates it, and the provider sees that he did', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'First' });
    const held = await provider.one('sn_sb_pro_entitlement', { entity: ofProvider });
    assert.deepEqual([held?.status, held?.revision, held?.consumer_active_revision], ['active', '1', '1']);
    const own = await consumer.one('sn_sb_con_entitlement', { entity: ofConsumer });
    assert.deepEqual([own?.status, own?.consumer_active_revision], ['active', '1']);

    await provider.update(theirs, ofProvider, { state: 'draft' });
    const added = { definition: ofProvider, name: 'urgency', source: 'urgency', target: 'urgency' };
    await provider.insert('sn_sb_pro_remote_task_def_inbound_field', added);
    await provider.update(theirs, ofProvider, { state: 'published' });
    await pair.settled();
    const waiting = await consumer.one(ours, { sys_id: ofConsumer });
    assert.deepEqual([waiting?.active_revision, waiting?.offered_revision, waiting?.state], ['1', '2', 'published']);
    const outbound = 'sn_sb_con_remote_task_def_outbound_field';
    assert.equal(await consumer.one(outbound, { definition: ofConsumer, name: 'urgency' }), undefined);
    const { incident } = await connect(pair, ofConsumer, { short_description: 'Old revision works on' });
    assert.ok(await provider.one('sn_customerservice_case', { short_description: 'Old revision works on' }));

    await consumer.update(outbound, (await consumer.one(outbound, { definition: ofConsumer, name: 'details' }))?.sys_id ?? '', {
      source: 'close_notes',
    });
    await consumer.update(ours, ofConsumer, { active_revision: '2' });
    await pair.settled();
    assert.ok(await consumer.one(outbound, { definition: ofConsumer, name: 'urgency', active: 'true' }));
    const kept = await consumer.one(outbound, { definition: ofConsumer, name: 'details' });
    assert.equal(kept?.source, 'close_notes', 'what the consumer set stays');
    await consumer.update('incident', incident, { urgency: '1' });
    await pair.settled();
    const made = await provider.one('sn_customerservice_case', { short_description: 'Old revision works on' });
    assert.equal(made?.urgency, '1');
  });

  test('what needs a feature that one side lacks is not activated, with a reason; what was active goes on', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'Newer' });
    await provider.update(theirs, ofProvider, { state: 'draft' });
    await provider.update(theirs, ofProvider, { send_attachments: 'true' });
    await provider.update(theirs, ofProvider, { state: 'published' });
    await pair.settled();
    const activate = () => consumer.update(ours, ofConsumer, { active_revision: '2' });
    const refused = (where: string) => (error: unknown) =>
      isFault(error, 'exchange.feature_missing') &&
      error.explanation === `It needs attachments, which ${where} does not know. What is active stays as it is.`;
    const known = consumer.features.splice(0);
    await assert.rejects(activate, refused('this instance'));
    const { ofConsumer: item } = await offerItem(pair).catch(() => ({ ofConsumer: '' }));
    assert.equal(item, '', 'nor can an item');
    consumer.features.push(...known);
    const said = (peer_features: string) =>
      consumer.update('sn_sb_con_provider_connection', consumer.connection, { peer_features });
    await said('lanes,ack,maintain_sys_id');
    await assert.rejects(activate, refused('the provider'));
    const { incident } = await connect(pair, ofConsumer, { short_description: 'Goes on' });
    await consumer.update('incident', incident, { short_description: 'Goes on as before' });
    await pair.settled();
    assert.ok(await provider.one('sn_customerservice_case', { short_description: 'Goes on as before' }));
    const entitled = await provider.one('sn_sb_pro_entitlement', { entity: ofProvider });
    assert.deepEqual([entitled?.status, entitled?.revision, entitled?.consumer_active_revision], ['active', '2', '1']);
    await said('lanes,ack,attachments');
    await activate();
    await pair.settled();
    assert.equal((await consumer.one(ours, { sys_id: ofConsumer }))?.active_revision, '2');
    await said('');
  });

  test('a consumer sets which of his own fields is meant, and leaves the rest as it was offered', async () => {
    const { consumer } = pair;
    const { ofConsumer } = await define(pair, { name: 'Looked at' });
    const [sent, taken] = ['sn_sb_con_remote_task_def_outbound_field', 'sn_sb_con_remote_task_def_inbound_field'];
    const of = async (table: string) => (await consumer.one(table, { definition: ofConsumer, name: 'title' }))?.sys_id ?? '';
    const [out, back] = [await of(sent), await of(taken)];
    for (const [table, id, allowed, ...refused] of [
      [sent, out, { source: 'caller_id.name' }, { source: 'nobody' }, { target: 'cause' }, { name: 'phone' }],
      [taken, back, { target: 'close_notes', label: 'Title' }, { target: 'caller_id.name' }, { source: 'cause' }],
      [ours, ofConsumer, { send_attachments: 'false' }, { conflict_winner: 'consumer' }, { consumer_table: 'problem' }],
    ] as const) {
      await consumer.update(table, id, allowed);
      for (const values of refused)
        await assert.rejects(consumer.update(table, id, values), { code: 'exchange.definition_offered' }, JSON.stringify(values));
    }
    const words = { definition: ofConsumer, name: 'phone', source: 'caller_id.phone', target: 'cause' };
    await assert.rejects(consumer.insert(sent, words), { code: 'exchange.definition_offered' });
    const own = { name: 'Own', provider_table: 'incident', consumer_table: 'incident' };
    await assert.rejects(consumer.insert(ours, own), { code: 'exchange.definition_offered' });
  });

  for (const requires of ['attachments', [7], ['x y'], Array(21).fill('x'), { length: 0 }]) {
    test(`${JSON.stringify(requires).slice(0, 30)} is no list of features that an offer may need`, () =>
      assert.equal(readNeeded(requires), undefined));
  }

  test('a consumer goes by the revision that he has activated, whatever the provider works on', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'Revised', conflict_winner: 'consumer' });
    const { incident, caseId } = await connect(pair, ofConsumer, { short_description: 'A', description: 'A' });
    const [inbound, outbound] = ['sn_sb_pro_remote_task_def_inbound_field', 'sn_sb_pro_remote_task_def_outbound_field'];
    await provider.update(theirs, ofProvider, { state: 'draft' });
    const details = await provider.one(inbound, { definition: ofProvider, name: 'details' });
    await provider.update(inbound, details?.sys_id ?? '', { active: 'false' });
    const more = { definition: ofProvider, name: 'cause', source: 'cause', target: 'close_notes' };
    await provider.insert(outbound, more);
    const works = async (text: string) => {
      await consumer.update('incident', incident, { description: text });
      await provider.update('sn_customerservice_case', caseId, { short_description: text, cause: text });
      await pair.settled();
      const there = await provider.one('sn_customerservice_case', { sys_id: caseId });
      const here = await consumer.one('incident', { sys_id: incident });
      return [there?.description, here?.short_description, here?.close_notes];
    };
    assert.deepEqual(await works('Draft'), ['Draft', 'Draft', '']);
    await provider.update(theirs, ofProvider, { state: 'published' });
    await pair.settled();
    assert.deepEqual(await works('Published'), ['Published', 'Published', '']);
    await consumer.update(ours, ofConsumer, { active_revision: '2' });
    await pair.settled();
    assert.deepEqual(await works('Active'), ['Published', 'Active', 'Active']);
    assert.equal((await provider.records.findBy('sn_sb_release', { entity: ofProvider })).length, 2);
  });

  test('a consumer who is left out hears that it is over, and back in has to activate it again', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'In and out' });
    const publish = async (consumers: string) => {
      await provider.update(theirs, ofProvider, { state: 'draft' });
      await provider.update(theirs, ofProvider, { consumers });
      await provider.update(theirs, ofProvider, { state: 'published' });
      await pair.settled();
      const held = await provider.one('sn_sb_pro_entitlement', { entity: ofProvider });
      return [(await consumer.one(ours, { sys_id: ofConsumer }))?.state, held?.status];
    };
    assert.deepEqual(await publish('f'.repeat(32)), ['archived', 'withdrawn']);
    assert.deepEqual(await publish(''), ['draft', 'active']);
    await consumer.update(ours, ofConsumer, { state: 'published' });
    await pair.settled();
    assert.equal((await consumer.one(ours, { sys_id: ofConsumer }))?.active_revision, '3');
  });

  test('a trigger makes remote tasks for the records it speaks of, once each', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer } = await define(pair, { name: 'By itself' });
    const about = (trigger_condition: string) => consumer.update(ours, ofConsumer, { trigger_active: 'true', trigger_condition });
    await assert.rejects(about('priority=1^NQactive=true'), { code: 'exchange.trigger_invalid' });
    await about('short_descriptionLIKEshared^ORcategory=network');
    const quiet = await consumer.insert('incident', { short_description: 'Ours alone' });
    const shared = await consumer.insert('incident', { short_description: 'To be shared' });
    const later = await consumer.insert('incident', { short_description: 'Not yet' });
    await consumer.update('incident', later, { category: 'network' });
    await consumer.update('incident', shared, { short_description: 'Still shared' });
    await pair.settled();
    const tied = await consumer.records.findBy('sn_sb_con_remote_task', { definition: ofConsumer });
    assert.deepEqual(tied.map(({ parent }) => parent).sort(), [shared, later].sort());
    assert.ok(!tied.some(({ parent }) => parent === quiet));
    assert.ok(await provider.one('sn_customerservice_case', { short_description: 'Still shared' }));
    await consumer.update(ours, ofConsumer, { trigger_active: 'false' });
  });

  test('where the definition says so the record keeps its sys_id, unless another one here has it', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer } = await define(pair, { name: 'Same', maintain_sys_id: 'true' });
    const { incident, caseId } = await connect(pair, ofConsumer, { short_description: 'Same' });
    assert.equal(caseId, incident);
    const taken = await consumer.insert('incident', { short_description: 'Taken' });
    await provider.insert('problem', { sys_id: taken, short_description: 'Was here before' });
    const values = { parent: taken, definition: ofConsumer, connection: consumer.connection };
    const task = await consumer.insert('sn_sb_con_remote_task', values);
    await pair.settled();
    const left = await consumer.one('sn_sb_con_remote_task', { sys_id: task });
    assert.deepEqual([left?.status, left?.refusal_code], ['error', 'exchange.sys_id_taken']);
  });

  test('a retired definition can be deleted, and its remote tasks are disconnected', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'Short-lived' });
    const { task, caseId } = await connect(pair, ofConsumer);
    const remove = () => provider.records.remove(systemCaller, theirs, ofProvider);
    await assert.rejects(remove(), { code: 'exchange.definition_published' });
    await provider.update(theirs, ofProvider, { state: 'retired' });
    await remove();
    await pair.settled();
    const left = await provider.one('sn_sb_pro_remote_task', { parent: caseId });
    assert.deepEqual([left?.status, left?.status_reason], ['disconnected', 'The definition was deleted']);
    assert.equal((await provider.records.findBy('sn_sb_entitlement', { entity: ofProvider })).length, 0);
    assert.ok(await provider.one('sn_customerservice_case', { sys_id: caseId }));
    assert.equal((await consumer.one(ours, { sys_id: ofConsumer }))?.state, 'retired', 'nothing disappears at the consumer');
    assert.ok(await consumer.one('sn_sb_con_remote_task', { sys_id: task }));
  });

  test('a published definition and its fields stay as they are', async () => {
    const { provider } = pair;
    const { ofProvider } = await define(pair, { name: 'Second' });
    const field = await provider.one('sn_sb_pro_remote_task_def_outbound_field', { definition: ofProvider, name: 'title' });
    const wanted = { code: 'exchange.definition_published' };
    await assert.rejects(provider.update(theirs, ofProvider, { consumer_table: 'task' }), wanted);
    await assert.rejects(
      provider.update('sn_sb_pro_remote_task_def_outbound_field', field?.sys_id ?? '', { source: 'description' }),
      wanted,
    );
    const more = { definition: ofProvider, name: 'more', source: 'cause', target: 'cause' };
    await assert.rejects(provider.insert('sn_sb_pro_remote_task_def_inbound_field', more), wanted);
  });

  test('a definition that cannot work is not published', async () => {
    const { provider } = pair;
    const words = { name: 'Third', provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
    const publish = async (values: Record<string, string>, fields: Record<string, string>[]) => {
      const definition = await provider.insert(theirs, { ...words, ...values });
      for (const field of fields) await provider.insert('sn_sb_pro_remote_task_def_outbound_field', { ...field, definition });
      await provider.update(theirs, definition, { state: 'published' });
    };
    const good = { name: 'title', source: 'short_description', target: 'short_description' };
    const wanted = { code: 'exchange.definition_invalid' };
    await assert.rejects(publish({}, []), wanted);
    await assert.rejects(publish({ provider_table: 'sys_user' }, [good]), wanted);
    await assert.rejects(publish({ provider_table: 'no_such_table' }, [good]), wanted);
    await assert.rejects(publish({ provider_table: 'sn_sb_pro_registration' }, [good]), wanted);
    await assert.rejects(publish({}, [{ ...good, source: 'opened_by.user_password' }]), wanted);
    await assert.rejects(publish({}, [{ ...good, source: 'account.no_such' }]), wanted);
  });

  test('a provider reaches nothing but tasks at a consumer, whatever the definition names, and gets no secret', async () => {
    const { consumer, provider } = pair;
    for (const consumer_table of ['sys_user_has_role', 'sys_properties', 'sn_sb_pro_registration', 'no_such_table'])
      await assert.rejects(define(pair, { name: consumer_table, consumer_table }), { code: 'exchange.definition_unfit' });
    const { ofConsumer, ofProvider } = await define(pair, { name: 'Turned' });
    const outbound = 'sn_sb_con_remote_task_def_outbound_field';
    const mail = await consumer.one(outbound, { definition: ofConsumer, name: 'caller_mail' });
    await consumer.update(outbound, mail?.sys_id ?? '', { source: 'caller_id.user_password' });
    const caller_id = await consumer.insert('sys_user', { user_name: 'kept', user_password: 'kept-Secret-1' });
    const { caseId } = await connect(pair, ofConsumer, { short_description: 'Kept', caller_id });
    assert.equal((await provider.one('sn_customerservice_case', { sys_id: caseId }))?.cause, '');
    // It became so after it was activated.
    await consumer.update(ours, ofConsumer, { consumer_table: 'sys_properties' }, noteCaller);
    const property = await consumer.one('sys_properties', { name: 'glide.attachment.extensions' });
    const tie = { parent: property?.sys_id ?? caller_id, definition: ofConsumer, connection: consumer.connection };
    await assert.rejects(consumer.insert('sn_sb_con_remote_task', tie), { code: 'exchange.remote_task_invalid' });
    await provider.store.write((transaction) =>
      provider.transport.enqueue(transaction, {
        connection: provider.connection,
        kind: 'record',
        operation: 'insert',
        correlationId: 'reaching',
        payload: { definition: ofProvider, number: 'PRT1', correlation: 'reaching', changed_fields: [] },
      }),
    );
    await pair.settled();
    const rows = await provider.store.read(`SELECT error_code FROM sn_transport_queue WHERE correlation_id = 'reaching'`);
    assert.deepEqual(rows, [['exchange.definition_unfit']]);
  });

  test('an archived definition is archived at the consumer too, and its tasks rest with a reason', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer, ofProvider } = await define(pair, { name: 'Fourth' });
    await provider.update(theirs, ofProvider, { state: 'archived' });
    await pair.settled();
    assert.equal((await consumer.one(ours, { sys_id: ofConsumer }))?.state, 'archived');
    const incident = await consumer.insert('incident', { short_description: 'Too late' });
    const task = { parent: incident, definition: ofConsumer, connection: consumer.connection };
    await assert.rejects(consumer.insert('sn_sb_con_remote_task', task), { code: 'exchange.remote_task_invalid' });
  });

  test('a definition that was not offered to a consumer is none for him', async () => {
    const { consumer, provider } = pair;
    const words = { name: 'Private', provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
    const hidden = await provider.insert(theirs, { ...words, consumers: 'c0ffee00c0ffee00c0ffee00c0ffee00' });
    const field = { definition: hidden, name: 'title', source: 'short_description', target: 'short_description' };
    await provider.insert('sn_sb_pro_remote_task_def_inbound_field', field);
    await provider.update(theirs, hidden, { state: 'published' });
    await consumer.store.write((transaction) =>
      consumer.transport.enqueue(transaction, {
        connection: consumer.connection,
        kind: 'record',
        operation: 'insert',
        correlationId: 'intruder',
        payload: { definition: hidden, number: 'CRT1', correlation: 'intruder', changed_fields: [] },
      }),
    );
    await pair.settled();
    const rows = await consumer.store.read(`SELECT error_code FROM sn_transport_queue WHERE correlation_id = 'intruder'`);
    assert.deepEqual(rows, [['exchange.definition_unknown']]);
    assert.equal(await provider.one('sn_sb_remote_task', { number: 'CRT1' }), undefined);
  });

  test('a message that is not as the protocol says is refused, and holds only its own lane', async () => {
    const { consumer, provider } = pair;
    const { ofConsumer } = await define(pair, { name: 'Fifth' });
    const payloads: readonly unknown[] = [null, [], 'x', { correlation: 1 }, { correlation: 'c', changed_fields: {} }];
    await consumer.store.write(async (transaction) => {
      for (const [at, payload] of payloads.entries())
        for (const kind of ['record', 'journal'] as const)
          await consumer.transport.enqueue(transaction, {
            connection: consumer.connection,
            kind,
            operation: 'update',
            payload,
            correlationId: `bad ${kind} ${at}`,
          });
    });
    await pair.settled();
    const rows = await consumer.store.read(
      `SELECT count(*) FROM sn_transport_queue WHERE state = 'error' AND error_code = 'exchange.bad_payload'`,
    );
    assert.equal(Number(rows[0]?.[0]), payloads.length * 2);
    await connect(pair, ofConsumer, { short_description: 'Good one' });
    assert.ok(await provider.one('sn_customerservice_case', { short_description: 'Good one' }));
  });
});
