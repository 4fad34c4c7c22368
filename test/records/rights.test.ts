// Who may do what, on real rows: roles, own records, hidden fields, closed tables, and the roads to more power that are closed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { seedId } from '../../src/records/seed_id.ts';
import { roleId } from '../../src/records/tables/sys_user_role.ts';
import { adminSysId } from '../../src/records/tables/sys_user_rows.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn, valuesOf } from './part.ts';

const admin = callerWith(['admin'], { userSysId: adminSysId, userName: 'admin' });
const agent = callerWith(['itil'], { userSysId: seedId('sys_user', 'mei.tanaka'), userName: 'mei.tanaka' });
const nadia = callerWith([], { userSysId: seedId('sys_user', 'nadia.brandt'), userName: 'nadia.brandt' });
const keeper = callerWith(['user_admin'], { userName: 'keeper' });
const registrar = callerWith(['oauth_admin'], { userName: 'registrar' });

const refused = (code: string) => (error: unknown) => isFault(error, code);
const described = '897b04f2dbd4a300a135364e9d961952';

forEachEngine((engine) => {
  describe('rights', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine, { demoData: true });
    });
    after(() => opened.close());

    const idOf = async (table: string, match: Record<string, string>): Promise<string> => {
      const [row] = await opened.records.findBy(table, match);
      assert.ok(row, `${table} ${JSON.stringify(match)}`);
      return row.sys_id ?? '';
    };

    it('an agent sees every incident, a caller only his own, and the count says so', async () => {
      const all = await opened.records.list(agent, { table: 'incident', withCount: true });
      assert.equal(all.total, 10);
      const own = await opened.records.list(nadia, { table: 'incident', withCount: true });
      assert.equal(own.total, 3);
      assert.equal(own.rows.length, 3);
      assert.ok(valuesOf(own).every((row) => row.caller_id === nadia.userSysId));
      assert.equal(
        (await opened.records.list(nadia, { table: 'incident', query: 'active=true^ORactive=false', withCount: true })).total,
        3,
      );
      assert.equal(
        (await opened.records.list(nadia, { table: 'incident', query: 'active=true^NQactive=false', withCount: true })).total,
        3,
      );
    });

    it('one caller does not get what was compiled for another', async () => {
      const owen = { ...nadia, userSysId: seedId('sys_user', 'owen.hale'), userName: 'owen.hale' };
      for (const caller of [nadia, owen, nadia]) {
        const rows = valuesOf(await opened.records.list(caller, { table: 'incident' }));
        assert.ok(rows.every((row) => row.caller_id === caller.userSysId));
      }
    });

    it('a hidden record is as missing as one that is not there', async () => {
      const foreign = await idOf('incident', { number: 'INC0000002' });
      for (const sysId of [foreign, '0'.repeat(32), '', "' OR 1=1 --", '\0']) {
        await assert.rejects(opened.records.get(nadia, 'incident', sysId), refused('records.not_found'));
        await assert.rejects(
          opened.records.update(nadia, 'incident', sysId, { short_description: 'x' }),
          refused('records.not_found'),
        );
        await assert.rejects(opened.records.remove(nadia, 'incident', sysId), refused('records.not_found'));
      }
      assert.equal(only(await opened.records.get(nadia, 'incident', described)).sys_id, described);
    });

    it('who may read may not therefore write', async () => {
      await assert.rejects(
        opened.records.update(nadia, 'incident', described, { short_description: 'x' }),
        refused('records.update_refused'),
      );
      await assert.rejects(opened.records.remove(agent, 'incident', described), refused('records.delete_refused'));
      await assert.rejects(
        opened.records.insert(nadia, 'incident', { short_description: 'x' }),
        refused('records.insert_refused'),
      );
    });

    it('a walk from an own record does not lead to a foreign one', async () => {
      const foreign = await idOf('incident', { number: 'INC0000002' });
      await opened.records.update(systemCaller, 'incident', described, { parent_incident: foreign, parent: foreign });
      const fields = ['number', 'parent_incident.short_description', 'parent.short_description'];
      const shown = await opened.records.list(nadia, { table: 'incident', query: `sys_id=${described}`, fields });
      assert.doesNotMatch(JSON.stringify(shown.rows), /printers/);
      await assert.rejects(
        opened.records.list(nadia, { table: 'incident', query: 'parent_incident.short_descriptionLIKEprinters' }),
        refused('records.field_not_readable'),
      );
      await assert.rejects(
        opened.records.list(nadia, { table: 'incident', query: 'parent.short_descriptionLIKEprinters' }),
        refused('records.field_not_readable'),
      );
    });

    const closed: Array<[who: string, caller: typeof admin, table: string]> = [
      ['a user', nadia, 'oauth_entity'],
      ['a user', nadia, 'oidc_provider_configuration'],
      ['a user', nadia, 'causeway_refusal'],
      ['a user', nadia, 'sys_audit'],
      ['an agent', agent, 'oauth_credential'],
      ['an agent', agent, 'sys_security_acl'],
    ];
    for (const [who, caller, table] of closed) {
      it(`${who} reads nothing of ${table}`, async () => {
        await assert.rejects(opened.records.list(caller, { table, withCount: true }), refused('records.table_not_readable'));
      });
    }

    for (const table of [
      'sys_db_object',
      'sys_dictionary',
      'sys_choice',
      'sys_user',
      'sys_user_group',
      'sys_user_role',
      'sys_number',
    ]) {
      it(`every user reads ${table}`, async () => {
        const { total } = await opened.records.list(nadia, { table, limit: 1, withCount: true });
        assert.ok(total && total > 0);
      });
    }

    it('nobody writes refusals and audit rows, not even admin', async () => {
      for (const table of ['causeway_refusal', 'sys_audit', 'oauth_jti', 'sys_journal_field']) {
        await assert.rejects(opened.records.insert(admin, table, {}), refused('records.insert_refused'), table);
      }
    });

    it('fields that decide about signing in are hidden, from queries too', async () => {
      const shown = only(await opened.records.get(nadia, 'sys_user', adminSysId));
      assert.equal('user_password' in shown, false);
      assert.equal('failed_attempts' in shown, false);
      assert.equal(shown.user_name, 'admin');
      await assert.rejects(
        opened.records.list(nadia, { table: 'sys_user', query: 'user_passwordISNOTEMPTY' }),
        refused('records.field_not_readable'),
      );
      await assert.rejects(
        opened.records.list(nadia, { table: 'sys_user', query: 'no_such_field=1' }),
        refused('records.field_not_readable'),
      );
    });

    it('private and secret properties are read by admin only', async () => {
      await opened.records.insert(admin, 'sys_properties', { name: 'test.private', value: 'hush', is_private: 'true' });
      await opened.records.insert(admin, 'sys_properties', { name: 'test.password', value: 'hush', type: 'password2' });
      await opened.records.insert(admin, 'sys_properties', { name: 'test.roles', value: 'hush', read_roles: 'itil' });
      const query = 'nameSTARTSWITHtest.';
      assert.equal((await opened.records.list(nadia, { table: 'sys_properties', query, withCount: true })).total, 0);
      assert.equal((await opened.records.list(admin, { table: 'sys_properties', query, withCount: true })).total, 3);
      assert.ok((await opened.records.list(nadia, { table: 'sys_properties' })).rows.length > 5);
    });

    it('a registrar keeps providers and nothing else', async () => {
      const values = {
        name: 'Own',
        oidc_url: 'https://idp.example/.well-known/openid-configuration',
        user_claim: 'email',
        user_field: 'email',
      };
      assert.ok((await opened.records.insert(registrar, 'oidc_provider_configuration', values)).sysId);
      await assert.rejects(opened.records.insert(registrar, 'sys_user', { user_name: 'x' }), refused('records.insert_refused'));
      await assert.rejects(opened.records.insert(registrar, 'sys_properties', { name: 'x' }), refused('records.insert_refused'));
    });

    it('a keeper of users gives roles, but none that is guarded, on no road', async () => {
      const user = nadia.userSysId;
      assert.ok((await opened.records.insert(keeper, 'sys_user_has_role', { user, role: roleId('itil') })).sysId);
      for (const role of ['admin', 'security_admin']) {
        await assert.rejects(
          opened.records.insert(keeper, 'sys_user_has_role', { user, role: roleId(role) }),
          refused('records.insert_refused'),
        );
      }
      // A role that brings admin along, at two removes.
      const wrapper = await opened.records.insert(admin, 'sys_user_role', { name: 'wrapper' });
      const outer = await opened.records.insert(admin, 'sys_user_role', { name: 'outer' });
      await opened.records.insert(admin, 'sys_user_role_contains', { role: wrapper.sysId, contains: roleId('admin') });
      await opened.records.insert(admin, 'sys_user_role_contains', { role: outer.sysId, contains: wrapper.sysId });
      await assert.rejects(
        opened.records.insert(keeper, 'sys_user_has_role', { user, role: outer.sysId }),
        refused('records.insert_refused'),
      );
      // A grant that is changed into a guarded one, or a guarded one that is taken.
      const held = await idOf('sys_user_has_role', { user, role: roleId('itil') });
      await assert.rejects(
        opened.records.update(keeper, 'sys_user_has_role', held, { role: roleId('admin') }),
        refused('records.update_refused'),
      );
      const adminGrant = await idOf('sys_user_has_role', { user: adminSysId, role: roleId('admin') });
      await assert.rejects(
        opened.records.update(keeper, 'sys_user_has_role', adminGrant, { user }),
        refused('records.update_refused'),
      );
      await assert.rejects(opened.records.remove(keeper, 'sys_user_has_role', adminGrant), refused('records.delete_refused'));
      // Through a group, and through a group below it.
      const chiefs = await opened.records.insert(admin, 'sys_user_group', { name: 'Chiefs' });
      await opened.records.insert(admin, 'sys_group_has_role', { group: chiefs.sysId, role: roleId('admin') });
      await assert.rejects(
        opened.records.insert(keeper, 'sys_user_grmember', { user, group: chiefs.sysId }),
        refused('records.insert_refused'),
      );
      await assert.rejects(
        opened.records.insert(keeper, 'sys_user_group', { name: 'Below', parent: chiefs.sysId }),
        refused('records.insert_refused'),
      );
      await assert.rejects(
        opened.records.insert(keeper, 'sys_group_has_role', {
          group: seedId('sys_user_group', 'Network'),
          role: roleId('admin'),
        }),
        refused('records.insert_refused'),
      );
      // Roles themselves are admin's.
      await assert.rejects(opened.records.insert(keeper, 'sys_user_role', { name: 'mine' }), refused('records.insert_refused'));
      await assert.rejects(
        opened.records.insert(keeper, 'sys_user_role_contains', { role: roleId('itil'), contains: roleId('admin') }),
        refused('records.insert_refused'),
      );
    });

    it('a keeper of users does not become an admin by resetting one', async () => {
      const decisive = { user_password: 'mine now', email: 'me@example.com', user_name: 'renamed', locked_out: 'true' };
      for (const [element, value] of Object.entries(decisive)) {
        await assert.rejects(
          opened.records.update(keeper, 'sys_user', adminSysId, { [element]: value }),
          refused('records.update_refused'),
        );
      }
      await opened.records.update(keeper, 'sys_user', adminSysId, { title: 'Head' });
      await opened.records.update(keeper, 'sys_user', nadia.userSysId, { user_password: 'new for her' });
    });

    it('a keeper of users does not change by which column a provider finds an admin', async () => {
      await opened.records.update(keeper, 'sys_user', adminSysId, { phone: '1' });
      const template = await idOf('oidc_provider_configuration', { name: 'Okta' });
      await opened.records.update(systemCaller, 'oidc_provider_configuration', template, { user_field: 'phone' });
      await assert.rejects(
        opened.records.update(keeper, 'sys_user', adminSysId, { phone: '2' }),
        refused('records.update_refused'),
      );
    });

    it('what hangs on a hidden record is not asked about from another table', async () => {
      const foreign = await idOf('incident', { number: 'INC0000002' });
      const file = { file_name: 'secret plan.txt', table_name: 'incident', table_sys_id: foreign };
      await opened.records.insert(systemCaller, 'sys_attachment', file);
      const join = 'JOINsys_db_object.name=sys_attachment.table_name!file_nameSTARTSWITHsecret';
      const related = 'RLQUERYsys_attachment.table_sys_id,>=1^file_nameSTARTSWITHsecret^ENDRLQUERY';
      for (const [table, query] of [
        ['sys_db_object', join],
        ['incident', related],
      ] as const)
        await assert.rejects(opened.records.list(nadia, { table, query }), refused('records.field_not_readable'), query);
    });

    it('a journal is read by whoever may read its record, and its field', async () => {
      const foreign = await idOf('incident', { number: 'INC0000002' });
      await opened.records.update(systemCaller, 'incident', foreign, { comments: 'said', work_notes: 'noted' });
      const registration = { work_notes: 'between us', consumer_url: 'https://peer.example' };
      const guarded = (await opened.records.insert(systemCaller, 'sn_sb_pro_registration', registration)).sysId;
      const read = async (caller: typeof admin) => {
        const query = `element_idIN${foreign},${guarded}`;
        const rows = valuesOf(await opened.records.list(caller, { table: 'sys_journal_field', query }));
        return rows.map(({ value }) => value).sort();
      };
      assert.deepEqual(await read(admin), ['between us', 'noted', 'said']);
      assert.deepEqual(await read(agent), ['noted', 'said']);
      const rule = { name: 'incident.work_notes', operation: 'read', type: 'record' };
      const { sysId: acl } = await opened.records.insert(admin, 'sys_security_acl', rule);
      const role = { sys_security_acl: acl, sys_user_role: roleId('user_admin') };
      await opened.records.insert(admin, 'sys_security_acl_role', role);
      assert.deepEqual(await read(agent), ['said']);
      await opened.records.remove(admin, 'sys_security_acl', acl);
    });

    it('attachments go with their own record, and not with one of another table that took its sys_id', async () => {
      const { sysId } = await opened.records.insert(systemCaller, 'kb_knowledge', { short_description: 'kept' });
      const file = { file_name: 'kept.txt', table_name: 'kb_knowledge', table_sys_id: sysId };
      await opened.records.insert(systemCaller, 'sys_attachment', file);
      await opened.records.insert(systemCaller, 'cmn_department', { sys_id: sysId, name: 'twin' });
      await opened.records.remove(systemCaller, 'cmn_department', sysId);
      assert.equal((await opened.records.findBy('sys_attachment', { table_sys_id: sysId })).length, 1);
      await opened.records.remove(systemCaller, 'kb_knowledge', sysId);
      assert.equal((await opened.records.findBy('sys_attachment', { table_sys_id: sysId })).length, 0);
    });

    it('a secret is nobody’s display value', async () => {
      const [password, name] = await Promise.all(
        ['user_password', 'name'].map((element) => idOf('sys_dictionary', { name: 'sys_user', element })),
      );
      const modeller = callerWith(['personalize_dictionary']);
      await opened.records.update(modeller, 'sys_dictionary', password ?? '', { display: 'true' });
      await opened.records.update(modeller, 'sys_dictionary', name ?? '', { display: 'false' });
      const grants = await opened.records.list(nadia, { table: 'sys_user_has_role', fields: ['user'], display: 'true' });
      assert.doesNotMatch(JSON.stringify(grants.rows), /argon2/);
      await opened.records.update(modeller, 'sys_dictionary', name ?? '', { display: 'true' });
      await opened.records.update(modeller, 'sys_dictionary', password ?? '', { display: 'false' });
    });

    it('a registrar lets no application act as an admin', async () => {
      const asAdmin = opened.records.insert(registrar, 'oauth_entity', { name: 'climber', user: adminSysId });
      await assert.rejects(asAdmin, refused('records.insert_refused'));
      const harmless = await opened.records.insert(registrar, 'oauth_entity', { name: 'harmless', user: agent.userSysId });
      await assert.rejects(
        opened.records.update(registrar, 'oauth_entity', harmless.sysId, { user: adminSysId }),
        refused('records.update_refused'),
      );
      const mighty = await opened.records.insert(admin, 'oauth_entity', { name: 'mighty', user: adminSysId });
      await assert.rejects(
        opened.records.update(registrar, 'oauth_entity', mighty.sysId, { client_secret: 'known to me' }),
        refused('records.update_refused'),
      );
    });

    it('a registrar makes no key and no token of an admin', async () => {
      const key = { name: 'climber', user: adminSysId };
      await assert.rejects(opened.records.insert(registrar, 'api_key', key), refused('records.insert_refused'));
      const { sysId: own } = await opened.records.insert(registrar, 'api_key', { name: 'own', user: agent.userSysId });
      await assert.rejects(opened.records.update(registrar, 'api_key', own, key), refused('records.update_refused'));
      const { sysId: mighty } = await opened.records.insert(admin, 'api_key', key);
      const known = { token: 'a key that is known to the registrar' };
      await assert.rejects(opened.records.update(registrar, 'api_key', mighty, known), refused('records.update_refused'));
      const { sysId: token } = await opened.records.insert(systemCaller, 'oauth_credential', { user: agent.userSysId });
      await opened.records.update(registrar, 'oauth_credential', token, { user: adminSysId, peer: '', name: 'seen' });
      const [kept] = await opened.records.findBy('oauth_credential', { sys_id: token });
      assert.deepEqual([kept?.user, kept?.name], [agent.userSysId, 'seen']);
    });

    it('a changed rule counts at once, in every process', async () => {
      const acl = await idOf('sys_security_acl', { name: 'sys_user_group', operation: 'read' });
      await opened.records.update(admin, 'sys_security_acl', acl, { active: 'false' });
      await assert.rejects(opened.records.list(nadia, { table: 'sys_user_group' }), refused('records.table_not_readable'));
      await opened.records.update(admin, 'sys_security_acl', acl, { active: 'true' });
      assert.ok((await opened.records.list(nadia, { table: 'sys_user_group' })).rows.length > 0);
    });

    it('a table closed to web services is closed to admin', async () => {
      const table = await idOf('sys_db_object', { name: 'cmn_location' });
      await opened.records.update(admin, 'sys_db_object', table, { ws_access: 'false' });
      await assert.rejects(opened.records.list(admin, { table: 'cmn_location' }), refused('records.closed_to_web_services'));
      assert.deepEqual(await opened.records.findBy('cmn_location', {}), []);
    });

    for (const table of ['notExistingTable', '__proto__', 'constructor', 'task; DROP TABLE task', '', 'INCIDENT']) {
      it(`table ${JSON.stringify(table)} is none`, async () => {
        await assert.rejects(opened.records.list(admin, { table }), (error: unknown) => {
          assert.ok(isFault(error, 'records.invalid_table'));
          assert.equal(error.message, `Invalid table ${table}`);
          return true;
        });
      });
    }
  });
});
