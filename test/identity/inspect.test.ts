// What the inspector says of a token, and that saying it changes nothing.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readToken } from '../../src/identity/inspect.ts';
import { Refusal } from '../../src/identity/refusal.ts';
import { sha256Hex } from '../../src/kit/fingerprint.ts';
import { type Issuer, makeSigningKey, startIssuer } from './issuer.ts';
import { openRoom, outcome, type Registered, type Room, register } from './part.ts';

describe('the inspector', () => {
  let room: Room;
  let issuer: Issuer;
  let registered: Registered;
  const explain = async (claims: Record<string, unknown>) => room.identity.explainToken(await issuer.token(claims));
  const outcomes = (report: Awaited<ReturnType<typeof explain>>) =>
    Object.fromEntries(report.checks.map((one) => [one.check, one.outcome]));

  before(async () => {
    room = await openRoom();
    issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [await makeSigningKey('ES256')] });
    await room.add('sys_user', { user_name: 'ada' });
    registered = await register(room, {
      metadataUrl: issuer.metadataUrl,
      clientId: 'app',
      configuration: { enable_jti_verification: 'true' },
    });
  });
  after(async () => {
    await room.close();
    await issuer.close();
  });

  it('passes a good token check by check, without using it up, as often as asked', async () => {
    const token = await issuer.token({ jti: 'looked at' });
    for (let look = 0; look < 3; look += 1) {
      const report = await room.identity.explainToken(token);
      assert.equal(report.accepted, true, JSON.stringify(report.checks));
      assert.equal(report.user, 'ada');
      assert.deepEqual(outcomes(report), {
        own_token: 'skipped',
        shape: 'passed',
        algorithm: 'passed',
        critical_headers: 'passed',
        registration: 'passed',
        authorized_party: 'skipped',
        signature: 'passed',
        times: 'passed',
        claim_validations: 'skipped',
        scopes: 'skipped',
        single_use: 'passed',
        user: 'passed',
        guarded_user: 'skipped',
        user_state: 'passed',
      });
    }
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
    const report = await room.identity.explainToken(token);
    assert.deepEqual([report.accepted, report.reason], [false, 'jti_replayed']);
    assert.match(report.checks.find((one) => one.check === 'single_use')?.hint ?? '', /one token per call/);
  });

  it('names everything that is wrong at once, with what was expected and what came', async () => {
    const report = await explain({ exp: room.clock.now() / 1000 - 4_000, preferred_username: 'nobody', jti: 'x' });
    assert.equal(report.reason, 'expired');
    assert.deepEqual(
      [outcomes(report).times, outcomes(report).user, outcomes(report).user_state],
      ['failed', 'failed', 'skipped'],
    );
    const times = report.checks.find((one) => one.check === 'times');
    assert.match(`${times?.expected} ${times?.got} ${times?.hint}`, /skew 300 s.*4000 s ago.*clock skew/s);
  });

  it('says what the door says, for every kind of token', async () => {
    const kinds: Record<string, unknown>[] = [
      { aud: 'other' },
      { iss: 'https://evil.example' },
      { jti: undefined },
      { exp: undefined },
      { preferred_username: '' },
      { nbf: 9e9 },
    ];
    for (const claims of kinds) {
      const token = await issuer.token(claims);
      assert.equal((await room.identity.explainToken(token)).reason, await room.bearer(token), JSON.stringify(claims));
    }
    for (const token of ['a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '....', 'x'.repeat(20_000)]) {
      const report = await room.identity.explainToken(token);
      assert.equal(report.accepted, false);
      assert.equal(report.reason, 'malformed_jwt');
    }
  });

  it('knows the pains of well-known providers', async () => {
    const hints = async (claims: Record<string, unknown>) => (await explain(claims)).checks.map((one) => one.hint).join(' ');
    assert.match(await hints({ iss: 'https://sts.windows.net/7/' }), /without \/v2\.0/);
    assert.match(await hints({ iss: 'https://login.microsoftonline.com/7/v2.0' }), /contains \/v2\.0/);
    assert.match(await hints({ iss: `${issuer.issuer}/` }), /another tenant/);
    assert.match((await room.identity.explainToken('a.b.c.d.e')).checks.map((one) => one.hint).join(' '), /Encrypted tokens/);
  });

  it('recognises a token of the instance itself', async () => {
    const [ada] = await room.records.findBy('sys_user', { user_name: 'ada' });
    const row = { userSysId: ada?.sys_id ?? '', entity: registered.entity, scopes: ['a'], isExpired: false, isRevoked: false };
    room.accessTokens.set(sha256Hex('own-token'), row);
    assert.deepEqual(
      [(await room.identity.explainToken('own-token')).accepted, (await room.identity.explainToken('own-token')).user],
      [true, 'ada'],
    );
    room.accessTokens.set(sha256Hex('own-token'), { ...row, isRevoked: true });
    assert.equal((await room.identity.explainToken('own-token')).reason, 'token_revoked');
  });

  it('reads a token without any instance, and believes nothing', async () => {
    const token = await issuer.token({ tenant: 't1' });
    const { header, claims } = readToken(token);
    assert.equal(header.alg, 'ES256');
    assert.equal(claims.tenant, 't1');
    assert.throws(
      () => readToken('nonsense'),
      (error) => error instanceof Refusal && error.reason === 'malformed_jwt',
    );
  });

  it('leaves no refusal and no line behind', async () => {
    await room.refusals();
    const [rows, lines] = [(await room.refusals()).length, room.lines.length];
    await explain({ aud: 'other' });
    assert.deepEqual([(await room.refusals()).length, room.lines.length], [rows, lines]);
  });
});
