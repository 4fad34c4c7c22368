// Saving entities and provider configurations: what is refused, and what is written down about the metadata.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../../src/kit/fault.ts';
import { callerWith } from '../../records/part.ts';
import { type Issuer, makeSigningKey, startIssuer } from '../issuer.ts';
import { openRoom, outcome, type Room, register } from '../part.ts';

describe('a provider configuration', () => {
  let room: Room;
  let issuer: Issuer;
  let serial = 0;
  const save = (values: Record<string, string>) => {
    serial += 1;
    return room.add('oidc_provider_configuration', {
      name: `C ${serial}`,
      oidc_url: issuer.metadataUrl,
      user_claim: 'email',
      user_field: 'email',
      ...values,
    });
  };
  const read = async (sysId: string) => (await room.records.findBy('oidc_provider_configuration', { sys_id: sysId }))[0];
  const refused = (code: string) => (error: unknown) => isFault(error, code);

  before(async () => {
    room = await openRoom();
    issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [await makeSigningKey('ES256')] });
  });
  after(async () => {
    await room.close();
    await issuer.close();
  });

  it('says what its metadata says', async () => {
    const row = await read(await save({}));
    assert.equal(row?.discovery_state, 'reachable');
    assert.equal(row?.discovered_issuer, issuer.issuer);
    assert.equal(row?.discovery_message, `Issuer ${issuer.issuer}, 1 keys: key-ES256`);
    assert.equal(row?.discovered_at, '2026-11-01 08:00:00');
  });

  it('keeps no blanks that were pasted with a value, and no value that nothing could match', async () => {
    const id = await save({ oidc_url: ` ${issuer.metadataUrl}\n`, user_claim: 'email ' });
    const row = await read(id);
    assert.deepEqual([row?.oidc_url, row?.user_claim], [issuer.metadataUrl, 'email']);
    const entity = { name: 'Pasted', client_id: ' pasted\t', oidc_provider_configuration: id };
    const made = await room.add('oauth_oidc_entity', entity);
    assert.equal((await room.records.findBy('oauth_oidc_entity', { sys_id: made }))[0]?.client_id, 'pasted');
    for (const clock_skew of ['-1', '3601'])
      await assert.rejects(room.set('oauth_oidc_entity', made, { clock_skew }), refused('records.value_refused'));
    const claim = { oidc_provider_configuration: id, claim_name: 'hd', claim_value: 'example.com' };
    await assert.rejects(
      room.records.insert(callerWith(['oauth_admin']), 'oidc_claim_validation', { ...claim, value_type: 'list' }),
      refused('records.value_refused'),
    );
  });

  it('is saved although the provider cannot be used, and says why', async () => {
    const broken: Array<[body: string, state: string, message: RegExp]> = [
      ['<html>', 'unreachable', /not JSON/],
      ['[]', 'invalid', /not a JSON object/],
      ['{}', 'invalid', /states no issuer/],
      ['{"issuer":"x"}', 'invalid', /states no jwks_uri/],
      ['{"issuer":"x","jwks_uri":"https://169.254.169.254/"}', 'unreachable', /never called/],
      [JSON.stringify({ issuer: 'x', jwks_uri: `${issuer.origin}/.well-known/x` }), 'invalid', /no list of keys/],
    ];
    for (const [body, state, message] of broken) {
      issuer.answer = (_path, response) => Boolean(response.end(body));
      const row = await read(await save({}));
      assert.equal(row?.discovery_state, state, body);
      assert.match(row?.discovery_message ?? '', message, body);
    }
    issuer.answer = (_path, response) => Boolean(response.destroy());
    assert.equal((await read(await save({})))?.discovery_state, 'unreachable');
    issuer.answer = undefined;
  });

  it('keeps the issuer it knew while the provider is down', async () => {
    const id = await save({});
    issuer.answer = (_path, response) => Boolean(response.destroy());
    await room.set('oidc_provider_configuration', id, { name: 'Renamed' });
    const row = await read(id);
    assert.deepEqual([row?.discovery_state, row?.discovered_issuer], ['unreachable', issuer.issuer]);
    issuer.answer = undefined;
  });

  it('that is active is refused when it can never work', async () => {
    const useless: Record<string, string>[] = [
      { oidc_url: 'http://example.com/' },
      { oidc_url: 'https://169.254.169.254/' },
      { oidc_url: 'https://user:secret@example.com/' },
      { oidc_url: 'ftp://example.com' },
      { oidc_url: 'nonsense' },
      { oidc_url: 'https://YOUR-ORG.okta.com/.well-known/openid-configuration' },
      { oidc_url: 'https://login.microsoftonline.com/{tenant}/v2.0' },
      { user_claim: '' },
      { user_claim: '<claim>' },
      { user_field: 'user_id' },
      { user_field: 'user_password' },
      { user_field: '' },
    ];
    for (const values of useless)
      await assert.rejects(save(values), refused('identity.configuration_invalid'), JSON.stringify(values));
  });

  it('that is inactive may hold placeholders, fetches nothing, and is checked when it is activated', async () => {
    const before = issuer.hits.metadata;
    const id = await save({ active: 'false', oidc_url: 'https://YOUR-ORG.okta.com/.well-known/openid-configuration' });
    assert.equal((await read(id))?.discovered_issuer, '');
    assert.equal(issuer.hits.metadata, before);
    await assert.rejects(
      room.set('oidc_provider_configuration', id, { active: 'true' }),
      refused('identity.configuration_invalid'),
    );
    await room.set('oidc_provider_configuration', id, { active: 'true', oidc_url: issuer.metadataUrl });
    assert.equal((await read(id))?.discovery_state, 'reachable');
  });

  it('does not take what a caller says about the metadata', async () => {
    const row = await read(await save({ discovered_issuer: 'https://evil.example', discovery_state: 'unreachable' }));
    assert.deepEqual([row?.discovered_issuer, row?.discovery_state], [issuer.issuer, 'reachable']);
  });

  it('shares its issuer and client id with no other active entity', async () => {
    const first = await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'once' });
    await assert.rejects(
      register(room, { metadataUrl: `${issuer.metadataUrl}?again`, clientId: 'once' }),
      refused('identity.entity_duplicate'),
    );
    await assert.rejects(
      register(room, { metadataUrl: issuer.metadataUrl, clientId: 'once' }),
      refused('identity.entity_duplicate'),
    );
    await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'ONCE' });
    const asleep = await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'once', entity: { active: 'false' } });
    await assert.rejects(room.set('oauth_oidc_entity', asleep.entity, { active: 'true' }), refused('identity.entity_duplicate'));
    await room.set('oauth_oidc_entity', first.entity, { active: 'false' });
    await room.set('oauth_oidc_entity', asleep.entity, { active: 'true' });
  });

  it('may share a client id with an entity of another issuer', async () => {
    const other = await startIssuer({ nowMs: room.clock.now, clientId: 'app', keys: [await makeSigningKey('ES256')] });
    await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'shared' });
    const { configuration } = await register(room, { metadataUrl: other.metadataUrl, clientId: 'shared' });
    await assert.rejects(
      room.set('oidc_provider_configuration', configuration, { oidc_url: issuer.metadataUrl }),
      refused('identity.entity_duplicate'),
    );
    await other.close();
  });

  it('of somebody who is no admin vouches for no admin, until an admin agrees', async () => {
    const registrar = callerWith(['oauth_admin'], { userName: 'registrar' });
    const admin = callerWith(['admin'], { userName: 'admin' });
    const own = await startIssuer({ nowMs: room.clock.now, clientId: 'climber', keys: [await makeSigningKey('ES256')] });
    await room.add('sys_user', { user_name: 'ada' });
    const comes = async (name: string) => outcome(await room.bearer(await own.token({ preferred_username: name })));
    const by = async (table: string, values: Record<string, string>) =>
      (await room.records.insert(registrar, table, values)).sysId;
    const from = { oidc_url: own.metadataUrl, user_claim: 'preferred_username', user_field: 'user_name', bars_admins: 'false' };
    const configuration = await by('oidc_provider_configuration', from);
    const named = { name: 'Climber', client_id: 'climber', oidc_provider_configuration: configuration };
    const entity = await by('oauth_oidc_entity', { ...named, bars_admins: 'false' });
    assert.deepEqual([await comes('ada'), await comes('admin')], ['in as ada', 'policy_denied']);
    await room.records.update(registrar, 'oauth_oidc_entity', entity, { bars_admins: 'false' });
    await room.records.update(admin, 'oauth_oidc_entity', entity, { bars_admins: 'false' });
    assert.equal(await comes('admin'), 'policy_denied');
    await room.records.update(admin, 'oidc_provider_configuration', configuration, { bars_admins: 'false' });
    assert.equal(await comes('admin'), 'in as admin');
    await room.records.update(registrar, 'oidc_provider_configuration', configuration, { jti_claim: 'uti' });
    assert.equal(await comes('admin'), 'policy_denied');
    await own.close();
  });

  it('needs an entity whose client id is filled in before it is active', async () => {
    for (const clientId of ['', 'YOUR-CLIENT-ID', 'replace-with-the-client-id-at-okta', '<client id>']) {
      await assert.rejects(
        register(room, { metadataUrl: issuer.metadataUrl, clientId }),
        refused('identity.entity_invalid'),
        clientId,
      );
    }
  });
});
