// Both sides change a pair before either has heard of the other, or while it is disconnected.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemCaller } from '../../../src/records/caller.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { connect, define, openTasksPair, type Pair, person } from './part.ts';

forEachEngine((engine) => {
  let pair: Pair;
  let definition: string;
  let ofProvider: string;
  before(async () => {
    pair = await openTasksPair(engine);
    ({ ofConsumer: definition, ofProvider } = await define(pair));
  });
  after(() => pair.close());

  const both = async ({ incident, caseId }: { incident: string; caseId: string }) => {
    const here = await pair.consumer.one('incident', { sys_id: incident });
    const there = await pair.provider.one('sn_customerservice_case', { sys_id: caseId });
    return [here?.short_description, here?.description, there?.short_description, there?.description];
  };

  const conflictNotes = async ({ incident, caseId }: { incident: string; caseId: string }) => {
    const notes = [await pair.consumer.journal(incident, 'work_notes'), await pair.provider.journal(caseId, 'work_notes')];
    return notes.map((texts) => texts.filter((text) => text.includes('changed on both sides at once')).length);
  };

  const setWinner = async (conflict_winner: string): Promise<void> => {
    const table = 'sn_sb_pro_remote_task_def';
    await pair.provider.update(table, ofProvider, { state: 'draft' });
    await pair.provider.update(table, ofProvider, { conflict_winner });
    await pair.provider.update(table, ofProvider, { state: 'published' });
    await pair.settled();
    await pair.consumer.update('sn_sb_con_remote_task_def', definition, { active_revision: '99' });
    await pair.settled();
  };

  test('changes of different fields at once are both kept, and are no conflict', async () => {
    const tied = await connect(pair, definition, { short_description: 'A', description: 'A' });
    pair.hold();
    await pair.consumer.update('incident', tied.incident, { short_description: 'B' });
    await pair.provider.update('sn_customerservice_case', tied.caseId, { description: 'C' });
    pair.release();
    await pair.settled();
    assert.deepEqual(await both(tied), ['B', 'C', 'B', 'C']);
    assert.deepEqual(await conflictNotes(tied), [0, 0]);
  });

  for (const [winner, title] of [
    ['provider', 'Theirs'],
    ['consumer', 'Ours'],
    ['latest', 'Theirs'],
  ] as const) {
    test(`of two changes of the same field at once one stands on both sides, and both say so: ${winner}`, async () => {
      await setWinner(winner);
      const tied = await connect(pair, definition, { short_description: 'A', description: 'A' });
      pair.hold();
      await pair.consumer.update('incident', tied.incident, { short_description: 'Ours' });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await pair.provider.update('sn_customerservice_case', tied.caseId, { short_description: 'Theirs' });
      pair.release();
      await pair.settled();
      assert.deepEqual(await both(tied), [title, 'A', title, 'A']);
      assert.deepEqual(await conflictNotes(tied), [1, 1]);
      const told = await pair.provider.journal(tied.caseId, 'work_notes');
      assert.equal(told.filter((text) => text.startsWith('Changed by')).length, title === 'Ours' ? 1 : 0, 'what stands is told');
    });
  }

  test('a disconnected pair rests, and catches up when it is connected again', async () => {
    await setWinner('provider');
    const tied = await connect(pair, definition, { short_description: 'A', description: 'A' });
    const number = (await pair.consumer.one('sn_sb_con_remote_task', { sys_id: tied.task }))?.number ?? '';
    const statuses = async () => [
      (await pair.consumer.one('sn_sb_remote_task', { number }))?.status,
      (await pair.provider.one('sn_sb_remote_task', { number }))?.status,
    ];
    await pair.consumer.update('sn_sb_con_remote_task', tied.task, { status: 'disconnected' });
    await pair.settled();
    assert.deepEqual(await statuses(), ['disconnected', 'disconnected']);
    await pair.consumer.update('incident', tied.incident, { short_description: 'Ours', description: 'B' });
    await pair.provider.update('sn_customerservice_case', tied.caseId, { short_description: 'Theirs' });
    await pair.provider.update('sn_customerservice_case', tied.caseId, { comments: 'Meanwhile' }, person('Pat Provider'));
    await pair.settled();
    assert.deepEqual(await both(tied), ['Ours', 'B', 'Theirs', 'A']);
    await pair.consumer.update('sn_sb_con_remote_task', tied.task, { status: 'connected' });
    await pair.settled();
    assert.deepEqual(await statuses(), ['connected', 'connected']);
    assert.deepEqual(await both(tied), ['Theirs', 'B', 'Theirs', 'B']);
    assert.deepEqual(await conflictNotes(tied), [1, 1]);
    const comments = await pair.consumer.journal(tied.incident, 'comments');
    assert.match(comments.at(-1) ?? '', /Meanwhile$/, 'comments made meanwhile arrive too');
  });

  test('deleting here deletes nothing there: the remote task is in Error, and the peer hears that nothing is left', async () => {
    const tied = await connect(pair, definition);
    await pair.consumer.records.remove(systemCaller, 'incident', tied.incident);
    await pair.settled();
    const left = await pair.consumer.one('sn_sb_con_remote_task', { sys_id: tied.task });
    assert.deepEqual([left?.status, left?.status_reason], ['error', 'The parent was deleted']);
    assert.ok(await pair.provider.one('sn_customerservice_case', { sys_id: tied.caseId }));
    await pair.provider.update('sn_customerservice_case', tied.caseId, { short_description: 'Anyone?' });
    await pair.settled();
    const notes = await pair.provider.journal(tied.caseId, 'work_notes');
    assert.match(notes.at(-1) ?? '', /^Not applied by Consumer Inc: .*deleted \(exchange\.parent_gone\)$/);
  });

  test('a remote task that makes no sense is refused', async () => {
    const { consumer } = pair;
    const tied = await connect(pair, definition);
    const fresh = await consumer.insert('incident', { short_description: 'Fresh' });
    const good = { parent: fresh, definition, connection: consumer.connection };
    const caseHere = await consumer.insert('sn_customerservice_case', { short_description: 'Not an incident' });
    for (const values of [
      { ...good, parent: tied.incident },
      { ...good, parent: caseHere },
      { ...good, parent: '' },
      { ...good, connection: '' },
      { ...good, definition: '' },
    ]) {
      await assert.rejects(consumer.insert('sn_sb_con_remote_task', values), { code: 'exchange.remote_task_invalid' });
    }
    await assert.rejects(consumer.insert('sn_sb_pro_remote_task', good), { code: 'exchange.remote_task_invalid' });
    const fixed: readonly Record<string, string>[] = [{ parent: fresh }, { status: 'error' }, { number: 'X1' }];
    for (const values of fixed) {
      await assert.rejects(consumer.update('sn_sb_con_remote_task', tied.task, values), {
        code: 'exchange.remote_task_fixed',
      });
    }
  });
});
