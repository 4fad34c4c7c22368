// Claim validations by type, scopes, and the way from a claim to a user.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CompactSign, decodeJwt } from 'jose';
import { type Issuer, makeSigningKey, startIssuer } from '../issuer.ts';
import { openRoom, outcome, type Registered, type Room, register } from '../part.ts';

describe('the claims of a proven token', () => {
  let room: Room;
  let issuer: Issuer;
  let registered: Registered;
  let serial = 0;
  const come = async (claims: Record<string, unknown>) =>
    outcome(await room.bearer(await issuer.token({ n: ++serial, ...claims })));
  const configure = (values: Record<string, string>) => room.set('oidc_provider_configuration', registered.configuration, values);

  before(async () => {
    room = await openRoom();
    issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [await makeSigningKey('ES256')] });
    await room.add('sys_user', { user_name: 'ada', email: 'ada@example.com', employee_number: 'E1', first_name: 'Ada' });
    registered = await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'app' });
  });
  after(async () => {
    await room.close();
    await issuer.close();
  });
  beforeEach(async () => {
    for (const table of ['oidc_claim_validation', 'oauth_entity_scope']) {
      for (const row of await room.records.findBy(table, {}, { limit: 100 }))
        await room.records.remove((await import('../../../src/records/caller.ts')).systemCaller, table, row.sys_id ?? '');
    }
    await configure({ user_claim: 'preferred_username', user_field: 'user_name' });
  });

  const validations: Array<[type: string, demanded: string, good: unknown[], bad: unknown[]]> = [
    ['string', 't1', ['t1'], ['T1', 't1 ', ['t1'], 1, null, undefined, { t1: true }]],
    ['string', 'true', ['true'], [true]],
    ['number', '7', [7, 7.0], ['7', 8, [7], null, undefined]],
    ['boolean', 'true', [true], ['true', 1, false, null, undefined]],
    ['boolean', 'false', [false], ['', 0, null, undefined]],
    ['list_contains', 'a', [['a'], ['b', 'a']], ['a', ['A'], [['a']], [], 'b a', null, undefined]],
  ];
  for (const [type, demanded, good, bad] of validations) {
    it(`are compared as ${type} with ${demanded}`, async () => {
      await room.add('oidc_claim_validation', {
        oidc_provider_configuration: registered.configuration,
        claim_name: 'c',
        value_type: type,
        claim_value: demanded,
      });
      for (const c of good) assert.equal(await come({ c }), 'in as ada', JSON.stringify(c));
      for (const c of bad) assert.equal(await come({ c }), 'claim_mismatch', JSON.stringify(c));
    });
  }

  it('are found by their exact name first, then as a path; never in what every object inherits', async () => {
    const demand = (name: string) =>
      room.add('oidc_claim_validation', {
        oidc_provider_configuration: registered.configuration,
        claim_name: name,
        value_type: 'list_contains',
        claim_value: 'x',
      });
    const id = await demand('realm_access.roles');
    assert.equal(await come({ realm_access: { roles: ['x'] } }), 'in as ada');
    assert.equal(await come({ 'realm_access.roles': ['y'], realm_access: { roles: ['x'] } }), 'claim_mismatch');
    assert.equal(await come({ 'realm_access.roles': ['x'] }), 'in as ada');
    await room.set('oidc_claim_validation', id, { claim_name: 'https://example.com/roles' });
    assert.equal(await come({ 'https://example.com/roles': ['x'] }), 'in as ada');
    for (const name of ['constructor.name', '__proto__.x', 'a..b', '.', 'toString']) {
      await room.set('oidc_claim_validation', id, { claim_name: name, value_type: 'string', claim_value: 'Object' });
      assert.equal(await come({ a: {} }), 'claim_mismatch', name);
    }
  });

  it('must all hold', async () => {
    for (const name of ['a', 'b'])
      await room.add('oidc_claim_validation', {
        oidc_provider_configuration: registered.configuration,
        claim_name: name,
        claim_value: '1',
      });
    assert.equal(await come({ a: '1', b: '1' }), 'in as ada');
    assert.equal(await come({ a: '1', b: '2' }), 'claim_mismatch');
  });

  it('may carry any scopes while the entity has none, and only registered ones once it has some', async () => {
    assert.equal(await come({ scp: ['read'] }), 'in as ada');
    await room.add('oauth_entity_scope', { name: 'Read', oauth_entity_scope: 'read', oauth_entity: registered.entity });
    assert.equal(await come({}), 'in as ada');
    for (const scopes of [{ scp: ['read'] }, { scope: 'read' }, { scp: 'read' }])
      assert.equal(await come(scopes), 'in as ada', JSON.stringify(scopes));
    for (const scopes of [{ scp: ['read', 'write'] }, { scope: 'read write' }, { scp: ['read'], scope: 'x' }, { scp: [1] }])
      assert.equal(await come(scopes), 'scope_unregistered', JSON.stringify(scopes));
  });

  it('name the user by any column, to the letter but for user name and email', async () => {
    await configure({ user_claim: 'emp', user_field: 'employee_number' });
    assert.equal(await come({ emp: 'E1' }), 'in as ada');
    assert.equal(await come({ emp: 'e1' }), 'user_not_found');
    await configure({ user_claim: 'oid', user_field: 'sys_id' });
    const [ada] = await room.records.findBy('sys_user', { user_name: 'ada' });
    assert.equal(await come({ oid: ada?.sys_id }), 'in as ada');
    await room.add('sys_user', { user_name: '4711' });
    await configure({ user_claim: 'num', user_field: 'user_name' });
    assert.equal(await come({ num: 4711 }), 'in as 4711');
  });

  it('name the user by a number with all its digits', async () => {
    await configure({ user_claim: 'num', user_field: 'user_name' });
    for (const name of ['12345678901234567891', '12345678901234567000']) await room.add('sys_user', { user_name: name });
    const numbered = async (digits: string) => {
      const claims = decodeJwt(await issuer.token({ num: 'DIGITS' }));
      const text = JSON.stringify(claims).replace('"DIGITS"', digits);
      const [key] = issuer.signingKeys;
      assert.ok(key);
      const header = { alg: key.algorithm, kid: key.jwk.kid ?? '' };
      return outcome(await room.bearer(await new CompactSign(Buffer.from(text)).setProtectedHeader(header).sign(key.privateKey)));
    };
    assert.equal(await numbered('12345678901234567891'), 'in as 12345678901234567891');
    assert.equal(await numbered('12345678901234567890'), 'user_not_found');
  });

  it('name the user by email only when it is not said to be unverified', async () => {
    await configure({ user_claim: 'email', user_field: 'email' });
    for (const claims of [{}, { email_verified: true }, { email_verified: 'true' }])
      assert.equal(await come({ email: 'ADA@example.com', ...claims }), 'in as ada', JSON.stringify(claims));
    for (const email_verified of [false, 'false', 'False', ' FALSE '])
      assert.equal(await come({ email: 'ada@example.com', email_verified }), 'claim_mismatch');
    await configure({ user_claim: 'email', user_field: 'user_name' });
    await room.add('sys_user', { user_name: 'bo@example.com' });
    assert.equal(await come({ email: 'bo@example.com', email_verified: false }), 'claim_mismatch');
  });

  it('never choose between two users', async () => {
    await configure({ user_claim: 'emp', user_field: 'employee_number' });
    await room.add('sys_user', { user_name: 'twin', employee_number: 'E2', active: 'false' });
    assert.equal(await come({ emp: 'E2' }), 'user_inactive');
    await room.add('sys_user', { user_name: 'twin2', employee_number: 'E2' });
    assert.equal(await come({ emp: 'E2' }), 'user_ambiguous');
  });

  it('do not let in who is inactive or locked, from the very next call', async () => {
    const token = await issuer.token({});
    const [ada] = await room.records.findBy('sys_user', { user_name: 'ada' });
    const state = (values: Record<string, string>) => room.set('sys_user', ada?.sys_id ?? '', values);
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
    await state({ active: 'false' });
    assert.equal(await room.bearer(token), 'user_inactive');
    await state({ active: 'true', locked_out: 'true' });
    assert.equal(await room.bearer(token), 'user_locked');
    await state({ locked_out: 'false' });
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
  });

  it('stop counting when entity or configuration is switched off, or the whole subsystem', async () => {
    const token = await issuer.token({});
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
    await room.set('oauth_oidc_entity', registered.entity, { active: 'false' });
    assert.equal(await room.bearer(token), 'entity_inactive');
    await room.set('oauth_oidc_entity', registered.entity, { active: 'true' });
    await configure({ active: 'false' });
    assert.equal(await room.bearer(token), 'entity_inactive');
    await configure({ active: 'true' });
    await room.property('com.snc.platform.security.oauth.is.active', 'false');
    assert.equal(await room.bearer(token), 'policy_denied');
    await room.property('com.snc.platform.security.oauth.is.active', 'true');
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
  });

  it('obey a changed claim validation at once, for a token that came in before', async () => {
    const token = await issuer.token({});
    assert.equal(outcome(await room.bearer(token)), 'in as ada');
    await room.add('oidc_claim_validation', {
      oidc_provider_configuration: registered.configuration,
      claim_name: 'tenant',
      claim_value: 't1',
    });
    assert.equal(await room.bearer(token), 'claim_mismatch');
  });
});
