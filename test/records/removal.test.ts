// What happens around a record that is removed: to those that refer to it, and to tables and fields that are taken away.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });
const refused = (code: string) => (error: unknown) => isFault(error, code);

forEachEngine((engine) => {
  describe('a record that others refer to', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
      await insert('sys_db_object', { name: 'u_part', label: 'Part', is_extendable: 'true' });
      await insert('sys_db_object', {
        name: 'u_wheel',
        label: 'Wheel',
        super_class: (await one('sys_db_object', { name: 'u_part' })).sys_id ?? '',
      });
      for (const rule of ['clear', 'delete', 'restrict', 'none'])
        await insert('sys_dictionary', {
          name: 'u_part',
          element: `u_${rule}`,
          internal_type: 'reference',
          reference: 'u_part',
          reference_cascade_rule: rule,
        });
    });
    after(() => opened.close());

    const insert = async (table: string, values: Record<string, string>) =>
      (await opened.records.insert(admin, table, values)).sysId;
    const one = async (table: string, match: Record<string, string>) => (await opened.records.findBy(table, match))[0] ?? {};
    const isThere = async (sysId: string) => (await opened.records.findBy('u_part', { sys_id: sysId })).length === 1;

    it('goes, and they forget it, with a new update and an audit of their own', async () => {
      const target = await insert('incident', {});
      const child = await insert('incident', { parent: target, parent_incident: target });
      await opened.records.remove(admin, 'task', target);
      const row = await one('incident', { sys_id: child });
      assert.deepEqual([row.parent, row.parent_incident], ['', '']);
      const audits = await opened.records.findBy('sys_audit', { documentkey: child });
      assert.deepEqual(audits.map((each) => each.fieldname).sort(), ['INSERT_RECORD', 'parent', 'parent_incident']);
    });

    it('takes those along that are to go with it, through classes and circles', async () => {
      const target = await insert('u_part', {});
      const first = await insert('u_wheel', { u_delete: target });
      const second = await insert('u_part', { u_delete: first });
      await opened.records.update(admin, 'u_part', target, { u_delete: second });
      await opened.records.remove(admin, 'u_part', target);
      for (const sysId of [target, first, second]) assert.equal(await isThere(sysId), false);
      assert.deepEqual(await opened.records.findBy('u_wheel', { sys_id: first }), []);
    });

    it('stays where one of them says so, with everything that would have gone', async () => {
      const target = await insert('u_part', {});
      const doomed = await insert('u_part', { u_delete: target });
      const holder = await insert('u_wheel', { u_restrict: target });
      await assert.rejects(opened.records.remove(admin, 'u_part', target), refused('records.still_referred'));
      assert.deepEqual([await isThere(target), await isThere(doomed)], [true, true]);
      await opened.records.remove(admin, 'u_wheel', holder);
      await opened.records.remove(admin, 'u_part', target);
      assert.equal(await isThere(doomed), false);
    });

    it('leaves those alone that do not care', async () => {
      const target = await insert('u_part', {});
      const other = await insert('u_part', { u_none: target, u_clear: target });
      await opened.records.remove(admin, 'u_part', target);
      const row = await one('u_part', { sys_id: other });
      assert.deepEqual([row.u_none, row.u_clear], [target, '']);
    });

    it('that is a role is not removed while an access rule asks for it', async () => {
      const role = await insert('sys_user_role', { name: 'keeper' });
      const acl = await insert('sys_security_acl', { name: 'u_part', operation: 'read' });
      await insert('sys_security_acl_role', { sys_security_acl: acl, sys_user_role: role });
      await assert.rejects(opened.records.remove(admin, 'sys_user_role', role), refused('records.still_referred'));
      await opened.records.remove(admin, 'sys_security_acl', acl);
      assert.deepEqual(await opened.records.findBy('sys_security_acl_role', { sys_security_acl: acl }), []);
      await opened.records.remove(admin, 'sys_user_role', role);
    });

    it('that is a user takes his memberships and roles along', async () => {
      const user = await insert('sys_user', { user_name: 'leaver' });
      const group = await insert('sys_user_group', { name: 'Leavers' });
      await insert('sys_user_grmember', { user, group });
      await opened.records.remove(admin, 'sys_user', user);
      assert.deepEqual(await opened.records.findBy('sys_user_grmember', { group }), []);
    });
  });

  describe('a table or field that is taken away', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    const insert = async (table: string, values: Record<string, string>) =>
      (await opened.records.insert(admin, table, values)).sysId;
    const field = (element: string, type: string) => insert('sys_dictionary', { name: 'u_box', element, internal_type: type });

    it('is empty when it comes back, and comes back as the same kind only', async () => {
      const table = await insert('sys_db_object', { name: 'u_box', label: 'Box' });
      const size = await field('u_size', 'integer');
      const box = await insert('u_box', { u_size: '7' });
      await opened.records.remove(admin, 'sys_dictionary', size);
      assert.equal('u_size' in only(await opened.records.get(admin, 'u_box', box)), false);
      await assert.rejects(field('u_size', 'string'), refused('records.value_refused'));
      await field('u_size', 'integer');
      assert.equal((await opened.records.findBy('u_box', { sys_id: box }))[0]?.u_size, '');
      await assert.rejects(opened.records.remove(admin, 'sys_db_object', table), refused('records.value_refused'));
      await opened.records.remove(admin, 'u_box', box);
      await opened.records.remove(admin, 'sys_db_object', table);
      await assert.rejects(opened.records.list(admin, { table: 'u_box' }), refused('records.invalid_table'));
      assert.deepEqual(await opened.records.findBy('sys_dictionary', { name: 'u_box' }), []);
      await insert('sys_db_object', { name: 'u_box', label: 'Box again' });
      assert.ok(await insert('u_box', {}));
    });

    it('is refused where the program needs it', async () => {
      for (const [name, element] of [
        ['incident', 'category'],
        ['sys_user', 'user_name'],
        ['task', 'sys_id'],
      ] as const) {
        const [row] = await opened.records.findBy('sys_dictionary', { name, element });
        const sysId = row?.sys_id ?? '';
        await assert.rejects(opened.records.remove(admin, 'sys_dictionary', sysId), refused('records.value_refused'));
        await assert.rejects(
          opened.records.update(admin, 'sys_dictionary', sysId, { active: 'false' }),
          refused('records.value_refused'),
        );
      }
      const [incident] = await opened.records.findBy('sys_db_object', { name: 'incident' });
      await assert.rejects(
        opened.records.remove(admin, 'sys_db_object', incident?.sys_id ?? ''),
        refused('records.value_refused'),
      );
    });

    const nonsense: Array<Record<string, string>> = [
      { name: 'incident', element: 'number' },
      { name: 'task', element: 'category' },
      { name: 'incident', element: 'u_ref', internal_type: 'reference', reference: 'no_such_table' },
      { name: 'incident', element: 'u_ref', internal_type: 'reference', reference: 'sys_user', reference_key: 'no_such_field' },
      { name: 'incident', element: 'u_long', max_length: '-4' },
      { name: 'incident', element: 'u_long', max_length: '2000000000' },
      { name: 'no_such_table', element: 'u_x' },
    ];
    for (const values of nonsense) {
      it(`is not made as ${JSON.stringify(values)}`, async () => {
        await assert.rejects(insert('sys_dictionary', values), refused('records.value_refused'));
      });
    }

    it('secrets and moments stay what they are', async () => {
      for (const [name, element, type] of [
        ['sys_user', 'user_password', 'GUID'],
        ['sys_user', 'last_login_time', 'document_id'],
        ['oauth_entity', 'client_secret', 'reference'],
      ] as const) {
        const [row] = await opened.records.findBy('sys_dictionary', { name, element });
        await assert.rejects(
          opened.records.update(admin, 'sys_dictionary', row?.sys_id ?? '', { internal_type: type }),
          refused('records.value_refused'),
        );
      }
    });
  });
});
