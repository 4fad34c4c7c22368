// Values of one side in the words of the other: closing and reopening by a list of states, and what happens to values in no line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { connect, define, openTasksPair, type Pair } from './part.ts';

const states = [
  ['1', '1'],
  ['10', '2'],
  ['6', '6'],
  ['3', '7'],
] as const;

forEachEngine((engine) => {
  let pair: Pair;
  let definition: string;
  let transform: string;
  before(async () => {
    pair = await openTasksPair(engine);
    definition = (await define(pair)).ofConsumer;
    const { provider } = pair;
    const tables = { provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
    const fields = { provider_field: 'state', consumer_field: 'state' };
    transform = await provider.insert('sn_sb_pro_transform', { ...tables, ...fields, unmapped: 'reject', active: 'true' });
    for (const [ours, theirs] of states)
      await provider.insert('sn_sb_transform_line', { transform, provider_value: ours, consumer_value: theirs });
  });
  after(() => pair.close());

  test('closing arrives as closed, reopening as open, on both sides and in both directions', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    await provider.update('sn_customerservice_case', caseId, { state: '3' });
    await pair.settled();
    const closed = await consumer.one('incident', { sys_id: incident });
    assert.deepEqual([closed?.state, closed?.incident_state, closed?.active], ['7', '7', 'false']);
    await consumer.update('incident', incident, { state: '2' });
    await pair.settled();
    const open = await provider.one('sn_customerservice_case', { sys_id: caseId });
    assert.deepEqual([open?.state, open?.active, open?.closed_at], ['10', 'true', '']);
  });

  test('a value in no line is refused where the transform says so, and the source shows it until something gets through', async () => {
    const { consumer, provider } = pair;
    const { incident, task, caseId } = await connect(pair, definition);
    const other = await connect(pair, definition, { short_description: 'Not concerned' });
    await consumer.update('incident', incident, { state: '3' });
    await pair.settled();
    const shown = await consumer.one('sn_sb_con_remote_task', { sys_id: task });
    assert.deepEqual([shown?.status, shown?.refusal_code], ['connected', 'exchange.value_unmapped']);
    const notes = await consumer.journal(incident, 'work_notes');
    assert.match(notes.at(-1) ?? '', /^Not applied by Provider Ltd: the value "3" of state is in no line/);
    assert.equal((await provider.one('sn_customerservice_case', { sys_id: caseId }))?.state, '1');
    await consumer.update('incident', other.incident, { short_description: 'Goes on' });
    await pair.settled();
    const untouched = await provider.one('sn_customerservice_case', { sys_id: other.caseId });
    assert.equal(untouched?.short_description, 'Goes on', 'only the lane of the refused change is held');
  });

  test('there is one transform for a company, tables, fields and direction', async () => {
    const { provider } = pair;
    const words = { provider_table: 'sn_customerservice_case', consumer_table: 'incident', consumer_field: 'state' };
    const make = (more: Record<string, string>) => provider.insert('sn_sb_pro_transform', { ...words, ...more });
    for (const type of ['both', 'inbound'])
      await assert.rejects(make({ provider_field: 'state', type }), { code: 'exchange.transform_duplicate' });
    await make({ provider_field: 'urgency', type: 'inbound' });
    const other = await make({ provider_field: 'urgency', type: 'outbound' });
    await assert.rejects(provider.update('sn_sb_pro_transform', other, { type: 'both' }), {
      code: 'exchange.transform_duplicate',
    });
  });

  test('a line for the company beats one for all, and a value in no line may become the default or pass', async () => {
    const { consumer, provider } = pair;
    const company = (await provider.one('core_company', { name: 'Consumer Inc' }))?.sys_id ?? '';
    const own = await provider.insert('sn_sb_pro_transform', {
      company,
      provider_table: 'sn_customerservice_case',
      provider_field: 'short_description',
      consumer_table: 'incident',
      consumer_field: 'short_description',
      unmapped: 'default',
      default_value: 'Something else',
      active: 'true',
    });
    await provider.insert('sn_sb_transform_line', { transform: own, provider_value: 'Rot', consumer_value: 'Red' });
    const forAll = await provider.insert('sn_sb_pro_transform', {
      provider_table: 'sn_customerservice_case',
      provider_field: 'short_description',
      consumer_table: 'incident',
      consumer_field: 'short_description',
      active: 'true',
    });
    await provider.insert('sn_sb_transform_line', { transform: forAll, provider_value: 'Rouge', consumer_value: 'Red' });
    const { incident, caseId } = await connect(pair, definition, { short_description: 'Red' });
    const title = async () => (await provider.one('sn_customerservice_case', { sys_id: caseId }))?.short_description;
    assert.equal(await title(), 'Rot');
    await consumer.update('incident', incident, { short_description: 'Green' });
    await pair.settled();
    assert.equal(await title(), 'Something else');
    assert.ok(provider.log.some((line) => line.includes('is in no line')));
    await provider.update('sn_sb_transform', own, { active: 'false' });
    await consumer.update('incident', incident, { short_description: 'Blue' });
    await pair.settled();
    assert.equal(await title(), 'Blue');
    await provider.update('sn_sb_transform', forAll, { active: 'false' });
  });
});
