// How an instance comes up: tables, rows, the first admin, a second start, two starts at once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { verifyPassword } from '../../src/kit/password.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { adminPassword, callerWith, type Opened, only, openFirst } from './part.ts';

forEachEngine((engine) => {
  describe('an instance that starts', () => {
    let opened: Opened;
    before(async () => {
      opened = await openFirst(engine, { demoData: true });
    });
    after(() => opened.close());

    it('says that it is new, and sets the password it was given', async () => {
      assert.equal(opened.isFirstStart, true);
      assert.equal(opened.generatedAdminPassword, undefined);
      const [admin] = await opened.records.findBy('sys_user', { user_name: 'ADMIN' });
      assert.equal(admin?.sys_id, '6816f79cc0a8016401c5a33be04be441');
      assert.equal(await verifyPassword(adminPassword, admin.user_password ?? ''), true);
    });

    it('has the tables of the dictionary, with inherited fields', () => {
      const incident = opened.records.dictionary().table('incident');
      assert.deepEqual(
        incident?.chain.map((table) => table.name),
        ['task', 'incident'],
      );
      assert.equal(incident.fields.get('short_description')?.table, 'task');
      assert.equal(incident.fields.get('state')?.choices[0]?.label, 'New');
      assert.equal(
        opened.records
          .dictionary()
          .table('task')
          ?.fields.get('state')
          ?.choices.find((choice) => choice.value === '1')?.label,
        'Open',
      );
      assert.equal(incident.displayField?.element, 'number');
    });

    it('has demo incidents under their numbers', async () => {
      const [row] = await opened.records.findBy('incident', { number: 'INC0000001' });
      assert.equal(row?.sys_id, '897b04f2dbd4a300a135364e9d961952');
      assert.equal(row.sys_class_name, 'incident');
      assert.equal((await opened.records.find('incident', 'active=true')).length, 9);
    });

    it('makes nothing anew at the second start and keeps what an admin changed or deleted', async () => {
      const name = 'glide.auth.debug.enabled';
      const [property] = await opened.records.findBy('sys_properties', { name });
      await opened.records.update(systemCaller, 'sys_properties', property?.sys_id ?? '', { value: 'true' });
      const [template] = await opened.records.findBy('oauth_oidc_entity', { name: 'Okta' });
      await opened.records.remove(systemCaller, 'oauth_oidc_entity', template?.sys_id ?? '');
      // Other definitions: everything is looked at again.
      const again = await opened.openAgain({ demoData: false, adminPassword: 'another' });
      assert.equal(again.isFirstStart, false);
      assert.equal(await again.properties.flag(name), true);
      assert.deepEqual(await again.records.findBy('oauth_oidc_entity', { name: 'Okta' }), []);
      const [admin] = await again.records.findBy('sys_user', { user_name: 'admin' });
      assert.equal(await verifyPassword('another', admin?.user_password ?? ''), false);
      await again.close();
    });

    it('lets another process see a changed property at once', async () => {
      const again = await opened.openAgain();
      const [property] = await opened.records.findBy('sys_properties', { name: 'com.snc.platform.security.oauth.debug' });
      assert.equal(await again.properties.flag('com.snc.platform.security.oauth.debug'), false);
      const isSeen = async (): Promise<boolean> => again.properties.flag('com.snc.platform.security.oauth.debug');
      await opened.records.update(callerWith(['admin']), 'sys_properties', property?.sys_id ?? '', { value: 'true' });
      assert.equal(await opened.properties.flag('com.snc.platform.security.oauth.debug'), true);
      // PostgreSQL tells other processes by NOTIFY.
      await untilTrue(isSeen);
      await again.close();
    });
  });

  it('generates a password where none is given, and says it once', async () => {
    const opened = await openFirst(engine, { adminPassword: '' });
    const [admin] = await opened.records.findBy('sys_user', { user_name: 'admin' });
    assert.equal(await verifyPassword(opened.generatedAdminPassword ?? '', admin?.user_password ?? ''), true);
    const again = await opened.openAgain({ adminPassword: '' });
    assert.equal(again.generatedAdminPassword, undefined);
    await again.close();
    await opened.close();
  });

  it('comes up once when two processes start together on an empty database', async () => {
    const opened = await openFirst(engine);
    const others = await Promise.all([opened.openAgain({ demoData: true }), opened.openAgain({ demoData: true })]);
    for (const other of others) {
      const [row] = await other.records.findBy('incident', { number: 'INC0000002' });
      assert.equal(
        only(await other.records.get(systemCaller, 'incident', row?.sys_id ?? '', { fields: ['number'] })).number,
        'INC0000002',
      );
      assert.equal((await other.records.findBy('incident', {})).length, 10);
      await other.close();
    }
    await opened.close();
  });
});
