// Which keys verify what: every algorithm, odd key sets, rotation, and a provider that is down or does not exist.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { exportJWK, generateSecret } from 'jose';
import { algorithmNames } from '../../../src/identity/id_token/algorithms.ts';
import { type Issuer, makeSigningKey, type SigningKey, startIssuer } from '../issuer.ts';
import { openRoom, outcome, type Room, register } from '../part.ts';

const minute = 60_000;

describe('keys', () => {
  let room: Room;
  let issuer: Issuer;
  const keys = new Map<string, SigningKey>();
  const key = (name: string): SigningKey => keys.get(name) as SigningKey;

  before(async () => {
    for (const algorithm of algorithmNames) keys.set(algorithm, await makeSigningKey(algorithm));
    keys.set('second', await makeSigningKey('RS256', 'second'));
    keys.set('unnamed', await makeSigningKey('RS256', undefined));
    keys.set('PS256 as RSA', await makeSigningKey('PS256', 'shared'));
  });
  beforeEach(async () => {
    room = await openRoom();
    issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [key('RS256')] });
    await room.add('sys_user', { user_name: 'ada' });
  });
  afterEach(async () => {
    await room.close();
    await issuer.close();
  });
  after(() => keys.clear());

  const registered = () => register(room, { metadataUrl: issuer.metadataUrl, clientId: 'app' });
  const come = async (name: string, options: Parameters<Issuer['token']>[1] = {}, claims: Record<string, unknown> = {}) =>
    outcome(await room.bearer(await issuer.token(claims, { key: key(name), ...options })));
  const counted = () => ({ ...issuer.hits });
  const publish = (...names: string[]) => {
    issuer.keys = names.map((name) => key(name).jwk);
  };
  /** The same key set without some members. */
  const without = (name: string, ...members: string[]) =>
    Object.fromEntries(Object.entries(key(name).jwk).filter(([member]) => !members.includes(member)));

  it('of every allowed algorithm verify, side by side in one set', async () => {
    publish(...algorithmNames);
    await registered();
    for (const algorithm of algorithmNames) assert.equal(await come(algorithm), 'in as ada', algorithm);
  });

  it('without kid, alg or use verify a token without kid, whatever else is in the set', async () => {
    issuer.keys = [...algorithmNames.map((name) => without(name, 'kid', 'alg', 'use'))];
    issuer.keys.splice(8);
    await registered();
    const header = { kid: undefined } as unknown as { kid: string };
    for (const algorithm of ['RS256', 'PS256']) assert.equal(await come(algorithm, { header }), 'in as ada', algorithm);
  });

  it('without kid verify a token that names one', async () => {
    issuer.keys = [without('RS256', 'kid')];
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
  });

  it('are all tried when the token names none, but not more than eight', async () => {
    publish('second', 'RS256');
    await registered();
    const header = { kid: undefined } as unknown as { kid: string };
    assert.equal(await come('RS256', { header }), 'in as ada');
    issuer.keys = Array.from({ length: 9 }, (_unused, at) => ({ ...key('RS256').jwk, kid: `k${at}` }));
    const { configuration } = await register(room, { metadataUrl: `${issuer.metadataUrl}?many`, clientId: 'many' });
    assert.ok(configuration);
    assert.equal(await come('RS256', { header }, { aud: 'many' }), 'kid_unknown');
  });

  it('of two that share a kid, the fitting one counts', async () => {
    issuer.keys = [
      { ...key('ES256').jwk, kid: 'same' },
      { ...key('second').jwk, kid: 'same' },
      { ...key('RS256').jwk, kid: 'same' },
    ];
    await registered();
    assert.equal(await come('RS256', { header: { kid: 'same' } }), 'in as ada');
    assert.equal(await come('ES256', { header: { kid: 'same' } }), 'in as ada');
  });

  it('that are short, secret, private or for encryption do not count', async () => {
    const secret = { ...(await exportJWK(await generateSecret('HS256', { extractable: true }))), kid: 'secret' };
    const bad: Array<[string, unknown]> = [
      ['secret', secret],
      ['private', { ...key('RS256').jwk, kid: 'private', d: 'AQAB' }],
      ['for encryption', { ...key('RS256').jwk, kid: 'for encryption', use: 'enc' }],
      ['only to sign', { ...key('RS256').jwk, kid: 'only to sign', key_ops: ['sign'] }],
      ['of another alg', { ...key('RS256').jwk, kid: 'of another alg', alg: 'RS512' }],
      ['of 1024 bits', { ...key('RS256').jwk, kid: 'of 1024 bits', n: Buffer.alloc(128, 255).toString('base64url') }],
      ['of a broken curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'of a broken curve' }],
      ['null', null],
      ['text', 'RSA'],
    ];
    issuer.keys = [...bad.map(([, jwk]) => jwk), key('RS256').jwk];
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    for (const [kid] of bad) assert.match(await come('RS256', { header: { kid } }), /^(kid_unknown|bad_signature)$/, kid);
    assert.equal(await come('ES256', { header: { kid: 'of a broken curve' } }), 'bad_signature');
  });

  it('are fetched once for all who come at the same time, and again when their life is over', async () => {
    await registered();
    room.clock.advance(121 * minute);
    const at = counted();
    const tokens = await Promise.all(Array.from({ length: 20 }, (_unused, n) => issuer.token({ n })));
    for (const answer of await Promise.all(tokens.map((token) => room.bearer(token)))) assert.equal(outcome(answer), 'in as ada');
    assert.deepEqual(counted(), { metadata: at.metadata + 1, keys: at.keys + 1 });
    room.clock.advance(119 * minute);
    assert.equal(await come('RS256'), 'in as ada');
    assert.deepEqual(counted(), { metadata: at.metadata + 1, keys: at.keys + 1 });
    room.clock.advance(minute);
    assert.equal(await come('RS256', {}, { n: 1 }), 'in as ada');
    assert.deepEqual(counted(), { metadata: at.metadata + 2, keys: at.keys + 2 });
  });

  it('are looked for again when one is unknown: rotation is followed at once', async () => {
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    publish('RS256', 'second');
    assert.equal(await come('second'), 'in as ada');
    publish('unnamed');
    room.clock.advance(minute);
    const header = { kid: undefined } as unknown as { kid: string };
    assert.equal(await come('unnamed', { header }), 'in as ada');
  });

  it('are looked for again once a minute at most, however many unknown ones are named', async () => {
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    const at = counted();
    const flood = async () => {
      const tokens = await Promise.all(
        Array.from({ length: 30 }, (_unused, n) => issuer.token({}, { key: key('second'), header: { kid: `guess ${n}` } })),
      );
      const answers = [...(await Promise.all(tokens.slice(0, 15).map((token) => room.bearer(token))))];
      for (const token of tokens.slice(15)) answers.push(await room.bearer(token));
      for (const answer of answers) assert.equal(answer, 'kid_unknown');
    };
    await flood();
    assert.deepEqual(counted(), { metadata: at.metadata + 1, keys: at.keys + 1 });
    room.clock.advance(59_000);
    await flood();
    assert.deepEqual(counted(), { metadata: at.metadata + 1, keys: at.keys + 1 });
    room.clock.advance(1_000);
    await flood();
    assert.deepEqual(counted(), { metadata: at.metadata + 2, keys: at.keys + 2 });
    assert.equal(await come('RS256'), 'in as ada');
  });

  it('that a fetch for an unknown one brings serve all who waited for it', async () => {
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    publish('RS256', 'second');
    const at = counted();
    const tokens = await Promise.all(Array.from({ length: 20 }, (_unused, n) => issuer.token({ n }, { key: key('second') })));
    for (const answer of await Promise.all(tokens.map((token) => room.bearer(token)))) assert.equal(outcome(answer), 'in as ada');
    assert.deepEqual(counted(), { metadata: at.metadata + 1, keys: at.keys + 1 });
  });

  it('once known go on serving while the provider is down, for a day', async () => {
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    issuer.answer = (_path, response) => Boolean(response.destroy());
    room.clock.advance(121 * minute);
    const at = counted();
    assert.equal(await come('RS256', {}, { n: 1 }), 'in as ada');
    assert.equal(await come('RS256', {}, { n: 2 }), 'in as ada');
    assert.equal(issuer.hits.metadata, at.metadata + 1, 'a provider that is down is left alone for a while');
    room.clock.advance(24 * 60 * minute);
    assert.equal(await come('RS256', {}, { n: 3 }), 'metadata_unreachable');
    issuer.answer = undefined;
    room.clock.advance(minute);
    assert.equal(await come('RS256', {}, { n: 4 }), 'in as ada');
  });

  it('never seen: a provider that does not answer refuses, is asked seldom, and is trusted when it is back', async () => {
    issuer.answer = (_path, response) => Boolean(response.writeHead(503).end());
    await registered();
    for (let n = 0; n < 20; n += 1) assert.equal(await come('RS256', {}, { n }), 'metadata_unreachable');
    assert.ok(issuer.hits.metadata <= 3, `asked ${issuer.hits.metadata} times`);
    issuer.answer = undefined;
    room.clock.advance(1_000);
    assert.equal(await come('RS256'), 'in as ada');
  });

  it('never seen: a provider that comes up after the first call is believed at the second', async () => {
    issuer.answer = (_path, response) => Boolean(response.destroy());
    await registered();
    assert.equal(await come('RS256'), 'metadata_unreachable');
    issuer.answer = undefined;
    assert.equal(await come('RS256'), 'in as ada');
  });

  it('are not fetched for a token that is for nobody here', async () => {
    await registered();
    room.clock.advance(121 * minute);
    const at = counted();
    for (const claims of [{ aud: 'nobody' }, { aud: ['x', 'y'] }, { iss: `${issuer.origin}/other`, aud: 'z' }])
      await come('RS256', {}, claims);
    assert.deepEqual(counted(), at);
  });

  it('are never fetched from an address that a token names', async () => {
    const trap = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [key('second')] });
    await registered();
    const header = { kid: 'second', jku: `${trap.origin}/keys`, x5u: `${trap.origin}/keys`, jwk: key('second').jwk };
    assert.equal(await come('second', { header }), 'kid_unknown');
    assert.equal(await come('second', { header }, { iss: trap.origin }), 'issuer_mismatch');
    assert.deepEqual(trap.hits, { metadata: 0, keys: 0 });
    await trap.close();
  });

  it('are dropped when the configuration is saved again', async () => {
    const { configuration } = await registered();
    assert.equal(await come('RS256'), 'in as ada');
    publish('second');
    room.clock.advance(1_000);
    await room.set('oidc_provider_configuration', configuration, { name: 'Saved again' });
    assert.equal(await come('second'), 'in as ada');
    assert.equal(await come('RS256', {}, { n: 1 }), 'kid_unknown');
  });

  it('that the provider withdrew stop working when the life of the cache is over, even for a token seen before', async () => {
    await registered();
    const token = await issuer.token({ exp: room.clock.now() / 1000 + 86_400 });
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
    publish('second');
    room.clock.advance(120 * minute);
    assert.equal(await room.bearer(token), 'kid_unknown');
  });

  it('of a forged token that lists many client ids cost no more than a few fetches', async () => {
    const audiences: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      audiences.push(`app${n}`);
      await register(room, { metadataUrl: `${issuer.metadataUrl}?n=${n}`, clientId: `app${n}` });
    }
    room.clock.advance(121 * minute);
    const at = counted();
    assert.equal(await come('RS256', {}, { aud: audiences, iss: 'https://evil.example' }), 'issuer_mismatch');
    assert.ok(issuer.hits.metadata - at.metadata <= 4, `${issuer.hits.metadata - at.metadata} fetches`);
  });

  it('may live on another host than the issuer, and the issuer may have a path', async () => {
    issuer.issuer = 'https://login.example.com/tenants/7/v2.0';
    await registered();
    assert.equal(await come('RS256'), 'in as ada');
    assert.equal(await come('RS256', {}, { iss: 'https://login.example.com/tenants/8/v2.0' }), 'issuer_mismatch');
  });
});
