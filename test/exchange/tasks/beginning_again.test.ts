// A pair whose change was not taken: what holds its lane, how it goes on, and that nothing of it is lost or said twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { connect, define, openTasksPair, type Pair, person } from './part.ts';

const [ours, theirs] = ['sn_sb_con_remote_task_def', 'sn_sb_pro_remote_task_def'];
const cases = 'sn_customerservice_case';

forEachEngine((engine) => {
  let pair: Pair;
  let definition: string;
  let ofProvider: string;
  let transform: string;
  before(async () => {
    pair = await openTasksPair(engine);
    ({ ofConsumer: definition, ofProvider } = await define(pair));
    transform = await pair.provider.insert('sn_sb_pro_transform', {
      provider_table: cases,
      consumer_table: 'incident',
      provider_field: 'state',
      consumer_field: 'state',
      unmapped: 'reject',
      active: 'true',
    });
    await line('1', '1');
  });
  after(() => pair.close());

  const line = (provider_value: string, consumer_value: string) =>
    pair.provider.insert('sn_sb_transform_line', { transform, provider_value, consumer_value });
  const texts = async (caseId: string) =>
    (await pair.provider.journal(caseId, 'comments')).map((text) => text.split('\n').at(-1));
  const lane = async (correlation: string) => {
    const [row] = await pair.consumer.records.find('sn_transport_lane', `direction=outbound^name=record:${correlation}`);
    return row;
  };
  const correlationOf = async (incident: string) =>
    (await pair.consumer.one('ih_sync_correlation', { local_record: incident }))?.local_correlation_id ?? '';

  test('disconnecting and connecting says again what was not taken, in its present state, and loses no comment', async () => {
    const { consumer, provider } = pair;
    const { incident, task, caseId } = await connect(pair, definition, { short_description: 'A' });
    await consumer.update('incident', incident, { comments: 'before' }, person('Jo Miller'));
    await pair.settled();
    await consumer.update('incident', incident, { state: '2' });
    await pair.settled();
    await consumer.update('incident', incident, { short_description: 'B', comments: 'behind' }, person('Jo Miller'));
    assert.equal((await lane(await correlationOf(incident)))?.state, 'held');
    await line('10', '2');
    await consumer.update('sn_sb_con_remote_task', task, { status: 'disconnected' });
    await consumer.update('incident', incident, { comments: 'apart' }, person('Jo Miller'));
    await consumer.update('sn_sb_con_remote_task', task, { status: 'connected' });
    await pair.settled();
    const there = await provider.one(cases, { sys_id: caseId });
    assert.deepEqual([there?.state, there?.short_description], ['10', 'B']);
    assert.deepEqual(await texts(caseId), ['before', 'behind', 'apart']);
    const heard = await provider.journal(caseId, 'work_notes');
    assert.ok(
      heard.some((text) => /^Changed by .*state: Open$/m.test(text)),
      heard.join('\n'),
    );
    const shown = await consumer.one('sn_sb_con_remote_task', { sys_id: task });
    assert.deepEqual([shown?.status, shown?.refusal_code], ['connected', '']);
  });

  test('history goes along only where it is asked for, in order, and none of it comes back', async () => {
    const { consumer, provider } = pair;
    const begin = async (send_history: string) => {
      const incident = await consumer.insert('incident', { short_description: 'Old' });
      for (const comments of ['one', 'two']) await consumer.update('incident', incident, { comments }, person('Jo Miller'));
      const values = { parent: incident, definition, connection: consumer.connection, send_history };
      const task = await consumer.insert('sn_sb_con_remote_task', values);
      await pair.settled();
      const number = (await consumer.one('sn_sb_con_remote_task', { sys_id: task }))?.number ?? '';
      const caseId = (await provider.one('sn_sb_pro_remote_task', { number }))?.parent ?? '';
      return { incident, task, caseId };
    };
    assert.deepEqual(await texts((await begin('false')).caseId), []);
    await consumer.insert('sys_user', { user_name: 'jo.miller', first_name: 'Joanna', last_name: 'Miller' });
    const { incident, task, caseId } = await begin('true');
    assert.deepEqual(await texts(caseId), ['one', 'two']);
    assert.match((await provider.journal(caseId, 'comments'))[0] ?? '', /^Joanna Miller \(Consumer Inc\), /);
    await provider.update(cases, caseId, { comments: 'three' }, person('Pat Provider'));
    await pair.settled();
    for (const status of ['disconnected', 'connected']) await consumer.update('sn_sb_con_remote_task', task, { status });
    await pair.settled();
    assert.deepEqual(await texts(caseId), ['one', 'two', 'three']);
    assert.equal((await consumer.journal(incident, 'comments')).length, 3);
  });

  test('a beginning that was refused begins again by itself once the definition is active, with what was said meanwhile', async () => {
    const { consumer, provider } = pair;
    const incident = await consumer.insert('incident', { short_description: 'Patient' });
    pair.hold();
    await provider.update(theirs, ofProvider, { state: 'archived' });
    const values = { parent: incident, definition, connection: consumer.connection };
    const task = await consumer.insert('sn_sb_con_remote_task', values);
    await consumer.update('incident', incident, { comments: 'Hello?' }, person('Jo Miller'));
    pair.release();
    await untilTrue(async () => (await consumer.one('sn_sb_con_remote_task', { sys_id: task }))?.status === 'error');
    await provider.update(theirs, ofProvider, { state: 'published' });
    await untilTrue(async () => (await consumer.one(ours, { sys_id: definition }))?.state === 'draft');
    await consumer.update(ours, definition, { state: 'published' });
    await untilTrue(async () => (await consumer.one('sn_sb_con_remote_task', { sys_id: task }))?.status === 'connected');
    await pair.settled();
    const made = await provider.records.findBy(cases, { short_description: 'Patient' });
    assert.equal(made.length, 1);
    assert.deepEqual(await texts(made[0]?.sys_id ?? ''), ['Hello?']);
  });

  test('with the policy to skip, the lane goes on without what was refused, and the hole is counted', async () => {
    const { consumer, provider } = pair;
    const policy = await consumer.one('sys_properties', { name: 'sn_transport.lane_policy' });
    if (policy) await consumer.update('sys_properties', policy.sys_id ?? '', { value: 'skip' });
    else await consumer.insert('sys_properties', { name: 'sn_transport.lane_policy', value: 'skip' });
    const { incident, caseId } = await connect(pair, definition, { short_description: 'A' });
    await consumer.update('incident', incident, { state: '3' });
    await consumer.update('incident', incident, { short_description: 'B' });
    await pair.settled();
    assert.equal((await provider.one(cases, { sys_id: caseId }))?.short_description, 'B');
    const row = await lane(await correlationOf(incident));
    assert.deepEqual([row?.state, row?.gap_count], ['idle', '1']);
    assert.ok(
      await consumer.one('sn_transport_queue', { source: incident, state: 'error', error_code: 'exchange.value_unmapped' }),
    );
    const property = await consumer.one('sys_properties', { name: 'sn_transport.lane_policy' });
    await consumer.update('sys_properties', property?.sys_id ?? '', { value: 'hold' });
  });

  test('comments that a restored database lost are given back by the peer, each once, and those that are known stay away', async () => {
    const { consumer, provider } = pair;
    const { incident } = await connect(pair, definition);
    for (const comments of ['kept', 'lost']) await consumer.update('incident', incident, { comments }, person('Jo Miller'));
    await pair.settled();
    await consumer.store.write(async ({ run }) => {
      await run(`DELETE FROM sys_journal_field WHERE value = 'lost'`);
      await run(`DELETE FROM sn_transport_queue WHERE kind = 'journal' AND direction = 'outbound' AND payload LIKE '%"lost"%'`);
    });
    const lane = `record:${await correlationOf(incident)}`;
    for (let time = 0; time < 2; time += 1) {
      await provider.records.write((transaction) => provider.sayAgain(transaction, provider.connection, lane, 0));
      await pair.settled();
    }
    const [kept, back, ...more] = await consumer.journal(incident, 'comments');
    assert.deepEqual([kept, more], ['kept', []]);
    assert.match(back ?? '', /^Jo Miller, [\d :-]+ UTC, given back by Provider Ltd:\nlost$/);
  });
});
