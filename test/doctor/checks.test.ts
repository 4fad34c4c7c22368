// Every check, with a fault that it names rightly and a healthy pair on which it is quiet.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/doctor/check.ts';
import { checks } from '../../src/doctor/checks/index.ts';
import { faults } from './faults.ts';
import { ago, examinePair, first, healthyPair, lane, message, now, number } from './parts/recorded_pair.ts';

const codesOf = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

test('a healthy pair has nothing wrong, and everything of it is seen', async () => {
  for (const isAlone of [true, false]) {
    const { findings, unseen, instances } = await examinePair(healthyPair(), isAlone);
    assert.deepEqual(findings, []);
    assert.deepEqual(unseen, []);
    assert.equal(instances.length, isAlone ? 1 : 2);
    assert.ok(instances.every(({ connections }) => connections?.join() === number));
  }
});

describe('a fault is named with its record, its field and its side', () => {
  for (const fault of faults) {
    test(`${fault.code}: ${fault.what}`, async () => {
      const sides = healthyPair();
      fault.make(sides);
      const { findings } = await examinePair(sides);
      const found = findings.filter(({ code, side }) => code === fault.code && side === fault.side);
      assert.ok(found.length > 0, `found only ${JSON.stringify(codesOf(findings))}`);
      const [table, field] = fault.evidence;
      const named = found.find(({ evidence: [each] }) => each?.table === table && each.field === field);
      assert.ok(named, JSON.stringify(found.map(({ evidence }) => evidence)));
      assert.equal(named.severity, fault.severity);
      assert.notEqual(named.fix, '');
      assert.notEqual(named.about, '');
      assert.notEqual(named.evidence[0]?.record, '');
      assert.equal(named.changes.length > 0, fault.isFixable === true);
    });
  }
});

test('every check has a fault that it finds', () => {
  const found = new Set(faults.map(({ code }) => code));
  assert.deepEqual(
    checks.map(({ code }) => code).filter((code) => !found.has(code)),
    [],
  );
  assert.equal(new Set(checks.map(({ code }) => code)).size, checks.length);
});

// Rows of section 12 that are not here are told in docs/doctor.md: designed out, or told elsewhere than by doctor.
test('every failure of the table of known ones that doctor can see has a fault here', () => {
  const rows = new Set(faults.map(({ row }) => row));
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 14, 17, 18, 19, 20, 26, 31, 32].filter((row) => !rows.has(row)),
    [],
  );
});

describe('what is no fault raises no alarm', () => {
  const quiet: [what: string, make: (sides: ReturnType<typeof healthyPair>) => void][] = [
    [
      'a peer that is restarted: away for twenty seconds',
      ({ provider }) => {
        Object.assign(first(provider, 'sn_transport_profile'), {
          ...{ pause: 'breaker', pause_code: 'kit.outbound_unreachable', pause_detail: '(ECONNREFUSED)', paused_at: ago(20) },
        });
        Object.assign(first(provider, 'sn_sb_connection'), {
          ...{ outbound_status: 'down', outbound_reason: 'paused: breaker', outbound_since: ago(20) },
          ...{ inbound_status: 'down', inbound_reason: 'return_leg', inbound_since: ago(20) },
        });
      },
    ],
    [
      'a gap in the heartbeats just after a start',
      ({ provider }) =>
        Object.assign(first(provider, 'sn_sb_connection'), {
          ...{ outbound_status: 'down', outbound_reason: 'silent: no_answer', outbound_since: ago(5) },
          ...{ inbound_status: 'down', inbound_reason: 'silent: no_heartbeat', inbound_since: ago(5) },
        }),
    ],
    [
      'a busy pair: lanes waiting and leased, rows running, a lease just ended',
      ({ provider }) => {
        const at = (state: string, due: number, name: string) =>
          lane(
            'provider',
            'outbound',
            { state, due_at: String(now + due), last_seq: '90', waiting_since: String(now - 2000) },
            name,
          );
        provider.sn_transport_lane?.push(at('waiting', 0, 'a'), at('leased', 40_000, 'b'), at('leased', -900, 'c'));
        for (const [n, state] of ['ready', 'running', 'sent', 'processed'].entries())
          provider.sn_transport_queue?.push(
            message('provider', { state, seq: String(n + 1), lane: at('waiting', 0, 'a').sys_id }),
          );
      },
    ],
    [
      'rows being reprocessed: Error has become Ready, and the lane goes on',
      ({ provider }) => {
        const again = lane(
          'provider',
          'outbound',
          { state: 'waiting', last_seq: '5', done_seq: '1', waiting_since: String(now - 60_000) },
          'r',
        );
        provider.sn_transport_lane?.push(again);
        provider.sn_transport_queue?.push(message('provider', { lane: again.sys_id, seq: '2', sys_created_on: ago(7200) }));
      },
    ],
    [
      'a peer that is ahead of what it has confirmed',
      ({ consumer }) => Object.assign(consumer.sn_transport_lane?.[1] ?? {}, { last_seq: '15' }),
    ],
    [
      'a message that was given up, and never sent',
      ({ provider }) => Object.assign(provider.sn_transport_lane?.[0] ?? {}, { last_seq: '12', done_seq: '12' }),
    ],
    [
      'another connection whose number begins with this one',
      ({ provider }) =>
        provider.oauth_entity?.push({
          ...first(provider, 'oauth_entity'),
          sys_id: '9'.repeat(32),
          name: `Service Bridge Client ${number}0`,
        }),
    ],
    [
      'credentials being changed: the references are those of before, the names those of after',
      ({ provider }) => {
        const [client, credential] = provider.oauth_entity ?? [];
        const before = [client, credential].map((row, at) => ({ ...row, name: `Service Bridge, old of change op${at}` }));
        for (const row of [client, credential]) Object.assign(row ?? {}, { sys_id: `new ${row?.type}` });
        provider.oauth_entity?.push(...before);
        provider.causeway_auth_change = [
          {
            ...{
              sys_id: '6'.repeat(32),
              open_for: first(provider, 'sn_sb_connection').sys_id ?? '',
              operation: 'op1',
              kind: 'upgrade',
            },
            ...{ step: 'flipped', step_at: ago(86_000), step_error: '' },
          },
        ];
      },
    ],
    [
      'an invitation that waits for its consumer',
      ({ provider }) =>
        provider.sn_sb_pro_registration?.push({
          ...{
            sys_id: '8'.repeat(32),
            number: 'SBREG0001003',
            connection_id: 'SBC0001003',
            registration_state: 'open',
            step: '',
          },
          ...{ step_at: '', step_error: '' },
        }),
    ],
    [
      'a connection of the peer to somebody else',
      ({ consumer }) =>
        consumer.sn_sb_connection?.push({
          ...first(consumer, 'sn_sb_connection'),
          sys_id: '7'.repeat(32),
          connection_id: 'SBC0009999',
          inbound_client: '',
          active: 'false',
        }),
    ],
  ];
  for (const [what, make] of quiet) {
    test(what, async () => {
      const sides = healthyPair();
      make(sides);
      const { findings } = await examinePair(sides);
      assert.deepEqual(
        findings.filter(({ severity }) => severity !== 'info'),
        [],
      );
    });
  }
});

test('the mistake of the seed is told as one story: the two records first, what follows from them after, with its cause', async () => {
  const sides = healthyPair();
  const [mine, theirs] = [first(sides.provider, 'sn_sb_connection'), first(sides.consumer, 'sn_sb_connection')];
  const [client, credential] = sides.provider.oauth_entity ?? [];
  Object.assign(credential ?? {}, { user: client?.user, 'user.user_name': `sb_user.${number}` });
  Object.assign(client ?? {}, { user: '' });
  Object.assign(mine, { inbound_status: 'down', inbound_reason: 'auth: user_not_bound', inbound_since: ago(30) });
  Object.assign(mine, { outbound_status: 'down', outbound_reason: 'return_leg', outbound_since: ago(30) });
  Object.assign(theirs, { outbound_status: 'down', outbound_reason: 'auth: user_not_bound', outbound_since: ago(30) });
  Object.assign(theirs, { inbound_status: 'down', inbound_reason: 'return_leg', inbound_since: ago(30) });
  Object.assign(theirs, { outbound_auth_state: 'refused', outbound_auth_reason: 'user_not_bound' });
  const { findings } = await examinePair(sides);
  assert.deepEqual(
    findings.map(({ code, side, causedBy }) => [code, side, causedBy.join()]),
    [
      ['AUTH-01', 'here', ''],
      ['AUTH-02', 'here', ''],
      ['AUTH-08', 'peer', 'AUTH-01'],
      ['LINK-01', 'here', 'AUTH-01,AUTH-08'],
      ['LINK-02', 'here', 'AUTH-01,AUTH-08'],
      ['LINK-01', 'peer', 'AUTH-01,AUTH-08'],
      ['LINK-02', 'peer', 'AUTH-01,AUTH-08'],
    ],
  );
  assert.equal(findings[1]?.evidence[0]?.shown, `sb_user.${number}`);
  const { findings: alone } = await examinePair(sides, true);
  assert.deepEqual(codesOf(alone), ['AUTH-01', 'AUTH-02', 'LINK-01', 'LINK-02']);
});

test('what somebody has paused explains what is down; a wrong token URL explains what cannot be reached', async () => {
  const paused = healthyPair();
  const mine = first(paused.provider, 'sn_sb_connection');
  Object.assign(mine, { outbound_status: 'down', outbound_reason: 'paused: admin', outbound_since: ago(30) });
  Object.assign(mine, { inbound_status: 'down', inbound_reason: 'return_leg', inbound_since: ago(30) });
  Object.assign(first(paused.provider, 'sn_transport_profile'), { pause: 'admin', paused_at: ago(30) });
  const { findings } = await examinePair(paused, true);
  const told = Object.fromEntries(findings.map(({ code, causedBy }) => [code, causedBy.join()]));
  assert.deepEqual(told, { 'LINK-01': 'LINK-03', 'LINK-02': 'LINK-03', 'LINK-03': '' });
  const astray = healthyPair();
  const [, credential] = astray.provider.oauth_entity ?? [];
  Object.assign(credential ?? {}, { token_url: 'https://nowhere.example/oauth_token.do' });
  const cut = {
    pause: 'breaker',
    pause_code: 'kit.outbound_unreachable',
    pause_detail: 'nowhere (ENOTFOUND)',
    paused_at: ago(600),
  };
  Object.assign(first(astray.provider, 'sn_transport_profile'), cut);
  const found = (await examinePair(astray, true)).findings.find(({ code }) => code === 'LINK-03');
  assert.deepEqual(found?.causedBy, ['AUTH-07']);
});

test('a check that fails itself is told, and does not pass for one that found nothing', async () => {
  const { makeRowsReader } = await import('./parts/rows.ts');
  const { examine } = await import('../../src/doctor/examine.ts');
  const broken = {
    ...{ code: 'TEST-01', title: 'A check with a mistake', severity: 'error' as const, needs: [] },
    look() {
      throw new Error('of its own');
    },
  };
  const here = makeRowsReader('https://provider.example', healthyPair().provider, now);
  const { findings, unseen } = await examine({ here, checks: [broken, ...checks] });
  assert.deepEqual(findings, []);
  assert.deepEqual(
    unseen.map(({ why, checks: codes }) => [why, codes]),
    [['the check itself failed: of its own', ['TEST-01']]],
  );
});
