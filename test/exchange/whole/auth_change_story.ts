// The story of the permanent fix: a link of the older kind carries changes both ways, its credentials are changed again and again, and one
// side or the other is killed at a named step of it. Each time both sides end with the same credentials, the old or the new, and no
// change is missing or doubled.
import assert from 'node:assert/strict';
import type { Engine } from '../../parts/engines.ts';
import { goodNetwork } from '../../parts/staged_proxy.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { openWholePair, type WholePair } from './pair.ts';
import { commentsOf, shareIncidents, type TiedTask, tie } from './shared_tasks.ts';
import type { WholeSide } from './side.ts';

export interface Blow {
  readonly step: 'mint' | 'probe' | 'echo' | 'flip' | 'settle';
  /** Before the step reaches the other side, or when it was done there and the answer is on its way. */
  readonly when: 'before' | 'after';
  readonly victim: 'leader' | 'follower';
}

export const allBlows: readonly Blow[] = (['mint', 'probe', 'echo', 'flip', 'settle'] as const).flatMap((step) =>
  (['before', 'after'] as const).flatMap((when) => (['leader', 'follower'] as const).map((victim) => ({ step, when, victim }))),
);

const limitMs = 60_000;
const json = { 'content-type': 'application/json' };

const registerLegacy = async (pair: WholePair): Promise<void> => {
  const { provider, consumer } = pair;
  const invited = await provider.command(
    ...['exchange', 'invite', '--company', 'Acme', '--peer', consumer.proxy.url, '--auth', 'legacy', '--json'],
  );
  assert.equal(invited.code, 0, invited.stderr);
  const { code, connectionId } = JSON.parse(invited.stdout);
  pair.number = connectionId;
  const accepted = await consumer.command('exchange', 'accept', code);
  assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
  for (const side of pair.sides) {
    await side.set('glide.oauth.inbound.client.credential.grant_type.enabled', 'true');
    await side.set('sn_sb.auth_grace_seconds', '0');
  }
};

/** Comments on both ends of one record, one after the other, until it is told to stop. Of those that were answered it knows. */
const startWriting = (pair: WholePair, { incident, caseId }: TiedTask) => {
  let isRunning = true;
  const told = { provider: [] as string[], consumer: [] as string[] };
  const write = async (side: WholeSide, path: string): Promise<void> => {
    for (let n = 1; isRunning; n += 1) {
      const comments = `${side.name} ${n}`;
      const said = await side
        .ask(path, { method: 'PATCH', headers: json, body: JSON.stringify({ comments }) })
        .catch(() => undefined);
      if (said?.status === 200) told[side.name].push(comments);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const writing = Promise.all([
    write(pair.provider, `/api/now/table/sn_customerservice_case/${caseId}`),
    write(pair.consumer, `/api/now/table/incident/${incident}`),
  ]);
  return {
    async stop() {
      isRunning = false;
      await writing;
      return told;
    },
  };
};

/** Once, in order, and whatever was answered is there, on both sides. */
const checkComments = async (
  pair: WholePair,
  { incident, caseId }: TiedTask,
  told: Readonly<Record<'provider' | 'consumer', readonly string[]>>,
): Promise<void> => {
  const read = async (writer: string): Promise<[string[], string[]]> => {
    const [atProvider, atConsumer] = [await commentsOf(pair.provider, caseId), await commentsOf(pair.consumer, incident)];
    const own = (comments: readonly string[]) => comments.filter((text) => text.startsWith(`${writer} `));
    return [own(atProvider), own(atConsumer)];
  };
  for (const writer of ['provider', 'consumer'] as const) {
    await untilTrue(async () => {
      const [one, other] = await read(writer);
      return one.length === other.length;
    }, limitMs);
    const [one, other] = await read(writer);
    assert.deepEqual(one, other, `comments of the ${writer}`);
    assert.equal(new Set(one).size, one.length, 'something came twice');
    assert.deepEqual(
      told[writer].filter((text) => !one.includes(text)),
      [],
      'something was lost',
    );
  }
};

const openChanges = (side: WholeSide) =>
  side.rows('causeway_auth_change', 'open_forISNOTEMPTY', 'step,side,kind,step_error').catch(() => [{ step: 'asleep' }]);

/** Nothing is under way, both sides use one another's pair, and say the same of it. Answers what they say. */
const converge = async (pair: WholePair): Promise<string> => {
  await untilTrue(async () => (await Promise.all(pair.sides.map(openChanges))).flat().length === 0, limitMs);
  // What a side says of the link it learns by a handshake, which may have been under way meanwhile.
  const methods = async () => [...new Set((await Promise.all(pair.sides.map(pair.report))).map((report) => report.auth_method))];
  await untilTrue(async () => (await methods()).length === 1, limitMs);
  for (const side of pair.sides) {
    const rows = await side.rows('oauth_entity', 'nameLIKEService Bridge^ORDERBYname', 'name');
    const names = rows.map(({ name }) => name);
    assert.deepEqual(names, [`Service Bridge Client ${pair.number}`, `Service Bridge Provider ${pair.number}`], side.name);
  }
  await pair.allUp();
  return (await methods())[0] ?? '';
};

const strike = async (pair: WholePair, blow: Blow, kind: 'upgrade' | 'rotate'): Promise<string> => {
  const [leader, follower] = [pair.consumer, pair.provider];
  const victim = blow.victim === 'leader' ? leader : follower;
  const watched = blow.step === 'echo' ? leader : follower;
  const struck = Promise.withResolvers<void>();
  let isStruck = false;
  watched.proxy.rule = async (passing, forward) => {
    const isIt = !isStruck && passing.path.endsWith('/auth_change') && passing.body.includes(`"step":"${blow.step}"`);
    if (!isIt) return forward();
    isStruck = true;
    const answer = blow.when === 'after' ? await forward() : undefined;
    await victim.kill();
    struck.resolve();
    return blow.victim === 'leader' ? undefined : answer;
  };
  const asked = leader.command('exchange', 'auth', kind, pair.number, '--json');
  await struck.promise;
  watched.proxy.rule = goodNetwork;
  const whileDown = blow.victim === 'follower' ? await asked : undefined;
  await victim.start();
  const said = whileDown ?? (await asked);
  // What a person would do; it goes on by itself as well.
  await leader.command('exchange', 'retry', pair.number);
  const method = await converge(pair);
  return `${said.code === 0 ? 'applied' : 'not applied at once'}, then ${method}`;
};

export const tellAuthChangeStory = async (engine: Engine, blows: readonly Blow[], say: (line: string) => void): Promise<void> => {
  const pair = await openWholePair(engine);
  let writing: ReturnType<typeof startWriting> | undefined;
  try {
    await registerLegacy(pair);
    await pair.allUp();
    const [task] = await tie(pair, await shareIncidents(pair), ['carried through it all']);
    assert.ok(task);
    writing = startWriting(pair, task);
    for (const blow of blows) {
      const kind = (await pair.report(pair.consumer)).auth_method === 'password' ? 'upgrade' : 'rotate';
      say(`${blow.victim} killed ${blow.when} ${blow.step} of the ${kind}: ${await strike(pair, blow, kind)}`);
    }
    if ((await pair.report(pair.consumer)).auth_method === 'password') {
      const planned = await pair.provider.command('exchange', 'auth', 'upgrade', pair.number, '--dry-run');
      assert.equal(planned.code, 0, planned.stdout + planned.stderr);
      assert.match(planned.stdout, /Nothing was changed\. Both sides are ready\./);
      const upgraded = await pair.provider.command('exchange', 'auth', 'upgrade', pair.number);
      assert.equal(upgraded.code, 0, upgraded.stdout + upgraded.stderr);
      assert.match(upgraded.stdout, /Authorization successfully upgraded to Client Credentials\./);
    }
    assert.equal(await converge(pair), 'client_credentials');
    const again = await pair.consumer.command('exchange', 'auth', 'upgrade', pair.number);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /uses Client Credentials already/);
    const told = await writing.stop();
    say(`${told.provider.length} and ${told.consumer.length} comments were written meanwhile`);
    assert.ok(told.provider.length > 5 && told.consumer.length > 5);
    await checkComments(pair, task, told);
    for (const side of pair.sides)
      assert.equal(await side.count('sn_transport_queue', 'state=error'), 0, `rows in Error at the ${side.name}`);
  } finally {
    await writing?.stop();
    await pair.close();
  }
};
