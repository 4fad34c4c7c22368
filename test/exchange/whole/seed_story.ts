// The seed's story with two processes: an administrator binds the application user to the wrong record, both directions go Down while
// Remote Process Sync says Active, what changes meanwhile waits (or, the original's way, piles up in Error), doctor names the record and
// its side, the fix brings both back Up, and everything that waited arrives: once, and in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../parts/engines.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { openWholePair, type WholePair } from './pair.ts';
import { commentsOf, pickShared, shareIncidents, type TiedTask, tie } from './shared_tasks.ts';
import type { WholeSide, Words } from './side.ts';

export const tellSeedStory = (engine: Engine): void => {
  let pair: WholePair;
  let provider: WholeSide;
  let consumer: WholeSide;
  let tasks: TiedTask[];
  let user = '';

  const clientRecord = () => `name=Service Bridge Client ${pair.number}`;
  const providerRecord = () => `name=Service Bridge Provider ${pair.number}`;
  const outbound = (state: string) =>
    consumer.rows('sn_transport_queue', `state=${state}^direction=outbound^kind!=heartbeat^ORDERBYsys_id`);

  /** Tokens that were issued go on working until they end: an administrator of the provider ends them now. */
  const endTokens = async (): Promise<void> => {
    for (const { sys_id: token } of await provider.rows('oauth_credential', `peer.${clientRecord()}^state=live`, 'sys_id'))
      await provider.ask(`/api/now/table/oauth_credential/${token}`, { method: 'DELETE' });
  };

  /** Each incident gets texts and a comment, `rounds` times. */
  const change = async (word: string, rounds: number): Promise<void> => {
    for (let round = 1; round <= rounds; round += 1)
      for (const { incident } of tasks) {
        const values = { short_description: `${word} ${round}`, description: '', comments: `${word} ${round}` };
        if (round % 2 === 1) values.description = `${word} is odd`;
        assert.equal(await consumer.patch('incident', `sys_id=${incident}`, values), 200);
      }
  };

  /** Both sides agree field by field, and every comment came once, in order. */
  const arrived = async (word: string, rounds: number): Promise<void> => {
    const wanted = Array.from({ length: rounds }, (_, at) => `${word} ${at + 1}`);
    for (const { incident, caseId } of tasks) {
      const of = async () => (await commentsOf(provider, caseId)).filter((text) => text.startsWith(word));
      await untilTrue(async () => (await of()).length >= rounds);
      assert.deepEqual(await of(), wanted);
      const [[here], [there]] = await Promise.all([
        consumer.rows('incident', `sys_id=${incident}`),
        provider.rows('sn_customerservice_case', `sys_id=${caseId}`),
      ]);
      assert.deepEqual(pickShared(there), pickShared(here));
      assert.equal(there?.short_description, wanted.at(-1));
    }
  };

  const findings = async (): Promise<{ code: string; side: string; fix: string; evidence: Words[] }[]> => {
    const said = await pair.doctor(consumer, '--json');
    assert.equal(said.code, 3, said.stdout + said.stderr);
    return JSON.parse(said.stdout).findings;
  };
  const expectSeedNamed = async (): Promise<void> => {
    const found = await findings();
    const of = (code: string) =>
      found.filter((finding) => finding.code === code).map(({ side, evidence: [one] }) => [side, one?.record, one?.field]);
    assert.deepEqual(of('AUTH-01'), [['peer', `Service Bridge Client ${pair.number}`, 'user']]);
    assert.deepEqual(of('AUTH-02'), [['peer', `Service Bridge Provider ${pair.number}`, 'user']]);
    assert.equal(of('AUTH-08')[0]?.[0], 'here');
    assert.ok(of('LINK-01').length >= 2);
    for (const { fix } of found.filter(({ code }) => code === 'AUTH-01' || code === 'AUTH-02'))
      assert.match(fix, /OAuth Application User/);
  };

  const expectDown = async (): Promise<void> => {
    await untilTrue(() => pair.both('Down'));
    const [there, here] = await Promise.all(pair.sides.map(pair.report));
    assert.match(there?.inbound.text ?? '', /^Down \(auth: user_not_bound, since \d\d:\d\d/);
    assert.match(here?.outbound.text ?? '', /^Down \(auth: user_not_bound, since \d\d:\d\d/);
    for (const report of [there, here])
      assert.deepEqual([report?.outbound.rps_state, report?.inbound.rps_state], ['active', 'active']);
    // The credential itself says so, in the original's words, and so does the log.
    assert.equal(here?.outbound.auth_state, 'refused');
    const [row] = await consumer.rows('sn_sb_connection', `connection_id=${pair.number}`);
    assert.match(row?.outbound_auth_detail ?? '', /User not Authenticated/i);
  };

  /** What the scheduled checks of the provider have raised of the seed. */
  const issues = async (): Promise<string[]> => {
    const of = 'known_error.codeINAUTH-01,AUTH-02';
    return (await provider.rows('sn_sb_error', of, 'state')).map(({ state = '' }) => state);
  };

  const fix = async (): Promise<void> => {
    const shown = await pair.doctor(provider, '--fix', 'AUTH-01,AUTH-02');
    assert.match(shown.stdout, /would change oauth_entity/);
    assert.equal(await pair.both('Down'), true);
    const made = await pair.doctor(provider, '--fix', 'AUTH-01,AUTH-02', '--yes');
    assert.equal(made.code, 0, made.stdout + made.stderr);
    await pair.allUp();
  };

  const expectHealthy = async (): Promise<void> => {
    const healthy = await pair.doctor(consumer);
    assert.match(healthy.stdout, /Nothing is wrong/, healthy.stderr);
    assert.equal(healthy.code, 0);
  };

  before(async () => {
    pair = await openWholePair(engine);
    ({ provider, consumer } = pair);
  });
  after(() => pair?.close());

  test('one invites, the other accepts, and both are Up in both directions', async () => {
    await pair.register();
    await pair.allUp();
    await expectHealthy();
  });

  test('each side has both registry records, and the user stands on the one that peers call', async () => {
    for (const side of pair.sides) {
      const rows = await side.rows('oauth_entity', `nameLIKE${pair.number}^ORDERBYname`, 'name,type,user');
      assert.deepEqual(
        rows.map(({ name, type, user: bound }) => [name, type, bound !== '']),
        [
          [`Service Bridge Client ${pair.number}`, 'client', true],
          [`Service Bridge Provider ${pair.number}`, 'oauth_provider', false],
        ],
      );
    }
  });

  test('incidents here are cases there, and comments travel both ways', async () => {
    const definition = await shareIncidents(pair);
    tasks = await tie(pair, definition, ['Printer on fire', 'No network', 'Lost badge']);
    await change('first', 2);
    await arrived('first', 2);
    const [{ incident, caseId } = { incident: '', caseId: '' }] = tasks;
    assert.equal(await provider.patch('sn_customerservice_case', `sys_id=${caseId}`, { comments: 'we look at it' }), 200);
    await untilTrue(async () => (await commentsOf(consumer, incident)).includes('we look at it'));
  });

  test('the mistake is refused with the right record named, unless it is rehearsed', async () => {
    user = (await provider.rows('sys_user', `user_name=sb_user.${pair.number}`, 'sys_id'))[0]?.sys_id ?? '';
    const [record] = await provider.rows('oauth_entity', providerRecord(), 'sys_id');
    const [right] = await provider.rows('oauth_entity', clientRecord(), 'sys_id');
    const refused = await provider.ask(`/api/now/table/oauth_entity/${record?.sys_id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    assert.equal(refused.status, 400);
    assert.ok(refused.text.includes(right?.sys_id ?? '?'), refused.text);
    await provider.set('causeway.rehearsal.allow_misbinding', 'true');
    assert.equal(await provider.patch('oauth_entity', providerRecord(), { user }), 200);
    assert.equal(await provider.patch('oauth_entity', clientRecord(), { user: '' }), 200);
    await endTokens();
  });

  test('both directions go Down on both sides while Remote Process Sync stays Active, and each says why', expectDown);

  test('what changes meanwhile waits as Ready, and no attempt is burned', async () => {
    await change('waiting', 3);
    await untilTrue(async () => (await pair.report(consumer)).waiting > 0);
    const [ready, error] = await Promise.all([outbound('ready'), outbound('error')]);
    assert.equal(ready.length, 18);
    assert.equal(error.length, 0);
    await untilTrue(async () => /18 rows waiting/.test((await pair.report(consumer)).outbound.text));
  });

  test('doctor on the consumer, asked about both ends, names the records, the field, the side and the fix', expectSeedNamed);

  test('the fix is shown, then made; both are Up again, and what waited arrives by itself, once and in order', async () => {
    await fix();
    await arrived('waiting', 3);
    await expectHealthy();
  });

  test('the same mistake made in the database, behind the instance: the same symptoms, and the same names', async () => {
    await consumer.set('sn_transport.compat_auth_errors', 'true');
    await provider.sql(`UPDATE oauth_entity SET "user" = $1 WHERE name = $2`, [user, `Service Bridge Provider ${pair.number}`]);
    await provider.sql(`UPDATE oauth_entity SET "user" = NULL WHERE name = $1`, [`Service Bridge Client ${pair.number}`]);
    await endTokens();
    await expectDown();
    await expectSeedNamed();
  });

  test('the scheduled checks raise both as issues', async () => {
    await provider.set('sn_sb.doctor_seconds', '1');
    await untilTrue(async () => (await issues()).filter((state) => state === 'open').length === 2);
  });

  test('the original’s way, what changes piles up in Error, and nothing of it arrives', async () => {
    await change('piled', 3);
    await untilTrue(async () => (await outbound('error')).length === 18);
    for (const row of await outbound('error')) assert.equal(row.error_class, 'auth');
    await untilTrue(async () => /18 rows waiting/.test((await pair.report(consumer)).outbound.text));
    assert.ok((await findings()).some(({ code, side }) => code === 'QUEUE-02' && side === 'here'));
    for (const { caseId } of tasks)
      assert.deepEqual(
        (await commentsOf(provider, caseId)).filter((text) => /piled/.test(text)),
        [],
      );
  });

  test('rows that come out of a dump in Error are as good as those that went into it', async () => {
    const dumped = await consumer.sql(
      `SELECT sys_id, message_id, connection, direction, lane, seq, kind, operation, correlation_id, schema_version, payload, payload_hash,
         source_table, source, sys_created_on FROM sn_transport_queue WHERE state = 'error' ORDER BY sys_id DESC`,
    );
    assert.equal(dumped.length, 18);
    await consumer.sql(`DELETE FROM sn_transport_queue WHERE state = 'error'`);
    assert.equal((await outbound('error')).length, 0);
    // As another program writes them: a state and a sentence, no class of ours; and lanes that know nothing of it.
    for (const row of dumped)
      await consumer.sql(
        `INSERT INTO sn_transport_queue (sys_id, message_id, connection, direction, lane, seq, kind, operation, correlation_id, schema_version, payload,
           payload_hash, source_table, source, sys_created_on, state, error_detail, attempts)
         VALUES (${row.map((_, at) => `$${at + 1}`).join(', ')}, 'error', 'User not Authenticated', 4)`,
        row,
      );
    await consumer.kill();
    await consumer.sql(`UPDATE sn_transport_lane SET error_seq = 0, state = 'idle' WHERE state = 'held'`);
    await consumer.start();
    assert.equal((await outbound('error')).length, 18);
    await untilTrue(async () => (await outbound('error')).every((row) => row.error_class === 'auth'));
    assert.ok((await findings()).some(({ code, side }) => code === 'QUEUE-02' && side === 'here'));
  });

  test('the fix closes the issues, and alone does not send what is in Error', async () => {
    await fix();
    await untilTrue(async () => (await issues()).every((state) => state === 'closed'));
    assert.equal((await outbound('error')).length, 18);
    for (const { caseId } of tasks)
      assert.deepEqual(
        (await commentsOf(provider, caseId)).filter((text) => /piled/.test(text)),
        [],
      );
  });

  test('reprocess: a dry run changes nothing, a real one delivers all of it once and in order, another one is harmless', async () => {
    const reprocess = async (...more: string[]) => {
      const said = await consumer.command('queue', 'reprocess', '--connection', pair.number, '--json', ...more);
      assert.equal(said.code, 0, said.stderr);
      return JSON.parse(said.stdout);
    };
    assert.equal((await reprocess('--dry-run')).total, 18);
    assert.equal((await outbound('error')).length, 18);
    assert.deepEqual(
      { ...(await reprocess()), newFailures: 0 },
      { requeued: 18, remaining: 0, newFailures: 0, mayContinue: false },
    );
    await arrived('piled', 3);
    assert.equal((await reprocess()).requeued, 0);
    await arrived('piled', 3);
    const twice = await provider.sql(
      `SELECT message_id FROM sn_transport_queue WHERE direction = 'inbound' GROUP BY message_id HAVING count(*) > 1`,
    );
    assert.deepEqual(twice, []);
    const [audit] = await consumer.rows('sn_transport_audit', 'action=reprocess', 'row_count,sys_created_by');
    assert.deepEqual(audit, { row_count: '18', sys_created_by: 'admin' });
    await expectHealthy();
  });
};
