// Fields that a table has otherwise than its parent, choices that depend on another field, and rules that deny.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });
const agent = callerWith(['itil'], { userName: 'agent' });
const refused = (code: string) => (error: unknown) => isFault(error, code);

forEachEngine((engine) => {
  describe('a field below its owner', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    const insert = async (table: string, values: Record<string, string>, caller = admin) =>
      (await opened.records.insert(caller, table, values)).sysId;
    const withRow = async (table: string, values: Record<string, string>, work: () => Promise<void>) => {
      const sysId = await insert(table, values);
      try {
        await work();
      } finally {
        await opened.records.remove(admin, table, sysId);
      }
    };

    it('has its own default, duty and lock, in every process, and only there', async () => {
      const override = (element: string, more: Record<string, string>) =>
        insert('sys_dictionary_override', { name: 'incident', base_table: 'task', element, ...more });
      await override('contact_type', { default_value_override: 'true', default_value: 'phone' });
      await override('description', { mandatory_override: 'true', mandatory: 'true' });
      await override('comments_and_work_notes', { read_only_override: 'true', read_only: 'false', mandatory: 'true' });
      const other = await opened.openAgain();
      const fields = other.records.dictionary().table('incident')?.fields;
      assert.equal(fields?.get('description')?.mandatory, true);
      assert.equal(other.records.dictionary().table('task')?.fields.get('description')?.mandatory, false);
      assert.equal(fields?.get('comments_and_work_notes')?.mandatory, false, 'a part without its flag says nothing');
      await other.close();
      await assert.rejects(insert('incident', {}), refused('records.mandatory_missing'));
      const made = only(await opened.records.insert(admin, 'incident', { description: 'x' }));
      assert.equal(made.contact_type, 'phone');
      assert.notEqual(only(await opened.records.insert(admin, 'task', {})).contact_type, 'phone');
    });

    it('takes the choice that goes with what it depends on', async () => {
      await insert('sys_db_object', { name: 'u_car', label: 'Car' });
      const make = (element: string, more: Record<string, string>) =>
        insert('sys_dictionary', { name: 'u_car', element, internal_type: 'string', choice: '1', ...more });
      await make('u_model', { dependent_on_field: 'u_brand' });
      await make('u_brand', {});
      const choice = (element: string, value: string, label: string, dependent_value = '') =>
        insert('sys_choice', { name: 'u_car', element, value, label, dependent_value });
      await choice('u_brand', 'a', 'Alpha');
      await choice('u_brand', 'b', 'Beta');
      await choice('u_model', 'a1', 'One', 'a');
      await choice('u_model', 'b1', 'One', 'b');
      const made = await opened.records.insert(admin, 'u_car', { u_model: 'One', u_brand: 'Beta' }, { valuesAreDisplay: true });
      assert.equal(only(made).u_model, 'b1');
      const moved = { u_brand: 'Alpha', u_model: 'One' };
      assert.equal(
        only(await opened.records.update(admin, 'u_car', made.sysId, moved, { valuesAreDisplay: true })).u_model,
        'a1',
      );
      const again = await opened.records.update(admin, 'u_car', made.sysId, { u_model: 'one' }, { valuesAreDisplay: true });
      assert.equal(only(again).u_model, 'a1');
    });

    it('an update may leave the stamps as they are; the audit still tells', async () => {
      const sysId = await insert('incident', { description: 'x' });
      const [before] = await opened.records.findBy('incident', { sys_id: sysId });
      opened.clock.advance(5000);
      await opened.records.update(agent, 'incident', sysId, { short_description: 'quiet' }, { suppressAutoSysField: true });
      const [row] = await opened.records.findBy('incident', { sys_id: sysId });
      assert.equal(row?.short_description, 'quiet');
      for (const element of ['sys_updated_on', 'sys_updated_by', 'sys_mod_count'])
        assert.equal(row?.[element], before?.[element]);
      assert.equal((await opened.records.findBy('sys_audit', { documentkey: sysId, user: 'agent' })).length, 1);
    });

    it('a rule that denies stands before every rule that allows, also on the parent, and lets admin by', async () => {
      await withRow(
        'sys_security_acl',
        { name: 'task', operation: 'read', decision_type: 'deny', condition: 'active=true' },
        async () => {
          const open = await insert('incident', { description: 'open' });
          const closed = await insert('incident', { description: 'closed', state: '7' });
          assert.equal(only(await opened.records.get(agent, 'incident', open)).sys_id, open);
          await assert.rejects(opened.records.get(agent, 'incident', closed), refused('records.not_found'));
          assert.equal(only(await opened.records.get(admin, 'incident', closed)).sys_id, closed);
          const { total, rows } = await opened.records.list(agent, { table: 'incident', withCount: true });
          assert.equal(total, rows.length);
          assert.ok(rows.length > 0);
        },
      );
    });

    it('a rule with a script lets only admin by, whether it allows or denies', async () => {
      for (const decision_type of ['allow', 'deny']) {
        const values = { name: 'incident', operation: 'read', script: 'answer = true', decision_type };
        await withRow('sys_security_acl', values, async () => {
          const list = () => opened.records.list(agent, { table: 'incident' });
          if (decision_type === 'deny') await assert.rejects(list(), refused('records.table_not_readable'));
          else assert.ok((await list()).rows.length > 0, 'the other rules still allow');
          assert.ok((await opened.records.list(admin, { table: 'incident' })).rows.length > 0);
        });
      }
    });

    it('a rule for creating judges the record as it was stored', async () => {
      await insert('sys_db_object', { name: 'u_note', label: 'Note' });
      await insert('sys_dictionary', { name: 'u_note', element: 'u_kind', internal_type: 'string' });
      await insert('sys_security_acl', { name: 'u_note', operation: 'create', condition: 'u_kind=open' });
      assert.ok(await insert('u_note', { u_kind: 'open' }, agent));
      await assert.rejects(insert('u_note', { u_kind: 'closed' }, agent), refused('records.insert_refused'));
      assert.equal((await opened.records.findBy('u_note', {})).length, 1);
    });

    it('metadata are closed by a property, at once', async () => {
      const [property] = await opened.records.findBy('sys_properties', { name: 'causeway.metadata.readable_by_all' });
      const set = (value: string) => opened.records.update(admin, 'sys_properties', property?.sys_id ?? '', { value });
      const ask = (caller: typeof admin) => opened.records.list(caller, { table: 'sys_dictionary', limit: 1 });
      assert.equal((await ask(agent)).rows.length, 1);
      await set('false');
      await assert.rejects(ask(agent), refused('records.table_not_readable'));
      assert.equal((await ask(callerWith(['personalize_dictionary']))).rows.length, 1);
      await set('true');
      assert.equal((await ask(agent)).rows.length, 1);
    });
  });
});
