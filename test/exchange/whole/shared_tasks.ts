// Incidents of the consumer that are cases of the provider: defines them by the Table API, ties records, and compares both sides.
import assert from 'node:assert/strict';
import { untilTrue } from '../../parts/until_true.ts';
import type { WholePair } from './pair.ts';
import type { Words } from './side.ts';

/** Texts, comments and files, both ways. Answers the consumer's definition. */
export const shareIncidents = async ({ provider, consumer }: WholePair): Promise<string> => {
  const words = { name: 'Incident to case', provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
  const ofProvider = await provider.insert('sn_sb_pro_remote_task_def', { ...words, send_attachments: 'true' });
  for (const name of ['short_description', 'description', 'comments'])
    for (const direction of ['inbound', 'outbound'])
      await provider.insert(`sn_sb_pro_remote_task_def_${direction}_field`, {
        definition: ofProvider,
        sync_when: 'insert_or_update',
        ...{ name, label: name, source: name, target: name },
      });
  const draft = `provider_definition=${ofProvider}^state=draft`;
  assert.equal(await provider.patch('sn_sb_pro_remote_task_def', `sys_id=${ofProvider}`, { state: 'published' }), 200);
  await untilTrue(async () => (await consumer.rows('sn_sb_con_remote_task_def', draft, 'sys_id')).length === 1);
  assert.equal(await consumer.patch('sn_sb_con_remote_task_def', draft, { state: 'published' }), 200);
  const [row] = await consumer.rows('sn_sb_con_remote_task_def', `provider_definition=${ofProvider}`, 'sys_id');
  return row?.sys_id ?? '';
};

/** Records that are made at once. */
const hands = 8;

export interface TiedTask {
  readonly incident: string;
  readonly number: string;
  readonly caseId: string;
}

/** Incidents that are cases by the time this answers, in the order of their texts. */
export const tie = async (
  pair: WholePair,
  definition: string,
  texts: readonly string[],
  limitMs?: number,
): Promise<TiedTask[]> => {
  const { provider, consumer } = pair;
  const connection = (await pair.report(consumer)).sys_id;
  const make = async (short_description: string): Promise<{ incident: string; task: string }> => {
    const incident = await consumer.insert('incident', { short_description });
    return { incident, task: await consumer.insert('sn_sb_con_remote_task', { parent: incident, definition, connection }) };
  };
  const made: { incident: string; task: string }[] = [];
  for (let at = 0; at < texts.length; at += hands) made.push(...(await Promise.all(texts.slice(at, at + hands).map(make))));
  const mirrored = () =>
    provider.sql("SELECT number, parent FROM task WHERE sys_class_name = 'sn_sb_pro_remote_task' AND parent IS NOT NULL");
  const numbers = await consumer.sql("SELECT sys_id, number FROM task WHERE sys_class_name = 'sn_sb_con_remote_task'");
  const numberOf = new Map(numbers.map(([id, number]) => [String(id), String(number)]));
  const wanted = made.map(({ incident, task }) => ({ incident, number: numberOf.get(task) ?? '' }));
  let parents = new Map<string, string>();
  await untilTrue(async () => {
    // Whoever waits for thousands does not ask a hundred times a second.
    if (texts.length > 100) await new Promise((resolve) => setTimeout(resolve, 500));
    parents = new Map((await mirrored()).map(([number, parent]) => [String(number), String(parent)]));
    return wanted.every(({ number }) => parents.has(number));
  }, limitMs);
  return wanted.map(({ incident, number }) => ({ incident, number, caseId: parents.get(number) ?? '' }));
};

/** What both sides must agree upon. */
export const pickShared = (row: Words | undefined): Words => ({
  short_description: row?.short_description ?? '',
  description: row?.description ?? '',
});

/** Comments of a record without the line that says whose they are, oldest first as long as no clock was turned back meanwhile. */
export const commentsOf = async (side: WholePair['provider'], record: string): Promise<string[]> => {
  const rows = await side.rows('sys_journal_field', `element_id=${record}^element=comments^ORDERBYsys_id`, 'value');
  return rows.map(({ value = '' }) => value.split('\n').at(-1) ?? '');
};

/** Each record is changed on both sides, `rounds` times: a field that is that side's own, and a comment beside it. */
export const changeBoth = async (pair: WholePair, tasks: readonly TiedTask[], word: string, rounds: number): Promise<void> => {
  const { provider, consumer } = pair;
  for (let round = 1; round <= rounds; round += 1)
    for (const { incident, caseId } of tasks) {
      const text = `${word} ${round}`;
      const here = { short_description: text, comments: `consumer ${text}` };
      const there = { description: text, comments: `provider ${text}` };
      assert.equal(await consumer.patch('incident', `sys_id=${incident}`, here), 200);
      assert.equal(await provider.patch('sn_customerservice_case', `sys_id=${caseId}`, there), 200);
    }
};

/** A clock that is turned back between two stories leaves only the order within each of them known. */
const byStory = (texts: readonly string[]): [string, string[]][] =>
  [...Map.groupBy(texts, (text) => text.replace(/[\d ]+/g, ' '))].sort(([one], [other]) => (one < other ? -1 : 1));

/** Waits until both sides agree: fields, and every comment once, those of a side and a story in their order. */
export const agree = async ({ provider, consumer }: WholePair, tasks: readonly TiedTask[], limitMs: number): Promise<void> => {
  for (const { incident, caseId } of tasks) {
    const ofProvider = (texts: readonly string[]) => texts.filter((text) => text.startsWith('provider'));
    const ofConsumer = (texts: readonly string[]) => texts.filter((text) => !text.startsWith('provider'));
    const look = async () => {
      const [here, there] = [await commentsOf(consumer, incident), await commentsOf(provider, caseId)];
      const [[near], [far]] = [
        await consumer.rows('incident', `sys_id=${incident}`),
        await provider.rows('sn_customerservice_case', `sys_id=${caseId}`),
      ];
      return [
        { ...pickShared(near), consumer: byStory(ofConsumer(here)), provider: byStory(ofProvider(here)) },
        { ...pickShared(far), consumer: byStory(ofConsumer(there)), provider: byStory(ofProvider(there)) },
      ] as const;
    };
    await untilTrue(async () => {
      const [near, far] = await look();
      return JSON.stringify(near) === JSON.stringify(far);
    }, limitMs).catch(() => {});
    const [near, far] = await look();
    assert.deepEqual(far, near);
  }
};
