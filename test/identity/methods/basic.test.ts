// User name and password: who comes in, who is locked out, and what it costs.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { engines } from '../../parts/engines.ts';
import { processorTime } from '../../parts/processor_time.ts';
import { openRoom, outcome, type Room } from '../part.ts';

const minute = 60_000;

// Hashing is dear by intent: what does not depend on the engine runs on one.
for (const engine of engines) {
  describe(`Basic on ${engine.name}`, () => {
    const once: (name: string, work: () => Promise<void>) => void = engine.name === 'sqlite' ? it : () => undefined;
    let room: Room;
    let ada = '';
    const come = async (userName: string, password: string) => outcome(await room.basic(userName, password));
    const row = async () => (await room.records.findBy('sys_user', { sys_id: ada }))[0];
    beforeEach(async () => {
      room = await openRoom(engine);
      ada = await room.add('sys_user', { user_name: 'ada', user_password: 'pässword:1' });
    });
    afterEach(() => room.close());

    once('lets in who knows the password, colon and umlaut included, in any case of the name', async () => {
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      assert.equal(await come('ADA', 'pässword:1'), 'in as ada');
    });

    once('refuses everybody else', async () => {
      const table: Array<[string, string, string]> = [
        ['ada', 'pässword:2', 'bad_password'],
        ['ada', '', 'bad_password'],
        ['nobody', 'x', 'user_not_found'],
        ['guest', '', 'bad_password'],
        ['', 'x', 'malformed_credential'],
        ['ada\n', 'x', 'malformed_credential'],
        ["x' OR '1'='1", 'x', 'user_not_found'],
      ];
      for (const [name, password, reason] of table) assert.equal(await come(name, password), reason, `${name}:${password}`);
      for (const bad of ['Basic YWRh', 'Basic !!!!', `Basic ${Buffer.from([0xff, 0x3a, 0x00]).toString('base64')}`]) {
        assert.equal(await room.knock(bad), 'malformed_credential', bad);
      }
    });

    once('reads Latin-1 where it is no UTF-8, as some clients write it', async () => {
      const latin = (pair: string) => `Basic ${Buffer.from(pair, 'latin1').toString('base64')}`;
      assert.equal(outcome(await room.knock(latin('ada:pässword:1'))), 'in as ada');
      assert.equal(outcome(await room.knock(latin('ada:pässwörd:1'))), 'bad_password');
    });

    once('writes neither password nor header into log or refusals', async () => {
      await come('ada', 'wrong-secret');
      const everything = room.lines.join('\n') + JSON.stringify(await room.refusals());
      assert.ok(everything.includes('Basic authentication failed for user: ada'));
      for (const secret of ['wrong-secret', Buffer.from('ada:wrong-secret').toString('base64')])
        assert.equal(everything.includes(secret), false);
    });

    it('locks out after five wrong passwords, however right the next is, and lets in again after a quarter of an hour', async () => {
      for (let attempt = 0; attempt < 5; attempt += 1) assert.equal(await come('ada', 'wrong'), 'bad_password');
      assert.equal((await row())?.locked_out, 'true');
      assert.equal(await come('ada', 'pässword:1'), 'user_locked');
      room.clock.advance(15 * minute - 1_000);
      assert.equal(await come('ada', 'pässword:1'), 'user_locked');
      room.clock.advance(1_000);
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      const { locked_out, failed_attempts, locked_at } = (await row()) ?? {};
      assert.deepEqual({ locked_out, failed_attempts, locked_at }, { locked_out: 'false', failed_attempts: '0', locked_at: '' });
    });

    it('counts no guess beyond the limit, even when many race on two processes', async () => {
      const second = await room.secondDoor();
      const authorization = (password: string) => `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
      const guesses = Array.from({ length: 16 }, (_unused, n) =>
        room.knock(authorization(n === 15 ? 'pässword:1' : `guess ${n}`), { identity: n % 2 ? room.identity : second.identity }),
      );
      const outcomes = (await Promise.all(guesses)).map(outcome);
      assert.equal(outcomes.includes('in as ada'), false);
      assert.equal((await row())?.failed_attempts, '5');
      // Each process may have one guess under way when the other locks.
      assert.ok(outcomes.filter((one) => one === 'bad_password').length <= 6, outcomes.join());
      await second.close();
    });

    it('forgets wrong attempts after a right one', async () => {
      for (let round = 0; round < 3; round += 1) {
        for (let attempt = 0; attempt < 3; attempt += 1) assert.equal(await come('ada', 'wrong'), 'bad_password');
        assert.equal(await come('ada', 'pässword:1'), 'in as ada');
        assert.equal((await row())?.failed_attempts, '0');
      }
    });

    once('never ends a lock that an admin set', async () => {
      await room.set('sys_user', ada, { locked_out: 'true' });
      room.clock.advance(1_000 * minute);
      assert.equal(await come('ada', 'pässword:1'), 'user_locked');
    });

    once('takes its limits from the properties; 0 attempts never locks', async () => {
      await room.property('glide.user.max_unlock_attempts', '2');
      for (let attempt = 0; attempt < 2; attempt += 1) await come('ada', 'wrong');
      assert.equal(await come('ada', 'pässword:1'), 'user_locked');
      await room.property('glide.user.unlock_timeout_in_mins', '1');
      room.clock.advance(minute);
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      await room.property('glide.user.max_unlock_attempts', '0');
      for (let attempt = 0; attempt < 6; attempt += 1) await come('ada', 'wrong');
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
    });

    it('forgets an old password the moment a new one is set, and a remembered one is quick', async () => {
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      const twentyMs = await processorTime(async () => {
        for (let call = 0; call < 20; call += 1) assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      });
      assert.ok(twentyMs < 500, `${twentyMs} ms for 20 calls`);
      await room.set('sys_user', ada, { user_password: 'second' });
      assert.equal(await come('ada', 'pässword:1'), 'bad_password');
      assert.equal(await come('ada', 'second'), 'in as ada');
    });

    once('holds a remembered password to the state of the user', async () => {
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      await room.set('sys_user', ada, { active: 'false' });
      assert.equal(await come('ada', 'pässword:1'), 'user_inactive');
      await room.set('sys_user', ada, { active: 'true', web_service_access_only: 'true', password_needs_reset: 'true' });
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      await room.property('glide.authenticate.api.user.reset_password.mandatory', 'true');
      assert.equal(await come('ada', 'pässword:1'), 'policy_denied');
      await room.set('sys_user', ada, { password_needs_reset: 'false', enable_multifactor_authn: 'true' });
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
      await room.property('glide.authenticate.multifactor.for_integrations', 'true');
      assert.equal(await come('ada', 'pässword:1'), 'policy_denied', 'nobody can have the code');
      await room.set('sys_user', ada, { enable_multifactor_authn: 'false' });
      assert.equal(await come('ada', 'pässword:1'), 'in as ada');
    });

    once('costs an unknown name about as much as a wrong password', async () => {
      const cost = (name: string) => processorTime(() => come(name, 'wrong'));
      await cost('nobody');
      const [unknown, wrong] = [await cost('nobody2'), await cost('ada')];
      assert.ok(unknown > wrong / 3, `unknown ${unknown} ms, wrong ${wrong} ms`);
    });
  });
}
