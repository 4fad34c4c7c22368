// A task here and its counterpart at a peer: made once, kept equal in both directions, and nothing comes back as an echo.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { connect, define, openTasksPair, type Pair, person } from './part.ts';

forEachEngine((engine) => {
  let pair: Pair;
  let definition: string;
  before(async () => {
    pair = await openTasksPair(engine);
    definition = (await define(pair)).ofConsumer;
  });
  after(() => pair.close());

  test('a remote task makes a record at the peer, with the same number on both sides and a name of each side for the pair', async () => {
    const { consumer, provider } = pair;
    const caller = await consumer.insert('sys_user', { user_name: 'jo', first_name: 'Jo', email: 'jo@consumer.example' });
    const { incident, task, caseId } = await connect(pair, definition, {
      short_description: 'Printer on fire',
      caller_id: caller,
    });
    const here = await consumer.one('sn_sb_con_remote_task', { sys_id: task });
    const there = await provider.one('sn_sb_pro_remote_task', { number: here?.number ?? '' });
    assert.equal(here?.status, 'connected');
    assert.equal(there?.status, 'connected');
    const made = await provider.one('sn_customerservice_case', { sys_id: caseId });
    assert.equal(made?.short_description, 'Printer on fire');
    assert.equal(made?.cause, 'jo@consumer.example', 'a source may lead through a reference');
    const ours = await consumer.one('ih_sync_correlation', { local_record: incident });
    const theirs = await provider.one('ih_sync_correlation', { local_record: caseId });
    assert.notEqual(ours?.local_correlation_id, theirs?.local_correlation_id);
    assert.equal(ours?.remote_correlation_id, theirs?.local_correlation_id);
    assert.equal(theirs?.remote_correlation_id, ours?.local_correlation_id);
    const tied = await consumer.one('incident', { sys_id: incident });
    assert.equal(tied?.correlation_display, made?.number, 'what the record got at the peer came back');
  });

  test('changes go both ways, empty values too, and none comes back', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition, { short_description: 'Printer on fire', description: 'Smoke' });
    const sent = await pair.sentCount();
    await consumer.update('incident', incident, { short_description: 'Two printers on fire', description: '' });
    await pair.settled();
    const there = await provider.one('sn_customerservice_case', { sys_id: caseId });
    assert.deepEqual([there?.short_description, there?.description], ['Two printers on fire', '']);
    assert.equal(await pair.sentCount(), sent + 1);
    await provider.update('sn_customerservice_case', caseId, { short_description: 'All quiet' });
    await pair.settled();
    assert.equal((await consumer.one('incident', { sys_id: incident }))?.short_description, 'All quiet');
    assert.equal(await pair.sentCount(), sent + 2);
  });

  test('a change of a field that the definition does not list sends nothing', async () => {
    const { incident } = await connect(pair, definition);
    const sent = await pair.sentCount();
    await pair.consumer.update('incident', incident, { close_notes: 'for us alone', category: 'hardware' });
    await pair.settled();
    assert.equal(await pair.sentCount(), sent);
  });

  test('a POST that arrives three times makes one record and one note', async () => {
    pair.copies = 3;
    const { incident, caseId } = await connect(pair, definition, { short_description: 'Once only' });
    await pair.consumer.update('incident', incident, { short_description: 'Again' });
    await pair.consumer.update('incident', incident, { comments: 'Hello' }, person('Jo Miller'));
    await pair.settled();
    pair.copies = 1;
    const made = await pair.provider.records.findBy('sn_sb_remote_task', { short_description: 'Once only' });
    assert.equal(made.length, 1);
    assert.equal((await pair.provider.journal(caseId, 'comments')).length, 1);
  });

  test('the provider may begin as well', async () => {
    const { consumer, provider } = pair;
    const { definition: ofProvider } = (await provider.one('sn_sb_remote_task_def_field', { name: 'title' })) ?? {};
    const caseId = await provider.insert('sn_customerservice_case', { short_description: 'Planned outage' });
    await provider.insert('sn_sb_pro_remote_task', {
      parent: caseId,
      definition: ofProvider ?? '',
      connection: provider.connection,
    });
    await pair.settled();
    const made = await consumer.one('incident', { short_description: 'Planned outage' });
    assert.ok(made);
    assert.equal((await consumer.one('sn_sb_con_remote_task', { parent: made.sys_id ?? '' }))?.status, 'connected');
  });

  test('comments and notes arrive with author, company and time, and do not come back', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    const sent = await pair.sentCount();
    await consumer.update(
      'incident',
      incident,
      { comments: 'Is anyone there?', work_notes: 'Called twice' },
      person('Jo Miller'),
    );
    await pair.settled();
    assert.equal(await pair.sentCount(), sent + 2);
    const [comment = ''] = await provider.journal(caseId, 'comments');
    assert.match(comment, /^Jo Miller \(Consumer Inc\), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC:\nIs anyone there\?$/);
    const entry = await provider.one('sys_journal_field', { element_id: caseId, element: 'comments' });
    assert.equal(entry?.sys_created_by, 'Jo Miller (Consumer Inc)');
    assert.ok((await provider.journal(caseId, 'work_notes')).some((text) => text.endsWith('Called twice')));
    await provider.update('sn_customerservice_case', caseId, { comments: 'Yes' }, person('Pat Provider'));
    await pair.settled();
    const answers = await consumer.journal(incident, 'comments');
    assert.match(answers.at(-1) ?? '', /^Pat Provider \(Provider Ltd\), .*\nYes$/);
    assert.equal((await provider.one('sys_user', { name: 'Jo Miller' })) ?? null, null, 'nobody got an account by writing');
  });

  test('a provider opens one task for a record and a consumer, of whatever task is its own', async () => {
    const { consumer, provider } = pair;
    const open = (values: Record<string, string>) => provider.insert('sn_sb_pro_provider_task', values);
    const { connection } = provider;
    const change = await provider.insert('change_request', { short_description: 'New router' });
    await assert.rejects(open({ parent: change }), { code: 'exchange.provider_task_invalid' }, 'of whom is not said');
    const task = await open({ parent: change, connection });
    await assert.rejects(open({ parent: change, connection }), { code: 'exchange.provider_task_invalid' });
    await assert.rejects(open({ connection }), { code: 'exchange.provider_task_invalid' });
    await assert.rejects(open({ parent: task, connection }), { code: 'exchange.provider_task_invalid' });
    await pair.settled();
    const there = await consumer.one('sn_sb_con_provider_task', { sys_id: task });
    assert.deepEqual([there?.short_description, there?.state], ['New router', '1']);
    await consumer.update('sn_sb_con_provider_task', task, { state: '7' });
    await pair.settled();
    assert.equal((await provider.one('change_request', { sys_id: change }))?.state, '4');
    await provider.update('sn_sb_pro_consumer_connection', connection, { peer_features: 'provider_tasks' });
    const incident = await provider.insert('incident', {});
    await assert.rejects(open({ parent: incident, connection }), { code: 'exchange.feature_missing' });
    await provider.update('sn_sb_pro_consumer_connection', connection, { peer_features: '' });
  });
});
