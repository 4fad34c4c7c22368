// The seed's story with two processes: an administrator binds the application user to the wrong record, both directions go Down while
// Remote Process Sync says Active, doctor names the record and its side, the fix brings both back Up.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type InstanceProcess, runCommand, startProcess } from '../parts/instance_process.ts';
import { adminPassword, makeClient } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const json = { 'content-type': 'application/json' };

interface Side {
  process: InstanceProcess;
  ask: ReturnType<typeof makeClient>;
}

const account = (side: Side): string[] => ['--instance', side.process.baseUrl, '--user', 'admin', '--password', adminPassword];
const peer = (side: Side): string[] => [
  ...['--peer-instance', side.process.baseUrl, '--peer-user', 'admin', '--peer-password', adminPassword],
];

describe('the story of the seed', () => {
  const folders: string[] = [];
  const sides: Side[] = [];
  let number = '';

  const start = async (): Promise<Side> => {
    const data = await mkdtemp(join(tmpdir(), 'causeway-seed-'));
    folders.push(data);
    const running = await startProcess(['start', '--port', '0', '--data', data, '--log-stdout', 'false'], {
      CAUSEWAY_ADMIN_PASSWORD: adminPassword,
    });
    const side = { process: running, ask: makeClient(running.baseUrl) };
    sides.push(side);
    return side;
  };
  const provider = (): Side => sides[0] as Side;
  const consumer = (): Side => sides[1] as Side;

  const patch = async (side: Side, table: string, query: string, values: Record<string, string>): Promise<number> => {
    const found = await side.ask(`/api/now/table/${table}?sysparm_query=${encodeURIComponent(query)}&sysparm_fields=sys_id`);
    const sysId = found.json.result[0]?.sys_id as string;
    const said = await side.ask(`/api/now/table/${table}/${sysId}`, {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify(values),
    });
    return said.status;
  };
  const status = async (side: Side) => (await side.ask(`/api/sn_sb/exchange_admin/connections/${number}`)).json.result;
  const both = async (wanted: string): Promise<boolean> => {
    const reports = await Promise.all(sides.map(status));
    return reports.every(({ outbound, inbound }) => outbound.status === wanted && inbound.status === wanted);
  };

  before(async () => {
    await start();
    await start();
    for (const side of sides) {
      await patch(side, 'sys_properties', 'name=sn_sb.ping_seconds', { value: '2' });
      await patch(side, 'sys_properties', 'name=sn_sb.ping_failing_seconds', { value: '1' });
    }
  });

  after(async () => {
    await Promise.all(sides.map((side) => side.process.kill()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  test('one invites, the other accepts, and both are Up in both directions', async () => {
    const invited = await runCommand([
      ...['exchange', 'invite', '--company', 'Acme', '--peer', consumer().process.baseUrl, '--enable-grant', '--json'],
      ...account(provider()),
    ]);
    assert.equal(invited.code, 0, invited.stderr);
    const { code, connectionId } = JSON.parse(invited.stdout);
    number = connectionId;
    const accepted = await runCommand(['exchange', 'accept', code, '--enable-grant', ...account(consumer())]);
    assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
    await untilTrue(() => both('Up'));
    const healthy = await runCommand(['doctor', ...account(provider()), ...peer(consumer())]);
    assert.match(healthy.stdout, /Nothing is wrong/);
    assert.equal(healthy.code, 0);
  });

  test('each side has both registry records, and the user stands on the one that peers call', async () => {
    for (const side of sides) {
      const rows = (
        await side.ask(`/api/now/table/oauth_entity?sysparm_query=nameLIKE${number}^ORDERBYname&sysparm_fields=name,type,user`)
      ).json.result;
      assert.deepEqual(
        rows.map(({ name, type, user }: { name: string; type: string; user: unknown }) => [name, type, user !== '']),
        [
          [`Service Bridge Client ${number}`, 'client', true],
          [`Service Bridge Provider ${number}`, 'oauth_provider', false],
        ],
      );
    }
  });

  test('the mistake is refused, unless it is rehearsed', async () => {
    const query = `name=Service Bridge Provider ${number}`;
    const user = (await provider().ask(`/api/now/table/sys_user?sysparm_query=user_name=sb_user.${number}&sysparm_fields=sys_id`))
      .json.result[0].sys_id;
    assert.equal(await patch(provider(), 'oauth_entity', query, { user }), 400);
    assert.equal(await patch(provider(), 'sys_properties', 'name=causeway.rehearsal.allow_misbinding', { value: 'true' }), 200);
    assert.equal(await patch(provider(), 'oauth_entity', query, { user }), 200);
    assert.equal(await patch(provider(), 'oauth_entity', `name=Service Bridge Client ${number}`, { user: '' }), 200);
  });

  test('both directions go Down on both sides while Remote Process Sync stays Active, and each says why', async () => {
    await untilTrue(() => both('Down'));
    const [there, here] = await Promise.all(sides.map(status));
    assert.match(there.inbound.text, /^Down \(auth: user_not_bound, since \d\d:\d\d/);
    assert.match(here.outbound.text, /^Down \(auth: user_not_bound, since \d\d:\d\d/);
    for (const report of [there, here]) {
      assert.deepEqual([report.outbound.rps_state, report.inbound.rps_state], ['active', 'active']);
    }
  });

  test('doctor on the consumer, asked about both ends, names the records, the side and the fix', async () => {
    const said = await runCommand(['doctor', '--json', ...account(consumer()), ...peer(provider())]);
    assert.equal(said.code, 3);
    const { findings } = JSON.parse(said.stdout);
    const of = (code: string) => findings.filter((finding: { code: string }) => finding.code === code);
    assert.deepEqual(
      of('AUTH-01').map((finding: { side: string; evidence: { record: string }[] }) => [
        finding.side,
        finding.evidence[0]?.record,
      ]),
      [['peer', `Service Bridge Client ${number}`]],
    );
    assert.deepEqual(
      of('AUTH-02').map((finding: { side: string; evidence: { record: string }[] }) => [
        finding.side,
        finding.evidence[0]?.record,
      ]),
      [['peer', `Service Bridge Provider ${number}`]],
    );
    assert.equal(of('AUTH-08')[0].side, 'here');
    assert.ok(of('LINK-01').length >= 2);
  });

  test('the fix is shown, then made, and both are Up again', async () => {
    const shown = await runCommand(['doctor', '--fix', 'AUTH-01,AUTH-02', ...account(provider()), ...peer(consumer())]);
    assert.match(shown.stdout, /would change oauth_entity/);
    assert.equal(await both('Down'), true);
    const made = await runCommand(['doctor', '--fix', 'AUTH-01,AUTH-02', '--yes', ...account(provider()), ...peer(consumer())]);
    assert.equal(made.code, 0, made.stdout + made.stderr);
    await untilTrue(() => both('Up'));
    const healthy = await runCommand(['doctor', ...account(consumer()), ...peer(provider())]);
    assert.match(healthy.stdout, /Nothing is wrong/);
  });

  test('the scheduled checks have raised the issue, and close it when it is gone', async () => {
    await patch(provider(), 'sys_properties', 'name=sn_sb.doctor_seconds', { value: '1' });
    const query = 'sysparm_query=known_error.codeINAUTH-01,AUTH-02^ORDERBYknown_error.code&sysparm_fields=known_error.code,state';
    const states = async (): Promise<string[]> =>
      (await provider().ask(`/api/now/table/sn_sb_error?${query}`)).json.result.map(({ state }: { state: string }) => state);
    const clear = `name=Service Bridge Client ${number}`;
    const user = (await provider().ask(`/api/now/table/sys_user?sysparm_query=user_name=sb_user.${number}&sysparm_fields=sys_id`))
      .json.result[0].sys_id;
    assert.equal(await patch(provider(), 'oauth_entity', clear, { user: '' }), 200);
    await untilTrue(async () => (await states()).includes('open'));
    assert.equal(await patch(provider(), 'oauth_entity', clear, { user }), 200);
    await untilTrue(async () => (await states()).every((state) => state === 'closed'));
    await untilTrue(() => both('Up'));
  });

  test('offboarding says what would go, goes, and the peer learns of it', async () => {
    const planned = await runCommand(['exchange', 'offboard', number, '--dry-run', ...account(provider())]);
    assert.match(planned.stdout, /would remove[\s\S]*2 {2}oauth_entity[\s\S]*1 {2}sys_user\n/);
    const done = await runCommand(['exchange', 'offboard', number, '--json', ...account(provider())]);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(JSON.parse(done.stdout).peer_told, true);
    await untilTrue(async () => (await status(consumer())).outbound.reason === 'offboarded_by_peer');
    const other = await runCommand(['exchange', 'offboard', number, '--drop-undelivered', ...account(consumer())]);
    assert.equal(other.code, 0, other.stderr);
    for (const side of sides) {
      for (const [table, query] of [
        ['oauth_entity', `nameLIKE${number}`],
        ['sys_user', `user_name=sb_user.${number}`],
        ['sn_sb_connection', ''],
        ['ih_sync_remote_system', ''],
        ['sn_transport_queue', ''],
        ['sn_transport_lane', ''],
      ]) {
        const rows = (await side.ask(`/api/now/table/${table}?sysparm_query=${query}`)).json.result;
        assert.equal(rows.length, 0, `${table}: ${JSON.stringify(rows)}`);
      }
    }
  });
});
