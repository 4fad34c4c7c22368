// Records of a class with rules of its own, met through the table that it extends: listed, read, counted, asked about and walked to.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn, valuesOf } from './part.ts';

const admin = callerWith(['admin']);
const agent = callerWith(['itil'], { userName: 'agent' });
const clerk = callerWith(['itil', 'u_hr'], { userName: 'clerk' });

forEachEngine((engine) => {
  describe('rights of classes', () => {
    let opened: Opened;
    const ids: Record<string, string> = {};

    const put = async (table: string, values: Record<string, string>): Promise<string> => {
      const row = await opened.records.write((transaction) =>
        opened.records.within(transaction).insert(systemCaller, table, values),
      );
      return row.sys_id ?? '';
    };
    const rule = async (name: string, role: string, more: Record<string, string> = {}) => {
      const [known] = await opened.records.findBy('sys_user_role', { name: role });
      const acl = await put('sys_security_acl', { name, operation: 'read', type: 'record', active: 'true', ...more });
      await put('sys_security_acl_role', { sys_security_acl: acl, sys_user_role: known?.sys_id ?? '' });
    };

    before(async () => {
      opened = await openOn(engine, { demoData: true });
      const [task] = await opened.records.findBy('sys_db_object', { name: 'task' });
      for (const name of ['u_hrcase', 'u_own', 'u_field'])
        await opened.records.insert(admin, 'sys_db_object', { name, label: name, super_class: task?.sys_id ?? '' });
      await put('sys_user_role', { name: 'u_hr' });
      await rule('u_hrcase', 'u_hr');
      await rule('u_own', 'itil', { condition: 'urgency=1' });
      await rule('u_field.description', 'u_hr');
      ids.hidden = await put('u_hrcase', { short_description: 'Quokka dismissed', description: 'Quokka' });
      ids.partly = await put('u_own', { short_description: 'Quokka open', urgency: '1', description: 'x' });
      await put('u_own', { short_description: 'Quokka closed', urgency: '3' });
      ids.field = await put('u_field', { short_description: 'Quokka field', description: 'Quokka wage' });
      ids.child = await put('incident', { short_description: 'Child of hidden', parent: ids.hidden });
      ids.other = await put('incident', { short_description: 'Child of open', parent: ids.partly });
    });
    after(() => opened.close());

    const list = async (caller: typeof agent, table: string, query: string, fields?: string[]) =>
      valuesOf(await opened.records.list(caller, { table, query, ...(fields ? { fields } : {}) }));
    const about = 'short_descriptionSTARTSWITHQuokka';
    const names = async (caller: typeof agent, query = about) =>
      (await list(caller, 'task', query, ['short_description'])).map((row) => row.short_description).sort();

    it('rows are seen through the parent as they are seen in their own table, and counted so', async () => {
      assert.deepEqual(await names(agent), ['Quokka field', 'Quokka open']);
      assert.deepEqual(await names(clerk), ['Quokka dismissed', 'Quokka field', 'Quokka open']);
      assert.equal((await names(admin)).length, 4);
      const counted = await opened.records.list(agent, { table: 'task', query: about, limit: 1, withCount: true });
      assert.equal(counted.total, 2);
      const none = { avg: [], min: [], max: [], sum: [], groupBy: [], having: [], order: [] };
      const figures = await opened.records.figures(agent, { table: 'task', query: about, count: true, ...none });
      assert.equal(Number(figures.rows[0]?.[0]), 2);
      await assert.rejects(opened.records.get(agent, 'task', ids.hidden ?? ''), (error) => isFault(error, 'records.not_found'));
      assert.ok(await opened.records.get(clerk, 'task', ids.hidden ?? ''));
    });

    it('a field that a class hides is hidden through the parent, in that class alone, and nobody asks about it there', async () => {
      const shown = async (caller: typeof agent) => {
        const query = `sys_idIN${ids.field},${ids.partly}^ORDERBYsys_class_name`;
        const { columns, rows } = await opened.records.list(caller, { table: 'task', query });
        const description = columns.find(({ key }) => key === 'description');
        assert.ok(description);
        return rows.map((row) => (Number(row[description.grantedAt ?? -1] ?? 1) === 1 ? row[description.valueAt] : ''));
      };
      assert.deepEqual(await shown(agent), ['', 'x']);
      assert.deepEqual(await shown(clerk), ['Quokka wage', 'x']);
      await assert.rejects(names(agent, 'descriptionLIKEwage'), (error) => isFault(error, 'records.field_not_readable'));
      assert.deepEqual(await names(clerk, 'descriptionLIKEwage'), ['Quokka field']);
    });

    it('behind a reference, and in a block about the parent, they are as if they were not there', async () => {
      const both = `sys_idIN${ids.child},${ids.other}`;
      const walk = async (caller: typeof agent, more = '') =>
        (await list(caller, 'incident', `${both}${more}`, ['short_description', 'parent.short_description'])).map(
          (row) => row['parent.short_description'] ?? '',
        );
      assert.deepEqual((await walk(clerk)).sort(), ['', 'Quokka dismissed']);
      assert.deepEqual((await walk(admin)).sort(), ['Quokka dismissed', 'Quokka open']);
      assert.deepEqual(await walk(agent), ['', '']);
      assert.deepEqual(await walk(agent, '^parent.short_descriptionLIKEdismissed'), []);
      assert.deepEqual(await walk(clerk, '^parent.short_descriptionLIKEdismissed'), ['Quokka dismissed']);
      const joined = `${both}^JOINincident.parent=task.sys_id!short_descriptionLIKEdismissed`;
      assert.equal((await list(agent, 'incident', joined)).length, 0);
      assert.equal((await list(clerk, 'incident', joined)).length, 1);
    });
  });
});
