// Doctor at two real instances: faults made by an administrator or in the database, named, mended by --fix and gone; and no word about a pair
// that is busy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Examination, examine } from '../../../src/doctor/examine.ts';
import { makeRecordsReader } from '../../../src/doctor/records_reader.ts';
import { makeScheduledDoctor } from '../../../src/doctor/schedule.ts';
import { type ManualClock, makeManualClock } from '../../../src/kit/clock.ts';
import { sha256Hex } from '../../../src/kit/fingerprint.ts';
import type { Engine } from '../../parts/engines.ts';
import { basic } from '../../parts/running_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { openRunningPair, type RunningPair, shareIncidents } from './running_pair.ts';

const codes = ({ findings }: Examination): string[] => findings.map(({ code, side }) => `${code} ${side}`);
const overlap = 'name=causeway.oauth.secret_overlap_seconds';
const grant = 'glide.oauth.inbound.client.credential.grant_type.enabled';

export const testDoctorAtAPair = (engine: Engine): void => {
  let pair: RunningPair;
  const client = () => `name=Service Bridge Client ${pair.number}`;
  const credential = () => `name=Service Bridge Provider ${pair.number}`;
  const user = () => `user_name=sb_user.${pair.number}`;
  const system = () => `name=Service Exchange ${pair.number}`;
  const connection = () => `connection_id=${pair.number}`;

  before(async () => {
    pair = await openRunningPair(engine);
  });
  after(() => pair.close());

  /** LINK-06 tells of a slow road, and on a machine that runs much else the road is slow: its fixtures turn a clock. */
  const look = async (): Promise<Examination> => {
    const seen = await pair.look();
    return { ...seen, findings: seen.findings.filter(({ code }) => code !== 'LINK-06') };
  };
  const isQuiet = async (): Promise<void> => {
    const { findings, unseen } = await look();
    assert.deepEqual([findings, unseen], [[], []]);
  };

  test('a healthy pair: nothing wrong, everything seen, on both ends', isQuiet);

  const mended: [what: string, code: string, expected: string[], make: () => Promise<unknown>][] = [
    [
      'the mistake of the seed, made in the database',
      'AUTH-01,AUTH-02',
      ['AUTH-01 here', 'AUTH-02 here', 'AUTH-08 peer', 'LINK-01 here', 'LINK-02 here', 'LINK-01 peer', 'LINK-02 peer'],
      async () => {
        const { sys_id: id = '' } = await pair.provider.row('sys_user', user());
        // By the door, so that its caches hear of it; the misplaced one, which the door refuses, behind its back.
        await pair.provider.patch('oauth_entity', client(), { user: '' });
        await pair.provider.sql(`UPDATE oauth_entity SET "user" = $1 WHERE name = $2`, [id, credential().slice(5)]);
      },
    ],
    [
      'the grant turned off',
      'AUTH-03',
      ['AUTH-03 here', 'AUTH-08 peer', 'LINK-01 here', 'LINK-02 here', 'LINK-01 peer', 'LINK-02 peer'],
      () => pair.provider.patch('sys_properties', `name=${grant}`, { value: 'false' }),
    ],
    [
      'the integration user locked out at the peer',
      'AUTH-04',
      ['AUTH-04 peer', 'AUTH-08 here', 'LINK-01 here', 'LINK-02 here', 'LINK-01 peer', 'LINK-02 peer'],
      () => pair.consumer.patch('sys_user', user(), { locked_out: 'true' }),
    ],
    [
      'the secret changed by hand at this end, without an overlap',
      'AUTH-12',
      ['AUTH-12 here', 'AUTH-08 peer', 'LINK-01 here', 'LINK-02 here', 'LINK-01 peer', 'LINK-02 peer'],
      async () => {
        await pair.provider.patch('sys_properties', overlap, { value: '0' });
        await pair.provider.patch('oauth_entity', client(), { client_secret: 'made up by an administrator' });
        await pair.provider.patch('sys_properties', overlap, { value: '86400' });
      },
    ],
    [
      'the remote system disabled',
      'LINK-07',
      [],
      () => pair.provider.patch('ih_sync_remote_system', system(), { outbound_state: 'disabled', inbound_state: 'disabled' }),
    ],
    [
      'the external id of another row',
      'LINK-04',
      ['LINK-04 here'],
      () => pair.provider.patch('ih_sync_remote_system', system(), { external_id: 'f'.repeat(32) }),
    ],
    [
      'the connection switched off',
      'LINK-08',
      [],
      () => pair.provider.patch('sn_sb_connection', connection(), { active: 'false' }),
    ],
  ];
  for (const [what, fixes, expected, make] of mended) {
    test(`${what}: named on its side, mended by --fix ${fixes}, and gone`, async () => {
      await make();
      await pair.probe();
      const found = await look();
      const wanted = fixes.split(',');
      for (const code of wanted)
        assert.ok(
          found.findings.some((finding) => finding.code === code),
          `${code} in ${codes(found)}`,
        );
      if (expected.length > 0) assert.deepEqual(codes(found).toSorted(), expected.toSorted());
      const reports = await pair.fix(...wanted);
      assert.ok(reports.length > 0);
      assert.deepEqual(
        reports.filter(({ outcome }) => outcome !== 'gone'),
        [],
      );
      await untilTrue(async () => (await pair.statuses()).every((status) => status === 'up'));
      await isQuiet();
    });
  }

  const named: [what: string, expected: string, make: () => Promise<unknown>, restore: () => Promise<unknown>][] = [
    [
      'the integration user without its role',
      'AUTH-04 here',
      () => pair.provider.remove('sys_user_has_role', `user.${user()}`),
      () => pair.fix('AUTH-04'),
    ],
    [
      'the secret changed by hand at the peer, while the one before is still taken',
      'AUTH-12 peer',
      async () => {
        await pair.consumer.patch('oauth_entity', client(), { client_secret: 'made up by an administrator' });
        await pair.probe();
      },
      async () => {
        await pair.provider.patch('oauth_entity', credential(), { client_secret: 'made up by an administrator' });
        await pair.probe();
      },
    ],
    [
      'a token URL of another host',
      'AUTH-07 here',
      () => pair.provider.patch('oauth_entity', credential(), { token_url: 'http://127.0.0.1:9/oauth_token.do' }),
      () => pair.fix('AUTH-07'),
    ],
    [
      'a record that another attempt left behind',
      'AUTH-10 here',
      () =>
        pair.provider.insert('oauth_entity', {
          name: `Service Bridge Client ${pair.number} (old)`,
          type: 'client',
          client_id: 'old',
        }),
      () => pair.provider.remove('oauth_entity', `name=Service Bridge Client ${pair.number} (old)`),
    ],
    [
      'a clock that differs',
      'AUTH-09 here',
      () => pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = 600000'),
      () => pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = 0'),
    ],
    [
      'a heartbeat of ten minutes',
      'LINK-06 here',
      () => pair.provider.sql('UPDATE sn_sb_connection SET hb_rtt_ms = 600000'),
      () => pair.provider.sql('UPDATE sn_sb_connection SET hb_rtt_ms = 4'),
    ],
    [
      'an old consumer',
      'LINK-05 here',
      () => pair.provider.sql(`UPDATE sn_sb_service_bridge_settings SET consumer_version = '2.3.4'`),
      () => pair.provider.sql(`UPDATE sn_sb_service_bridge_settings SET consumer_version = '2.4.17'`),
    ],
    [
      'a company that is gone',
      'LINK-08 here',
      () => pair.provider.sql('UPDATE sn_sb_connection SET company = $1', ['e'.repeat(32)]),
      () => pair.provider.sql('UPDATE sn_sb_connection SET company = NULL'),
    ],
    [
      'a peer set back to an older database',
      'QUEUE-06 peer',
      () => pair.provider.sql(`UPDATE sn_transport_lane SET last_seq = 0 WHERE direction = 'inbound'`),
      () => pair.provider.sql(`UPDATE sn_transport_lane SET last_seq = done_seq WHERE direction = 'inbound'`),
    ],
  ];
  for (const [what, expected, make, restore] of named) {
    test(`${what}: ${expected}, and quiet when it is put right`, async () => {
      await make();
      const found = await pair.look();
      await restore();
      assert.ok(codes(found).includes(expected), codes(found).join());
      await isQuiet();
    });
  }

  test('a message in Error that blocks its lane is named, and goes when it is reprocessed', async () => {
    const { sys_id: id = '' } = await pair.provider.row('sn_sb_connection', connection());
    const lane = 'ab'.repeat(16);
    const payload = JSON.stringify({ sentAt: Date.now() });
    await pair.provider.sql(
      `INSERT INTO sn_transport_lane (sys_id, connection, direction, name, lane_rank, state, due_at, last_seq, done_seq, peer_seq, error_seq,
         gap_count, failures, goes_alone, waiting_since) VALUES ($1, $2, 'outbound', 'test/1', 2, 'held', 0, 1, 0, 0, 1, 0, 0, 0, 1)`,
      [lane, id],
    );
    await pair.provider.sql(
      `INSERT INTO sn_transport_queue (sys_id, connection, direction, state, lane, seq, message_id, kind, operation, correlation_id, payload,
         payload_hash, attempts, error_class, error_code, sys_created_on)
       VALUES ($1, $2, 'outbound', 'error', $3, 1, 'poison', 'heartbeat', 'pong', '', $4, $5, 1, 'permanent', 'exchange.bad_payload', $6)`,
      ['cd'.repeat(16), id, lane, payload, sha256Hex(payload), '2026-01-01 00:00:00'],
    );
    const found = await look();
    assert.deepEqual(codes(found), ['QUEUE-02 here', 'QUEUE-03 here', 'QUEUE-04 here', 'QUEUE-01 here']);
    assert.equal(found.findings.find(({ code }) => code === 'QUEUE-04')?.evidence[0]?.record, 'poison');
    const reports = await pair.fix('QUEUE-04');
    assert.deepEqual(
      reports.map(({ outcome, detail }) => [outcome, detail]),
      [['gone', '']],
    );
    await untilTrue(async () => (await look()).findings.length === 0);
  });

  test('a pair that works hard hears nothing, whenever it is asked', async () => {
    const share = await shareIncidents(pair);
    let isDone = false;
    const work = (async () => {
      for (let at = 0; at < 12; at += 1) await Promise.all([1, 2, 3].map((n) => share(`incident ${at}.${n}`)));
      isDone = true;
    })();
    let rounds = 0;
    while (!isDone || rounds < 3) {
      const { findings } = await look();
      assert.deepEqual(
        findings.filter(({ severity }) => severity !== 'info'),
        [],
      );
      rounds += 1;
    }
    await work;
    await isQuiet();
    for (const { instance } of [pair.provider, pair.consumer])
      await untilTrue(async () => (await instance.records.find('sn_transport_lane', 'state!=idle')).length === 0);
  });

  test('an account with sn_sb.read alone sees the connection, and is told what it did not see', async () => {
    const reader = await pair.provider.insert('sys_user', { user_name: 'looker', user_password: 'just looking around' });
    const { sys_id: role = '' } = await pair.provider.row('sys_user_role', 'name=sn_sb.read');
    await pair.provider.insert('sys_user_has_role', { user: reader, role });
    const { findings, unseen, instances } = await examine({ here: pair.provider.open('looker', 'just looking around') });
    assert.deepEqual(findings, []);
    assert.deepEqual(instances[0]?.connections, [pair.number]);
    assert.deepEqual(unseen.map(({ what }) => what).toSorted(), ['oauth_entity']);
    const refused = await pair.provider.ask('/api/now/table/oauth_entity', {
      authorization: basic('looker', 'just looking around'),
    });
    assert.equal(refused.status, 403);
  });

  test('the scheduled checks raise one issue for one trouble, count it, close it, and open it again', async () => {
    const { records } = pair.provider.instance;
    const clock: ManualClock = makeManualClock(Date.now());
    const reader = makeRecordsReader({ records, now: clock.now, name: () => pair.provider.instance.baseUrl });
    const doctor = makeScheduledDoctor({ records, clock, reader });
    const issues = async () =>
      (await records.find('sn_sb_error', 'ORDERBYnumber')).map(({ state, count, severity, error }) => ({
        state,
        count,
        severity,
        error,
      }));
    const round = async (): Promise<void> => {
      clock.advance(60_000);
      await doctor.run();
    };
    await round();
    assert.deepEqual(await issues(), []);

    // What is not critical is raised when it is still there a round later.
    await pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = 600000');
    await round();
    assert.deepEqual(await issues(), []);
    await round();
    const skew = { state: 'open', severity: 'warning', error: 'The clock of the peer is 10 min ahead' };
    assert.deepEqual(await issues(), [{ ...skew, count: '1' }]);
    await round();
    assert.deepEqual(await issues(), [{ ...skew, count: '1' }]);
    clock.advance(600_000);
    await round();
    assert.deepEqual(await issues(), [{ ...skew, count: '2' }]);
    await pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = 0');
    await round();
    assert.deepEqual(await issues(), [{ ...skew, count: '2', state: 'closed' }]);

    // What is critical at once; the row that is at fault stands in it.
    await pair.provider.patch('oauth_entity', client(), { user: '' });
    await Promise.all([doctor.run(), makeScheduledDoctor({ records, clock, reader }).run()]);
    const [raised, ...twins] = await records.find('sn_sb_error', 'state=open');
    assert.deepEqual(twins, []);
    assert.match(
      raised?.cause ?? '',
      new RegExp(`oauth_entity "Service Bridge Client ${pair.number}": user is \\(empty\\), expected sb_user`),
    );
    assert.match(raised?.solution ?? '', /causeway doctor --fix AUTH-01 --connection SBC\d+ --yes/);
    const [known] = await records.findBy('sn_sb_known_error_code', { sys_id: raised?.known_error ?? '' });
    assert.equal(known?.code, 'AUTH-01');
    await pair.fix('AUTH-01');
    await round();
    assert.deepEqual(await records.find('sn_sb_error', 'state=open'), []);

    await pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = -600000');
    await round();
    await round();
    const again = (await issues())[0];
    assert.deepEqual([again?.state, again?.count, again?.error], ['open', '3', 'The clock of the peer is 10 min behind']);
    await pair.provider.sql('UPDATE sn_sb_connection SET clock_skew_ms = 0');
    await round();
  });
};
