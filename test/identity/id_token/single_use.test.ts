// A token that works once: durably, for one winner of any race, across processes.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { startIssuer } from '../issuer.ts';
import { openRoom, outcome, register } from '../part.ts';

forEachEngine((engine) => {
  const scene = async () => {
    const room = await openRoom(engine);
    const issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app' });
    await room.add('sys_user', { user_name: 'ada' });
    const registered = await register(room, {
      metadataUrl: issuer.metadataUrl,
      clientId: 'app',
      configuration: { enable_jti_verification: 'true' },
    });
    return {
      room,
      issuer,
      ...registered,
      come: async (claims: Record<string, unknown>) => outcome(await room.bearer(await issuer.token(claims))),
      async close() {
        await room.close();
        await issuer.close();
      },
    };
  };

  it('has exactly one winner of fifty who race, on two processes', async () => {
    const { room, issuer, close } = await scene();
    const second = await room.secondDoor();
    try {
      const token = await issuer.token({ jti: 'race' });
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_unused, n) =>
          room.knock(`Bearer ${token}`, { identity: n % 2 === 0 ? room.identity : second.identity }),
        ),
      );
      const outcomes = answers.map(outcome).sort();
      assert.equal(outcomes[0], 'in as ada');
      assert.deepEqual(new Set(outcomes.slice(1)), new Set(['jti_replayed']));
    } finally {
      await second.close();
      await close();
    }
  });

  it('is used up for a process that starts later, until it has expired', async () => {
    const { room, issuer, close } = await scene();
    try {
      const token = await issuer.token({ jti: 'kept' });
      assert.equal(outcome(await room.bearer(token)), 'in as ada');
      const second = await room.secondDoor();
      assert.equal(await room.knock(`Bearer ${token}`, { identity: second.identity }), 'jti_replayed');
      await second.close();
      room.clock.advance(600_000 + 299_000);
      assert.deepEqual((await room.identity.purge()).jtis, 0);
      assert.equal(await room.bearer(token), 'jti_replayed');
      room.clock.advance(2_000);
      assert.deepEqual((await room.identity.purge()).jtis, 1);
      assert.equal(await room.bearer(token), 'expired');
    } finally {
      await close();
    }
  });

  it('is told from every other by its id to the letter, however long or odd', async () => {
    const { come, close } = await scene();
    try {
      const ids = ['a', 'A', 'a ', 7, 'x'.repeat(3_000), 'x'.repeat(3_001), 'ü', 'u\u0308', 'a\0', 'sha256:x'];
      for (const jti of ids) assert.equal(await come({ jti }), 'in as ada', JSON.stringify(jti));
      for (const jti of ids) assert.equal(await come({ jti }), 'jti_replayed', JSON.stringify(jti));
    } finally {
      await close();
    }
  });

  it('is refused without an id, and not used up by what makes it worthless', async () => {
    const { room, issuer, come, close } = await scene();
    try {
      for (const jti of [undefined, '', null, {}, ['a']]) assert.equal(await come({ jti }), 'jti_missing', JSON.stringify(jti));
      const token = await issuer.token({ jti: 'spared' });
      const [header, payload] = token.split('.');
      assert.equal(await room.bearer(`${header}.${payload}.${'A'.repeat(342)}`), 'bad_signature');
      assert.equal(await come({ jti: 'spared', exp: room.clock.now() / 1000 - 301 }), 'expired');
      assert.equal(await come({ jti: 'spared', aud: 'other' }), 'audience_mismatch');
      assert.equal(outcome(await room.bearer(token)), 'in as ada');
    } finally {
      await close();
    }
  });

  it('goes by the claim that the configuration names, and counts per configuration', async () => {
    const { room, issuer, configuration, come, close } = await scene();
    try {
      await register(room, {
        metadataUrl: `${issuer.metadataUrl}?2`,
        clientId: 'app2',
        configuration: { enable_jti_verification: 'true' },
      });
      assert.equal(await come({ jti: 'same' }), 'in as ada');
      assert.equal(await come({ jti: 'same', aud: 'app2' }), 'in as ada');
      await room.set('oidc_provider_configuration', configuration, { jti_claim: 'uti' });
      assert.equal(await come({ jti: 'b' }), 'jti_missing');
      assert.equal(await come({ uti: 'b' }), 'in as ada');
      assert.equal(await come({ uti: 'b', jti: 'c' }), 'jti_replayed');
    } finally {
      await close();
    }
  });

  it('that never expires in this millennium is kept all the same', async () => {
    const { come, close } = await scene();
    try {
      assert.equal(await come({ jti: 'far', exp: 1e15 }), 'in as ada');
      assert.equal(await come({ jti: 'far', exp: 1e15 }), 'jti_replayed');
    } finally {
      await close();
    }
  });
});
