// What a connection has proven: how far it reaches, and what ends it.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Identified } from '../../src/identity/identity.ts';
import { makeRemember } from '../../src/identity/remember.ts';
import { usersTopic } from '../../src/identity/topics.ts';
import { type ManualClock, makeManualClock } from '../../src/kit/clock.ts';
import { systemCaller } from '../../src/records/caller.ts';

const atMs = Date.UTC(2026, 10, 21);

describe('a proof on a connection', () => {
  let clock: ManualClock;
  let counters: Map<string, number>;
  let proofs: number;
  let outcome: Partial<Identified>;
  let remember: ReturnType<typeof makeRemember>;

  const ask = async (connection: object | undefined, authorization: string | undefined): Promise<Identified> =>
    remember(
      {
        method: 'GET',
        path: '/',
        headers: { authorization },
        remoteAddress: '127.0.0.1',
        transactionId: '0123456789ab',
        ...(connection ? { connection } : {}),
      },
      async () => {
        proofs += 1;
        return { caller: systemCaller, method: 'id_token', entity: '', ...outcome };
      },
    );

  const raise = (topic: string) => void counters.set(topic, (counters.get(topic) ?? 0) + 1);

  beforeEach(() => {
    clock = makeManualClock(atMs);
    counters = new Map();
    proofs = 0;
    outcome = { holdsUntilMs: Number.POSITIVE_INFINITY };
    remember = makeRemember({ topics: { topic: (name) => counters.get(name) ?? 0 }, clock, moreTopics: ['tokens'] });
  });

  it('is asked for once while the same words come by the same connection', async () => {
    const connection = {};
    const first = await ask(connection, 'Bearer one');
    assert.equal(await ask(connection, 'Bearer one'), first);
    assert.equal(proofs, 1);
  });

  it('reaches neither another connection, nor other words, nor the first words after other ones', async () => {
    const connection = {};
    await ask(connection, 'Bearer one');
    await ask({}, 'Bearer one');
    await ask(connection, 'Bearer two');
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 4);
  });

  it('is not kept without a connection, without a credential, or where it works once', async () => {
    const connection = {};
    for (let time = 0; time < 2; time += 1) {
      await ask(undefined, 'Bearer one');
      await ask(connection, undefined);
    }
    outcome = {};
    await ask(connection, 'Bearer once');
    await ask(connection, 'Bearer once');
    assert.equal(proofs, 6);
  });

  for (const topic of [usersTopic, 'oidc_registrations', 'oidc_provider_keys', 'user_attempts', 'properties', 'tokens']) {
    it(`ends when ${topic} change anywhere`, async () => {
      const connection = {};
      await ask(connection, 'Bearer one');
      raise(topic);
      await ask(connection, 'Bearer one');
      assert.equal(proofs, 2);
    });
  }

  it('is not kept when something changed while it was made', async () => {
    const connection = {};
    const slow = remember(
      {
        method: 'GET',
        path: '/',
        headers: { authorization: 'Bearer one' },
        remoteAddress: '::1',
        transactionId: '0123456789ab',
        connection,
      },
      async () => {
        raise(usersTopic);
        return { caller: systemCaller, method: 'basic', entity: '', holdsUntilMs: Number.POSITIVE_INFINITY };
      },
    );
    await slow;
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 1);
  });

  it('ends with the token, and after a minute in any case', async () => {
    const connection = {};
    outcome = { holdsUntilMs: atMs + 5_000 };
    await ask(connection, 'Bearer one');
    clock.advance(5_000);
    outcome = { holdsUntilMs: Number.POSITIVE_INFINITY };
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 2);
    clock.advance(59_999);
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 2);
    clock.advance(1);
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 3);
  });

  it('leaves nothing behind when it fails', async () => {
    const connection = {};
    await ask(connection, 'Bearer one');
    const knock = {
      method: 'GET',
      path: '/',
      headers: { authorization: 'Bearer bad' },
      remoteAddress: '::1',
      transactionId: '0',
    };
    const refused = remember({ ...knock, connection }, async () => {
      throw new Error('refused');
    });
    await assert.rejects(async () => refused, /refused/);
    await ask(connection, 'Bearer one');
    assert.equal(proofs, 2);
  });
});
