// A task here and its counterpart at a peer: made once, kept equal in both directions, and nothing comes back as an echo.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noteCaller, peerCaller } from '../../../src/exchange/origin.ts';
import type { Fault } from '../../../src/kit/fault.ts';
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

  /** A second consumer of the provider, to whom nothing goes out. */
  const another = async () => {
    const { provider } = pair;
    const known = await provider.one('sn_sb_pro_consumer_connection', { connection_id: 'SBC0001002' });
    if (known) return known.sys_id ?? '';
    const company = await provider.insert('core_company', { name: 'Rival plc' });
    const values = {
      connection_id: 'SBC0001002',
      company,
      peer_url: 'https://rival.example',
      state: 'onboarded',
      active: 'true',
    };
    return provider.insert('sn_sb_pro_consumer_connection', values);
  };
  /** What waits to go to a peer of the provider, as text. */
  const waitingFor = async (connection: string) =>
    (
      await pair.provider.store.read(
        `SELECT payload FROM sn_transport_queue WHERE connection = '${connection}' AND direction = 'outbound'`,
      )
    ).join();

  test('where several consumers wait for one record, the decisions of one are notes, and the last one moves it', async () => {
    const { consumer, provider } = pair;
    const rival = await another();
    const work = await provider.insert('sn_customerservice_case', { short_description: 'Link is down' });
    const open = (connection: string) => provider.insert('sn_sb_pro_provider_task', { parent: work, connection });
    const [first, second] = [await open(provider.connection), await open(rival)];
    await pair.settled();
    const decide = async (values: Record<string, string>) => {
      await consumer.update('sn_sb_con_provider_task', first, values);
      await pair.settled();
    };
    const rivalDecides = (values: Record<string, string>) =>
      provider.update('sn_sb_pro_provider_task', second, values, peerCaller(rival, 1, 'sb_user.SBC0001002'));
    const found = async () => {
      const row = await provider.one('sn_customerservice_case', { sys_id: work });
      return [row?.state, row?.approval];
    };
    const lastNote = async () => (await provider.journal(work, 'work_notes')).at(-1) ?? '';
    await provider.update('sn_customerservice_case', work, { state: '10', approval: 'requested' });
    await pair.settled();
    await decide({ approval: 'rejected' });
    assert.deepEqual(await found(), ['10', 'requested']);
    assert.match(await lastNote(), /^Consumer Inc set PPT\d+ to Rejected$/);
    await provider.update('sn_customerservice_case', work, { state: '6' });
    await pair.settled();
    await decide({ state: '3' });
    assert.deepEqual(await found(), ['6', 'requested'], 'the other one has not accepted');
    assert.match(await lastNote(), /^Consumer Inc set PPT\d+ to Closed$/);
    await rivalDecides({ state: '7' });
    assert.equal((await found())[0], '6', 'who cancels decides nothing for who accepted');
    assert.match(await lastNote(), /^Rival plc set PPT\d+ to Cancelled$/);
    await rivalDecides({ state: '3' });
    assert.equal((await found())[0], '3');
    assert.equal((await consumer.one('sn_sb_con_provider_task', { sys_id: first }))?.state, '3');
  });

  test('who never got a provider task keeps nobody waiting', async () => {
    const { consumer, provider } = pair;
    const work = await provider.insert('incident', { short_description: 'Slow line' });
    const first = await provider.insert('sn_sb_pro_provider_task', { parent: work, connection: provider.connection });
    const second = await provider.insert('sn_sb_pro_provider_task', { parent: work, connection: await another() });
    await provider.update('sn_sb_pro_provider_task', second, { status: 'error' }, noteCaller);
    await provider.update('incident', work, { state: '6' });
    await pair.settled();
    await consumer.update('sn_sb_con_provider_task', first, { state: '3' });
    await pair.settled();
    assert.equal((await provider.one('incident', { sys_id: work }))?.state, '7');
  });

  test('what one consumer says of a record goes to no other, not as history either; what people here say goes to all', async () => {
    const { consumer, provider } = pair;
    const rival = await another();
    const { incident, caseId } = await connect(pair, definition);
    const task = await provider.insert('sn_sb_pro_provider_task', { parent: caseId, connection: rival });
    await consumer.update(
      'incident',
      incident,
      { comments: 'between us', short_description: 'Known to both' },
      person('Jo Miller'),
    );
    await pair.settled();
    assert.match((await provider.journal(caseId, 'comments')).at(-1) ?? '', /\nbetween us$/);
    await provider.update('sn_customerservice_case', caseId, { comments: 'to everybody' }, person('Pat Provider'));
    await provider.update('sn_sb_pro_provider_task', task, { comments: 'our secret' }, peerCaller(rival, 1, 'Eve (Rival plc)'));
    await pair.settled();
    assert.match((await provider.journal(caseId, 'comments')).at(-1) ?? '', /^our secret$/);
    const toRival = await waitingFor(rival);
    assert.ok(toRival.includes('to everybody') && !toRival.includes('between us'), toRival);
    assert.deepEqual(
      (await consumer.journal(incident, 'comments')).map((text) => text.split('\n').at(-1)),
      ['between us', 'to everybody'],
    );
    const again = await provider.insert('sn_sb_pro_remote_task_def', {
      name: 'Other',
      provider_table: 'sn_customerservice_case',
      consumer_table: 'incident',
    });
    const comments = {
      definition: again,
      name: 'comments',
      label: 'comments',
      source: 'comments',
      target: 'comments',
      sync_when: 'insert_or_update',
    };
    await provider.insert('sn_sb_pro_remote_task_def_outbound_field', comments);
    await provider.update('sn_sb_pro_remote_task_def', again, { state: 'published' });
    await provider.insert('sn_sb_pro_remote_task', {
      parent: caseId,
      definition: again,
      connection: rival,
      send_history: 'true',
    });
    await provider.update(
      'sn_customerservice_case',
      caseId,
      { comments: 'us alone' },
      peerCaller(provider.connection, 1, 'Jo (Consumer Inc)'),
    );
    const left = await waitingFor(rival);
    assert.ok(!left.includes('between us') && !left.includes('us alone'), left);
    assert.equal(left.split('to everybody').length - 1, 2, 'once as it was said, once as history');
    await pair.settled();
  });

  test('nobody ties a record that he may not work on, and a hidden one is none', async () => {
    const { consumer } = pair;
    const incident = await consumer.insert('incident', { short_description: 'Not for everyone' });
    const creator = (...roles: string[]) => ({
      ...person('Carl Creator'),
      roles: new Set(['sn_sb.remote_task_creator', ...roles]),
    });
    const tie = (parent: string, caller: ReturnType<typeof creator>) =>
      consumer.insert('sn_sb_con_remote_task', { parent, definition, connection: consumer.connection }, caller);
    const said = async (parent: string) => {
      const { code, explanation } = (await tie(parent, creator()).catch((error) => error)) as Fault;
      return `${code}: ${explanation}`;
    };
    assert.match(await said(incident), /^exchange.remote_task_invalid: .* as its parent$/);
    assert.equal(await said(incident), await said('f'.repeat(32)));
    const task = await tie(incident, creator('itil'));
    await pair.settled();
    await consumer.update('sn_sb_con_remote_task', task, { status: 'disconnected' }, creator());
    await assert.rejects(consumer.update('sn_sb_con_remote_task', task, { status: 'connected' }, creator()), {
      code: 'exchange.remote_task_invalid',
    });
    await consumer.update('sn_sb_con_remote_task', task, { status: 'connected' }, creator('itil'));
    await pair.settled();
  });
});
