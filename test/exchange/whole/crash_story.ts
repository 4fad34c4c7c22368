// The crash story: people change records on two instances while both are killed again and again, the network between them is bad and token
// endpoints fail. Afterwards both sides agree field by field, and every comment stands on both, once and in its order. What happens when
// follows from the seed, as far as the machine lets it.
import assert from 'node:assert/strict';
import { makeBadNetwork, seededRandom } from '../../parts/bad_network.ts';
import type { Engine } from '../../parts/engines.ts';
import { goodNetwork } from '../../parts/staged_proxy.ts';
import { openWholePair } from './pair.ts';
import { shareIncidents, type TiedTask, tie } from './shared_tasks.ts';
import type { WholeSide } from './side.ts';

export interface CrashStory {
  changes: number;
  records: number;
  /** Of both together, in turn. */
  kills: number;
  seed: number;
  limitMs: number;
}

/** What a side changes: a field that is its own, so that nobody is overruled, and a comment beside it. */
const ways = [
  { name: 'provider', table: 'sn_customerservice_case', field: 'description', of: ({ caseId }: TiedTask) => caseId },
  { name: 'consumer', table: 'incident', field: 'short_description', of: ({ incident }: TiedTask) => incident },
] as const;
const hands = 8;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const tellCrashStory = async (engine: Engine, story: CrashStory, tell: (line: string) => void): Promise<void> => {
  const begun = performance.now();
  const say = (line: string): void => tell(`${Math.round((performance.now() - begun) / 1000)} s: ${line}`);
  const about = `seed ${story.seed}`;
  say(about);
  const random = seededRandom(story.seed);
  const pair = await openWholePair(engine, {
    properties: { 'sn_transport.breaker_failures': '8', 'sn_transport.batch_rows': '25' },
  });
  const sides = new Map<string, WholeSide>(pair.sides.map((side) => [side.name, side]));
  const sideOf = (name: string): WholeSide => sides.get(name) as WholeSide;
  const kills = { provider: 0, consumer: 0 };
  let isOver = false;
  try {
    await pair.register();
    const definition = await shareIncidents(pair);
    const texts = Array.from({ length: story.records }, (_, at) => `record ${at}`);
    const tasks = await tie(pair, definition, texts, story.limitMs);
    say(`${tasks.length} incidents are cases`);
    const networks = pair.sides.map((side) => {
      const network = makeBadNetwork(random);
      side.proxy.rule = network.rule;
      return network;
    });

    // Whoever gets no answer tries again with other words: of the first ones nobody knows, the side's own journal says whether they stand.
    const told: Record<string, Set<string>> = { provider: new Set(), consumer: new Set() };
    let tried = 0;
    const change = async ({ name, table, field, of }: (typeof ways)[number], task: TiedTask): Promise<void> => {
      while (!isOver) {
        tried += 1;
        const text = `${name} ${tried}`;
        const said = await sideOf(name)
          .ask(`/api/now/table/${table}/${of(task)}`, {
            method: 'PATCH',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ [field]: text, comments: text }),
          })
          .catch(() => undefined);
        if (said?.status === 200) {
          told[name]?.add(text);
          return;
        }
        await wait(100);
      }
    };
    const answered = (): number => (told.provider?.size ?? 0) + (told.consumer?.size ?? 0);

    const perSlice = Math.ceil(story.changes / (story.kills + 1) / ways.length / hands);
    for (let slice = 0; slice <= story.kills; slice += 1) {
      const choices = ways.map(() => Array.from({ length: perSlice * hands }, () => Math.floor(random() * tasks.length)));
      // A hand keeps to its own records, so that of two changes of one record it is known which was first.
      const writing = ways.flatMap((way, at) =>
        Array.from({ length: hands }, async (_, hand) => {
          const own = (choices[at] ?? []).filter((choice) => choice % hands === hand);
          for (const choice of own) await change(way, tasks[choice] as TiedTask);
        }),
      );
      if (slice < story.kills) {
        const victim = pair.sides[slice % 2] as WholeSide;
        await wait(random() * 600);
        await victim.kill();
        kills[victim.name] += 1;
        await wait(random() * 100);
        await victim.start();
      }
      await Promise.all(writing);
      if (slice > 0 && slice % 10 === 0) say(`${answered()} changes, ${slice} kills`);
    }
    for (const side of pair.sides) side.proxy.rule = goodNetwork;
    say(`${answered()} changes, ${story.kills} kills; the network is good again`);

    const waiting = async (side: WholeSide) =>
      side.sql(
        `SELECT state, count(*) FROM sn_transport_queue WHERE direction = 'outbound' AND kind <> 'heartbeat' AND kind <> 'ack'
         AND state <> 'processed' GROUP BY state`,
      );
    const until = performance.now() + story.limitMs;
    for (const side of pair.sides) {
      for (let left = await waiting(side); left.length > 0; left = await waiting(side)) {
        const words = left.map(([state, count]) => `${count} ${state}`).join(', ');
        assert.ok(performance.now() < until, `${about}: left over at the ${side.name}: ${words}`);
        await wait(250);
      }
    }
    await checkAgreement(pair.sides, tasks, told, about);
    const counts = pair.sides.map(
      (side, at) => `${side.name} killed ${kills[side.name]} times, network ${JSON.stringify(networks[at]?.counts)}`,
    );
    for (const line of counts) say(line);
    say(
      `${answered()} changes, and ${tried - answered()} tries without an answer: all that was made is on both sides, once and in order`,
    );
  } finally {
    isOver = true;
    await pair.close();
  }
};

/** Comments by record, in the order in which they were written there, only those of this side's story. */
const journalsOf = async (at: WholeSide, writer: string): Promise<Map<string, string[]>> => {
  const rows = await at.sql(`SELECT element_id, value FROM sys_journal_field WHERE element = 'comments' ORDER BY sys_id`);
  const journals = new Map<string, string[]>();
  for (const [record, value] of rows) {
    const text = String(value).split('\n').at(-1) ?? '';
    if (text.startsWith(`${writer} `)) journals.set(String(record), [...(journals.get(String(record)) ?? []), text]);
  }
  return journals;
};

const checkAgreement = async (
  [provider, consumer]: readonly [WholeSide, WholeSide],
  tasks: readonly TiedTask[],
  told: Record<string, ReadonlySet<string>>,
  about: string,
): Promise<void> => {
  for (const { name } of ways) {
    const isProvider = name === 'provider';
    const [source, target] = isProvider ? [provider, consumer] : [consumer, provider];
    const [written, arrived] = [await journalsOf(source, name), await journalsOf(target, name)];
    const onRecord = new Set([...written.values()].flat());
    const lost = [...(told[name] ?? [])].filter((text) => !onRecord.has(text));
    assert.deepEqual(lost, [], `${about}: answered by the ${name} and not kept`);
    for (const { incident, caseId } of tasks) {
      const [from, to] = isProvider ? [caseId, incident] : [incident, caseId];
      assert.deepEqual(arrived.get(to) ?? [], written.get(from) ?? [], `${about}: comments of the ${name}, record ${from}`);
    }
  }
  const fields = 'sys_id, short_description, description';
  const of = async (side: WholeSide, table: string) => {
    const rows = await side.sql(`SELECT t.sys_id, t.short_description, t.description FROM task t WHERE t.sys_class_name = $1`, [
      table,
    ]);
    return new Map(rows.map(([id, ...values]) => [String(id), values.map((value) => value ?? '')]));
  };
  const [incidents, cases] = [await of(consumer, 'incident'), await of(provider, 'sn_customerservice_case')];
  for (const { incident, caseId } of tasks)
    assert.deepEqual(cases.get(caseId), incidents.get(incident), `${about}: ${fields} of ${incident} and ${caseId}`);
};
