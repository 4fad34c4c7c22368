// Users made from the claims of a proven token.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { seedId } from '../../src/records/seed_id.ts';
import { type Engine, forEachEngine } from '../parts/engines.ts';
import { callerWith } from '../records/part.ts';
import { openRoom, putMap, type Room } from './part.ts';

const itil = seedId('sys_user_role', 'itil');
const admin = seedId('sys_user_role', 'admin');

interface Ready extends Room {
  configuration: string;
  source: string;
}

const ready = async (
  engine: Engine,
  more: Record<string, string> = {},
  entries: Parameters<typeof putMap>[2] = {},
): Promise<Ready> => {
  const room = await openRoom(engine);
  const source = await room.put('sys_data_source', { name: 'Corporate login', type: 'OIDC', import_set_table_name: 'u_claims' });
  const configuration = await room.put('oidc_provider_configuration', {
    name: 'Corporate',
    oidc_url: 'https://login.example.com/.well-known/openid-configuration',
    user_claim: 'sub',
    user_field: 'user_name',
    auto_provision: 'true',
    provision_data_source: source.sys_id ?? '',
    provision_roles: itil,
    ...more,
  });
  await putMap(
    room,
    { source_table: 'u_claims', target_table: 'sys_user' },
    {
      user_name: { source_field: 'u_sub', coalesce: 'true' },
      first_name: 'u_given_name',
      last_name: 'u_family_name',
      email: 'u_email',
      ...entries,
    },
  );
  return { ...room, configuration: configuration.sys_id ?? '', source: source.sys_id ?? '' };
};

const claims = (more: Record<string, unknown> = {}) => ({
  iss: 'https://login.example.com',
  sub: 'wanda',
  given_name: 'Wanda',
  family_name: 'Niemand',
  email: 'wanda@example.com',
  ...more,
});

const proven = (room: Ready, more: Record<string, unknown> = {}, userText = 'wanda') => ({
  entity: '',
  configuration: room.configuration,
  userText,
  claims: claims(more),
});

const provision = (room: Ready, more: Record<string, unknown> = {}) => room.imports.provisioner.provision(proven(room, more));

forEachEngine((engine) => {
  describe('provisioning', () => {
    it('makes a user with name, mail and roles, and leaves an import set that says so', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      const sysId = await provision(room);
      const [user] = await room.all('sys_user', 'user_name=wanda');
      assert.equal(user?.sys_id, sysId);
      assert.deepEqual([user?.name, user?.email], ['Wanda Niemand', 'wanda@example.com']);
      const grants = await room.all('sys_user_has_role', `user=${sysId}`);
      assert.deepEqual(
        grants.map((grant) => grant.role),
        [itil],
      );
      const [row] = await room.all('u_claims');
      assert.deepEqual([row?.u_sub, row?.sys_import_state, row?.sys_target_sys_id], ['wanda', 'inserted', sysId]);
      assert.equal((await room.all('sys_import_set'))[0]?.state, 'processed');
      // The user claim may stand inside another.
      await room.records.update(systemCaller, 'oidc_provider_configuration', room.configuration, { user_claim: 'who.login' });
      const nested = proven(room, { sub: 'vera', who: { login: 'vera' } }, 'vera');
      const made = await room.imports.provisioner.provision(nested);
      assert.equal((await room.all('sys_user', 'user_name=vera'))[0]?.sys_id, made);
    });

    it('makes exactly one user however many calls race in two processes', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      const other = await room.again();
      t.after(other.close);
      const rooms = [room, { ...room, imports: other.imports }];
      // Different token ids keep the calls of one process from sharing one making.
      const calls = Array.from({ length: 20 }, (_, at) => rooms.map((each) => provision(each, { session: at })));
      const found = await Promise.all(calls.flat());
      assert.equal(new Set(found).size, 1);
      assert.equal((await room.all('sys_user', 'user_name=wanda')).length, 1);
      assert.equal((await room.all('sys_user_has_role', `user=${found[0]}`)).length, 1);
      const states = new Set((await room.all('u_claims')).map((row) => row.sys_import_state));
      assert.deepEqual([...states].toSorted(), ['ignored', 'inserted']);
    });

    it('does nothing where the configuration does not ask for it', async (t) => {
      const room = await ready(engine, { auto_provision: 'false' });
      t.after(room.close);
      assert.equal(await provision(room), undefined);
      assert.equal(room.records.dictionary().table('u_claims'), undefined);
    });

    it('fails with the staging row and the cause, and leaves no user behind', async (t) => {
      const room = await ready(engine, {}, { time_zone: 'u_zoneinfo' });
      t.after(room.close);
      const failure = await provision(room, { zoneinfo: 'Mars/Olympus' }).catch((error) => error);
      const [row] = await room.all('u_claims');
      assert.equal(failure.code, 'imports.provision_failed');
      assert.ok(failure.detail.includes(row?.sys_id ?? 'no row'), failure.detail);
      assert.match(failure.detail, /Time zone/);
      assert.equal(row?.sys_import_state, 'error');
      assert.deepEqual((await room.all('sys_user', 'user_name=wanda')).length, 0);
      const errors = await room.all('sys_import_set_row_error', `import_set_row=${row?.sys_id}`);
      assert.ok(errors.some((error) => error.code === '1030'));
    });

    it('never takes over a user that the map finds by something else', async (t) => {
      const room = await ready(engine, {}, { email: { source_field: 'u_email', coalesce: 'true' } });
      t.after(room.close);
      const maps = await room.all('sys_transform_entry', 'target_field=user_name');
      await room.records.update(systemCaller, 'sys_transform_entry', maps[0]?.sys_id ?? '', { coalesce: 'false' });
      const victim = await room.put('sys_user', { user_name: 'boss', email: 'wanda@example.com' });
      await assert.rejects(provision(room), { code: 'imports.provision_failed' });
      const [still] = await room.all('sys_user', `sys_id=${victim.sys_id}`);
      assert.equal(still?.user_name, 'boss');
    });

    it('makes nobody whose name reads like that of another user', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      const sysId = await provision(room);
      for (const sub of ['ｗanda', 'WA\u200bNDA', 'wanda\u00a0']) {
        const failure = await room.imports.provisioner.provision(proven(room, { sub }, sub)).catch((error) => error);
        assert.equal(failure.code, 'imports.provision_failed', sub);
        assert.match(failure.detail, /reads like that of another user/);
      }
      assert.deepEqual(
        (await room.all('sys_user', 'nameLIKENiemand')).map((user) => user.sys_id),
        [sysId],
      );
    });

    it('never grants a role that only an admin may give, not even when the row says so', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      await assert.rejects(
        room.records.update(systemCaller, 'oidc_provider_configuration', room.configuration, {
          provision_roles: `${itil},${admin}`,
        }),
        { code: 'records.value_refused' },
      );
      const wrong: Record<string, string>[] = [{ provision_roles: `${itil},no such role` }, { provision_data_source: '' }];
      for (const values of wrong)
        await assert.rejects(room.records.update(systemCaller, 'oidc_provider_configuration', room.configuration, values), {
          code: 'records.value_refused',
        });
      // Names are as good as sys_ids.
      await room.records.update(systemCaller, 'oidc_provider_configuration', room.configuration, { provision_roles: 'ITIL' });
      assert.equal((await room.all('oidc_provider_configuration', `sys_id=${room.configuration}`))[0]?.provision_roles, itil);
      // As it would be when the role was elevated after the configuration was saved.
      await room.records.update(systemCaller, 'sys_user_role', itil, { elevated_privilege: 'true' });
      const sysId = await provision(room);
      assert.ok(sysId);
      assert.equal((await room.all('sys_user_has_role', `user=${sysId}`)).length, 0);
    });

    it('takes no harm from claims of any shape', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      const deep = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`);
      const hostile: Record<string, unknown> = {
        address: { country: 'DE', street: { name: 'x', number: 3 } },
        groups: ['a', 'b', 'c'],
        deep,
        long: 'x'.repeat(100_000),
        "'; DROP TABLE sys_user; --": "'; DROP TABLE sys_user; --",
        '': 'empty name',
        '…': 'no letters',
        ['k'.repeat(500)]: 'long name',
        constructor: 'c',
        sys_id: 'f'.repeat(32),
        sys_import_state: 'inserted',
        nul: 'a\0b',
        half: '\ud800',
        nothing: null,
      };
      Object.defineProperty(hostile, '__proto__', { value: { admin: true }, enumerable: true });
      for (let at = 0; at < 400; at += 1) hostile[`claim_${at}`] = String(at);
      const sysId = await provision(room, hostile);
      assert.ok(sysId);
      const [row] = await room.all('u_claims');
      assert.deepEqual([row?.u_address_country, row?.u_address_street_number, row?.u_groups], ['DE', '3', 'a,b,c']);
      assert.notEqual(row?.sys_id, 'f'.repeat(32));
      assert.equal((await room.all('sys_user', 'user_name=wanda')).length, 1);
    });

    it('brings a known user up to date only where the configuration says so, and never another user', async (t) => {
      const room = await ready(engine, { update_on_login: 'true' });
      t.after(room.close);
      const user = (await provision(room)) ?? '';
      const refresh = (more: Record<string, unknown>, who = user) => room.imports.provisioner.refresh(proven(room, more), who);
      await refresh({});
      assert.equal((await room.all('sys_import_set')).length, 1, 'the claims of the first call were taken with it');
      await refresh({ given_name: 'Vanda', exp: 1, jti: 'a' });
      await refresh({ given_name: 'Vanda', exp: 2, jti: 'b' });
      assert.equal((await room.all('sys_import_set')).length, 2, 'a new token that says the same is no news');
      assert.equal((await room.all('sys_user', `sys_id=${user}`))[0]?.name, 'Vanda Niemand');
      const other = await room.put('sys_user', { user_name: 'other' });
      await refresh({ given_name: 'Mallory' }, other.sys_id);
      assert.equal((await room.all('sys_user', `sys_id=${user}`))[0]?.name, 'Vanda Niemand');
      await room.records.update(systemCaller, 'oidc_provider_configuration', room.configuration, { update_on_login: 'false' });
      await refresh({ given_name: 'Zoe' });
      assert.equal((await room.all('sys_user', `sys_id=${user}`))[0]?.name, 'Vanda Niemand');
    });
  });

  describe('transform maps', () => {
    it('into tables of the instance itself, and transform scripts, are written by admins only', async (t) => {
      const room = await ready(engine);
      t.after(room.close);
      const keeper = callerWith(['import_admin']);
      const refused = { code: 'records.insert_refused' };
      const [user] = await room.all('sys_db_object', 'name=sys_user');
      const staff = { name: 'u_staff', label: 'Staff', super_class: user?.sys_id ?? '' };
      await room.records.insert(systemCaller, 'sys_db_object', staff);
      const own = ['sys_user_has_role', 'sys_user', 'oauth_entity', 'sys_security_acl', 'SYS_USER', 'u_staff'];
      for (const target_table of own)
        await assert.rejects(
          room.records.insert(keeper, 'sys_transform_map', { name: 'm', source_table: 'u_claims', target_table }),
          refused,
        );
      const map = await room.records.insert(keeper, 'sys_transform_map', {
        name: 'm',
        source_table: 'u_x',
        target_table: 'incident',
      });
      await assert.rejects(
        room.records.insert(keeper, 'sys_transform_script', { map: map.sysId, when: 'onBefore', script: 'gs.log(1)' }),
        refused,
      );
      await assert.rejects(
        room.records.insert(keeper, 'sys_transform_entry', {
          map: map.sysId,
          target_field: 'number',
          source_script: 'answer = 1',
        }),
        refused,
      );
      await room.records.insert(keeper, 'sys_transform_entry', { map: map.sysId, target_field: 'number', source_field: 'u_n' });
      const [users] = await room.all('sys_transform_map', 'target_table=sys_user');
      await assert.rejects(
        room.records.insert(keeper, 'sys_transform_entry', {
          map: users?.sys_id ?? '',
          target_field: 'email',
          source_field: 'u_x',
        }),
        refused,
      );
    });
  });
});
