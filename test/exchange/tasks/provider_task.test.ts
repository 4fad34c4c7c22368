// Something of another organisation, from the offer in its catalogue to the closed provider task, which is the same on both sides.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { adminOf, offerItem, openTasksPair, type Pair, person } from './part.ts';

const [ours, theirs] = ['sn_sb_con_provider_task', 'sn_sb_pro_provider_task'];
const [copies, items] = ['sn_sb_con_remote_record_producer', 'sn_sb_pro_remote_record_producer'];
const nobody: ReadonlyMap<string, unknown> = new Map();

forEachEngine((engine) => {
  let pair: Pair;
  let item: { ofConsumer: string; ofProvider: string };
  before(async () => {
    pair = await openTasksPair(engine);
    item = await offerItem(pair);
  });
  after(() => pair.close());

  const order = async (variables: Record<string, unknown> = { size: 'l' }, of = item) => {
    const caller = await adminOf(pair.consumer);
    const asked = { item: of.ofConsumer, variables: new Map(Object.entries(variables)), quantity: 1, requestedFor: '' };
    const request = await pair.consumer.catalog.order(caller, asked);
    const requested = await pair.consumer.one('sc_req_item', { request: request.sysId });
    const task = await pair.consumer.one(ours, { parent: requested?.sys_id ?? '' });
    await pair.settled();
    return { request: request.sysId, requested: requested?.sys_id ?? '', task: task?.sys_id ?? '', number: task?.number ?? '' };
  };
  const states = async (task: string) => [
    (await pair.consumer.one(ours, { sys_id: task }))?.state,
    (await pair.provider.one(theirs, { sys_id: task }))?.state,
  ];

  test('an order makes a request and one provider task on both sides, of the same number and sys_id', async () => {
    const { consumer, provider } = pair;
    const { task, number, requested } = await order();
    const here = await consumer.one(ours, { sys_id: task });
    const there = await provider.one(theirs, { sys_id: task });
    assert.match(number, /^PVT\d{7}$/);
    assert.equal(there?.number, number);
    assert.deepEqual([here?.status, there?.status, here?.state, there?.state], ['connected', 'connected', '1', '1']);
    assert.equal(there?.description, 'Size: Large\nReason: Because');
    assert.equal(there?.record_producer, item.ofProvider);
    assert.equal(there?.requested_for_name, 'System Administrator');
    assert.deepEqual(JSON.parse(there?.vars_json ?? ''), JSON.parse(here?.vars_json ?? ''));
    const kept = await consumer.records.findBy('sc_item_option_mtom', { request_item: requested });
    assert.equal(kept.length, 2);
  });

  test('the provider works and resolves, the consumer rejects, then accepts; request and requested item are closed with it, and reopened', async () => {
    const { consumer, provider } = pair;
    const { task, request, requested } = await order();
    for (const state of ['2', '6']) await provider.update(theirs, task, { state });
    await pair.settled();
    assert.deepEqual(await states(task), ['6', '6']);
    await consumer.update(ours, task, { state: '2' });
    await pair.settled();
    assert.deepEqual(await states(task), ['2', '2']);
    await provider.update(theirs, task, { state: '6' });
    await pair.settled();
    await consumer.update(ours, task, { state: '3' });
    await pair.settled();
    assert.deepEqual(await states(task), ['3', '3']);
    assert.equal((await provider.one(theirs, { sys_id: task }))?.active, 'false');
    const closed = await consumer.one('sc_req_item', { sys_id: requested });
    assert.deepEqual([closed?.state, closed?.stage, closed?.active], ['3', 'completed', 'false']);
    assert.equal((await consumer.one('sc_request', { sys_id: request }))?.request_state, 'closed_complete');
    await provider.update(theirs, task, { state: '2' });
    await pair.settled();
    const again = await consumer.one('sc_request', { sys_id: request });
    assert.deepEqual([...(await states(task)), again?.request_state, again?.active], ['2', '2', 'in_process', 'true']);
  });

  test('comments go both ways with their author, and none comes back', async () => {
    const { consumer, provider } = pair;
    const { task } = await order();
    await consumer.update(ours, task, { comments: 'When?' }, person('Jo Miller'));
    await pair.settled();
    await provider.update(theirs, task, { comments: 'Tomorrow' }, person('Pat Provider'));
    await pair.settled();
    const [asked = '', answered = ''] = await consumer.journal(task, 'comments');
    assert.equal(asked, 'When?');
    assert.match(answered, /^Pat Provider \(Provider Ltd\), .* UTC:\nTomorrow$/);
    assert.match((await provider.journal(task, 'comments'))[0] ?? '', /^Jo Miller \(Consumer Inc\), .* UTC:\nWhen\?$/);
    assert.equal((await provider.journal(task, 'comments')).length, 2);
  });

  test('what may not be done by one side is refused, and what was ordered stays', async () => {
    const { consumer, provider } = pair;
    const { task } = await order();
    for (const state of ['2', '6', '3'])
      await assert.rejects(consumer.update(ours, task, { state }), { code: 'exchange.order_state' });
    const fixed: readonly Record<string, string>[] = [{ vars_json: '{}' }, { number: 'X1' }, { record_producer: '' }];
    for (const values of fixed) await assert.rejects(consumer.update(ours, task, values), { code: 'exchange.order_fixed' });
    await consumer.update(ours, task, { state: '7' });
    await pair.settled();
    assert.deepEqual(await states(task), ['7', '7']);
    await assert.rejects(provider.update(theirs, task, { state: '2' }), { code: 'exchange.order_state' });
    await assert.rejects(provider.insert(theirs, { record_producer: item.ofProvider }), {
      code: 'exchange.provider_task_invalid',
    });
  });

  test('an insert by the Table API is an order too, checked against the form', async () => {
    const { consumer, provider } = pair;
    const place = (values: Record<string, string>) => consumer.insert(ours, { record_producer: item.ofConsumer, ...values });
    const task = await place({ vars_json: '{"size":"s","why":"Broken"}', short_description: 'Mine' });
    await pair.settled();
    const there = await provider.one(theirs, { sys_id: task });
    assert.deepEqual([there?.short_description, there?.description], ['Mine', 'Size: Small\nReason: Broken']);
    for (const [vars_json, code] of [
      ['', 'catalog.mandatory_variables'],
      ['{"size":"xxl"}', 'catalog.bad_variable'],
      ['{"size":["s"]}', 'catalog.bad_variable'],
      ['[]', 'exchange.order_invalid'],
      ['{', 'exchange.order_invalid'],
    ] as const)
      await assert.rejects(place({ vars_json }), { code });
    await assert.rejects(consumer.insert(ours, {}), { code: 'exchange.order_invalid' });
  });

  test('an item can be turned into a task of the provider, which the provider task then follows', async () => {
    const { consumer, provider } = pair;
    const made = await offerItem(pair, { name: 'Complaint', table_name: 'sn_customerservice_case' });
    const named = { cat_item: made.ofProvider, name: 'title', map_to_field: 'true', field: 'short_description' };
    await provider.insert('item_option_new', named);
    await provider.update(items, made.ofProvider, { state: 'published' });
    await pair.settled();
    await consumer.update(copies, made.ofConsumer, { active_revision: '2' });
    await pair.settled();
    const { task, number } = await order({ size: 's', why: 'Noise', title: 'Too loud' }, made);
    const work = (await provider.one(theirs, { sys_id: task }))?.parent ?? '';
    const found = await provider.one('sn_customerservice_case', { sys_id: work });
    assert.deepEqual([found?.short_description, found?.cause, found?.correlation_display], ['Too loud', 'Noise', number]);
    assert.equal((await provider.one('core_company', { sys_id: found?.company ?? '' }))?.name, 'Consumer Inc');
    await provider.update('sn_customerservice_case', work, { state: '10', comments: 'We look' }, person('Pat Provider'));
    await pair.settled();
    assert.deepEqual(await states(task), ['2', '2']);
    assert.match((await consumer.journal(task, 'comments'))[0] ?? '', /^Pat Provider \(Provider Ltd\), .*\nWe look$/);
    await consumer.update(ours, task, { comments: 'Thanks' }, person('Jo Miller'));
    await pair.settled();
    const said = await provider.journal(work, 'comments');
    assert.equal(said.length, 2);
    assert.match(said[1] ?? '', /^Jo Miller \(Consumer Inc\), .*\nThanks$/);
    await provider.update('sn_customerservice_case', work, { state: '6' });
    await pair.settled();
    await consumer.update(ours, task, { state: '2' });
    await pair.settled();
    assert.match((await provider.journal(work, 'work_notes')).at(-1) ?? '', /^Consumer Inc set PVT\d+ to Work in Progress$/);
    await provider.update('sn_customerservice_case', work, { state: '3' });
    await pair.settled();
    assert.deepEqual(await states(task), ['3', '3']);
  });

  test('an item that cannot work is not published; editing a published one or its form makes it a draft, and old orders still arrive', async () => {
    const { consumer, provider } = pair;
    const bare = await provider.insert(items, { name: 'Bare' });
    const publish = (id: string) => provider.update(items, id, { state: 'published' });
    await assert.rejects(publish(bare), { code: 'exchange.definition_invalid' });
    const variable = await provider.insert('item_option_new', { cat_item: bare, name: 'who', type: '8' });
    await assert.rejects(publish(bare), { code: 'exchange.definition_invalid' });
    await provider.update('item_option_new', variable, { type: '5' });
    await assert.rejects(publish(bare), { code: 'exchange.definition_invalid' });
    await provider.update('item_option_new', variable, { type: '6' });
    await publish(bare);
    await provider.update('item_option_new', variable, { question_text: 'Who?' });
    assert.equal((await provider.one(items, { sys_id: bare }))?.state, 'draft');

    const made = await offerItem(pair, { name: 'Changing' });
    await provider.insert('item_option_new', { cat_item: made.ofProvider, name: 'extra', mandatory: 'true' });
    assert.equal((await provider.one(items, { sys_id: made.ofProvider }))?.state, 'draft');
    await publish(made.ofProvider);
    await pair.settled();
    const waiting = await consumer.one(copies, { sys_id: made.ofConsumer });
    assert.deepEqual([waiting?.active_revision, waiting?.offered_revision], ['1', '2']);
    assert.ok((await order({ size: 's' }, made)).task, 'the form of the active revision still counts');
    await consumer.update(copies, made.ofConsumer, { active_revision: '2' });
    await pair.settled();
    await assert.rejects(order({ size: 's' }, made), { code: 'catalog.mandatory_variables' });
    assert.ok((await order({ size: 's', extra: 'x' }, made)).task);
  });

  test('what is archived can be ordered no more, and nothing disappears', async () => {
    const { consumer, provider } = pair;
    const made = await offerItem(pair, { name: 'Leaving' });
    const { task } = await order({ size: 's' }, made);
    await provider.update(items, made.ofProvider, { state: 'archived' });
    await pair.settled();
    const copy = await consumer.one(copies, { sys_id: made.ofConsumer });
    assert.deepEqual([copy?.state, copy?.active], ['archived', 'false']);
    const held = await consumer.one('sn_sb_con_entitlement', { entity: made.ofConsumer });
    assert.equal(held?.status, 'withdrawn');
    await assert.rejects(order({ size: 's' }, made), { code: 'catalog.item_refused' });
    await provider.update(theirs, task, { state: '2' });
    await pair.settled();
    assert.deepEqual(await states(task), ['2', '2'], 'what was ordered goes on');
  });

  test('an order that the provider does not take is in Error with the reason, on the record', async () => {
    const { consumer, provider } = pair;
    const made = await offerItem(pair, { name: 'Gone' });
    pair.hold();
    await provider.update(items, made.ofProvider, { state: 'archived' });
    const task = await consumer.insert(ours, { record_producer: made.ofConsumer, vars_json: '{"size":"s"}' });
    pair.release();
    await pair.settled();
    const left = await consumer.one(ours, { sys_id: task });
    assert.deepEqual([left?.status, left?.refusal_code], ['error', 'exchange.item_unknown']);
    assert.match((await consumer.journal(task, 'work_notes')).at(-1) ?? '', /^Not applied by Provider Ltd: .*not offered/);
    assert.equal(await provider.one(theirs, { sys_id: task }), undefined);
  });

  test('what a provider opens stands at the consumer at once, and both work on it: state, comments, approval', async () => {
    const { consumer, provider } = pair;
    const company = (await provider.one('core_company', { name: 'Consumer Inc' }))?.sys_id ?? '';
    const words = { short_description: 'Link is down', account: company, proactive: 'true', priority: '2' };
    const work = await provider.insert('sn_customerservice_case', words, person('Pat Provider'));
    await pair.settled();
    const opened = await provider.one(theirs, { parent: work });
    const task = opened?.sys_id ?? '';
    const there = await consumer.one(ours, { sys_id: task });
    assert.deepEqual(
      [there?.number, there?.short_description, there?.priority, there?.status, opened?.status],
      [opened?.number, 'Link is down', '2', 'connected', 'connected'],
    );
    assert.match(opened?.number ?? '', /^PPT\d+$/);
    assert.match((await provider.journal(work, 'work_notes')).at(-1) ?? '', /^Consumer Inc sees this as the provider task PPT/);
    await provider.update('sn_customerservice_case', work, { state: '10', comments: 'We look', approval: 'requested' });
    await pair.settled();
    assert.deepEqual(await states(task), ['2', '2']);
    assert.match((await consumer.journal(task, 'comments'))[0] ?? '', /\nWe look$/);
    await assert.rejects(consumer.update(ours, task, { approval: 'not requested' }), { code: 'exchange.order_state' });
    await consumer.update(ours, task, { approval: 'approved', comments: 'Go on' }, person('Jo Miller'));
    await pair.settled();
    assert.equal((await provider.one('sn_customerservice_case', { sys_id: work }))?.approval, 'approved');
    assert.match((await provider.journal(work, 'comments')).at(-1) ?? '', /^Jo Miller \(Consumer Inc\), .*\nGo on$/);

    // Rejected, and accepted in the end.
    await provider.update('sn_customerservice_case', work, { state: '6' });
    await pair.settled();
    await consumer.update(ours, task, { state: '2' });
    await pair.settled();
    assert.equal((await provider.one('sn_customerservice_case', { sys_id: work }))?.state, '10');
    await provider.update('sn_customerservice_case', work, { state: '6' });
    await pair.settled();
    await consumer.update(ours, task, { state: '3' });
    await pair.settled();
    const done = await provider.one('sn_customerservice_case', { sys_id: work });
    assert.deepEqual([done?.state, done?.active, ...(await states(task))], ['3', 'false', '3', '3']);
  });

  test('an order that waits leaves nothing, and goes with all that was said when its Sync is set', async () => {
    const { consumer, provider } = pair;
    await consumer.update(copies, item.ofConsumer, { wait_for_sync: 'true' });
    const before = await pair.sentCount();
    const { task } = await order();
    const dropped = await order();
    await consumer.update(ours, task, { comments: 'Approve it, please' }, person('Jo Miller'));
    await consumer.update(ours, dropped.task, { state: '7' });
    assert.equal(await pair.sentCount(), before);
    assert.equal((await consumer.one('sc_request', { sys_id: dropped.request }))?.request_state, 'closed_cancelled');
    await assert.rejects(consumer.update(ours, dropped.task, { sync: 'true' }), { code: 'exchange.order_state' });
    const requestor = { ...(await adminOf(consumer)), roles: new Set(['sn_sb.requestor']) };
    await consumer.update(ours, task, { sync: 'true' }, requestor).catch(() => {});
    assert.equal((await consumer.one(ours, { sys_id: task }))?.sync, 'false', 'not by whoever ordered');
    await consumer.update(ours, task, { sync: 'true' }, await adminOf(consumer));
    await pair.settled();
    assert.deepEqual(await states(task), ['1', '1']);
    assert.match((await provider.journal(task, 'comments'))[0] ?? '', /\nApprove it, please$/);
    await consumer.update(copies, item.ofConsumer, { wait_for_sync: 'false' });
  });

  test('nobody orders without the role, nor what is not theirs to order', async () => {
    const { consumer } = pair;
    const caller = { ...(await adminOf(consumer)), roles: new Set(['itil']) };
    const asked = { item: item.ofConsumer, variables: new Map([['size', 's']]), quantity: 1, requestedFor: '' };
    await assert.rejects(consumer.catalog.order(caller, asked), { code: 'catalog.item_refused' });
    const mine = { ...caller, roles: new Set(['sn_sb.requestor']) };
    assert.equal((await consumer.catalog.order(mine, asked)).table, 'sc_request');
    assert.equal((await consumer.catalog.submit(mine, asked)).table, ours);
    await assert.rejects(consumer.catalog.order(mine, { ...asked, variables: nobody }), { code: 'catalog.mandatory_variables' });
    await pair.settled();
  });
});
