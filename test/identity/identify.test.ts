// The order of the door: one credential, the methods in turn, and what is left behind.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fingerprint, sha256Hex } from '../../src/kit/fingerprint.ts';
import { openRoom, outcome, type Room } from './part.ts';

const head = /^.* txid=db83700edb1a /;

describe('the door', () => {
  let room: Room;
  let ada = '';
  const own = 'an-opaque-token-of-this-instance';
  const told = () => room.lines.splice(0).map((line) => line.replace(head, ''));
  before(async () => {
    room = await openRoom();
    ada = await room.add('sys_user', { user_name: 'ada' });
  });
  after(() => room.close());

  it('lets nobody in without a credential, and says so in the log', async () => {
    assert.equal(await room.knock(undefined), 'no_credential');
    assert.deepEqual(told(), ['WARNING *** WARNING *** Required HTTP authorization header (Authorization) not present']);
  });

  it('refuses what it cannot read, instead of taking it for no credential', async () => {
    const table: Array<[string | string[], string]> = [
      ['Bearer', 'malformed_credential'],
      ['Bearer a b', 'malformed_credential'],
      [['Bearer a', 'Basic b'], 'malformed_credential'],
      ['Digest username="ada"', 'unsupported_scheme'],
      ['Bearer unknown-opaque-token', 'unknown_token'],
    ];
    for (const [authorization, reason] of table) assert.equal(await room.knock(authorization), reason, String(authorization));
  });

  it('takes a token of the instance first, even one in JWT format', async () => {
    const row = { userSysId: ada, entity: 'c'.repeat(32), scopes: ['useraccount'], isExpired: false, isRevoked: false };
    for (const token of [own, 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ4In0.AAAA']) {
      room.accessTokens.set(sha256Hex(token), row);
      const answer = await room.bearer(token);
      assert.ok(typeof answer !== 'string');
      assert.deepEqual(
        [answer.method, answer.entity, answer.scopes, answer.caller.userName],
        ['access_token', row.entity, ['useraccount'], 'ada'],
      );
    }
    room.accessTokens.set(sha256Hex(own), { ...row, isExpired: true });
    assert.equal(await room.bearer(own), 'token_expired');
    room.accessTokens.set(sha256Hex(own), { ...row, isExpired: true, isRevoked: true });
    assert.equal(await room.bearer(own), 'token_revoked');
    room.accessTokens.set(sha256Hex(own), { ...row, userSysId: 'f'.repeat(32) });
    assert.equal(await room.bearer(own), 'user_not_found');
    room.accessTokens.set(sha256Hex(own), row);
    await room.set('sys_user', ada, { active: 'false' });
    assert.equal(await room.bearer(own), 'user_inactive');
    await room.set('sys_user', ada, { active: 'true' });
  });

  it('says who came in', async () => {
    told();
    assert.equal(outcome(await room.bearer(own)), 'in as ada');
    assert.deepEqual(told(), ["HTTP authorization validated user 'ada'", 'Session user set to ada']);
  });

  it('leaves a row behind that names record-free path, scheme, reason and fingerprint', async () => {
    await room.knock('Bearer never-issued-token', { path: `/api/now/table/incident/${'a'.repeat(32)}` });
    const row = (await room.refusals()).find((one) => one.token_fingerprint === fingerprint('never-issued-token'));
    assert.deepEqual(
      [row?.reason, row?.scheme, row?.path_template, row?.leg, row?.transaction_id, row?.time],
      ['unknown_token', 'bearer', '/api/now/table/incident/{sys_id}', 'inbound', 'db83700edb1a', '2026-11-01 08:00:00'],
    );
  });

  it('is not drowned by a flood of refusals: rows are sampled, and the log says how many are missing', async () => {
    await Promise.all(Array.from({ length: 1_500 }, () => room.knock(undefined)));
    await room.refusals();
    const missing = room.lines.map((line) => Number(/(\d+) refusals were not recorded/.exec(line)?.[1] ?? 0));
    const recorded = 1_500 - missing.reduce((sum, count) => sum + count, 0);
    assert.ok(recorded > 900 && recorded <= 1_000, `${recorded} of 1,500 were recorded`);
  });

  it('forgets refusals when their days are over', async () => {
    await room.property('causeway.refusal.retention_days', '7');
    room.clock.advance(7 * 86_400_000 - 2_000);
    assert.equal((await room.identity.purge()).refusals, 0);
    room.clock.advance(4_000);
    assert.ok((await room.identity.purge()).refusals > 50);
    assert.deepEqual(await room.refusals(), []);
  });

  it('writes what is still waiting when it closes', async () => {
    const other = await openRoom();
    const second = await other.secondDoor();
    await other.knock('Bearer last-words-token', { identity: second.identity });
    await second.close();
    assert.equal((await other.records.findBy('causeway_refusal', {})).length, 1);
    await other.close();
  });
});
