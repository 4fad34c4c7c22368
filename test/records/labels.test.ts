// Labels of tables and fields in sys_documentation, on both engines: there from the start, and the same wherever they are written.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });

forEachEngine((engine) => {
  describe('a label', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    const insert = async (table: string, values: Record<string, string>) =>
      (await opened.records.insert(admin, table, values)).sysId;
    const update = (table: string, sysId: string | undefined, values: Record<string, string>) =>
      opened.records.update(admin, table, sysId ?? '', values);
    const documented = async (name: string, element: string, language = 'en') =>
      (
        await opened.records.find(
          'sys_documentation',
          `name=${name}^element${element === '' ? 'ISEMPTY' : `=${element}`}^language=${language}`,
        )
      ).map(({ label }) => label);
    const entry = async (name: string, element: string) =>
      (await opened.records.find('sys_dictionary', `name=${name}^element${element === '' ? 'ISEMPTY' : `=${element}`}`))[0];
    const object = async (name: string) => (await opened.records.findBy('sys_db_object', { name }))[0];

    it('of every built-in table and field is there, once', async () => {
      assert.deepEqual(await documented('incident', ''), ['Incident']);
      assert.deepEqual(await documented('incident', 'caller_id'), ['Caller']);
      assert.deepEqual(await documented('task', 'short_description'), ['Short description']);
      assert.deepEqual(await documented('incident', 'short_description'), [], 'fields are named where they are owned');
      const [entries, labels] = await Promise.all(
        ['sys_dictionary', 'sys_documentation'].map(
          async (table) => (await opened.records.find(table, '', { limit: 10_000 })).length,
        ),
      );
      assert.ok(entries && entries > 500);
      assert.equal(labels, entries);
      const again = await opened.openAgain();
      assert.equal((await again.records.find('sys_documentation', '', { limit: 10_000 })).length, labels);
      await again.close();
    });

    it('comes with a table and a field, and goes with them', async () => {
      const table = await insert('sys_db_object', { name: 'u_boat', label: 'Boat' });
      const field = await insert('sys_dictionary', {
        name: 'u_boat',
        element: 'u_mast',
        column_label: 'Mast',
        internal_type: 'string',
      });
      assert.deepEqual(
        [await documented('u_boat', ''), await documented('u_boat', 'u_mast'), await documented('u_boat', 'sys_id')],
        [['Boat'], ['Mast'], ['Sys ID']],
      );
      await insert('sys_documentation', { name: 'u_boat', element: 'u_mast', label: 'Mât', language: 'fr' });
      await opened.records.remove(admin, 'sys_dictionary', field);
      assert.deepEqual([await documented('u_boat', 'u_mast'), await documented('u_boat', 'u_mast', 'fr')], [[], []]);
      await opened.records.remove(admin, 'sys_db_object', table);
      assert.deepEqual(await documented('u_boat', ''), []);
    });

    it('is the same wherever it is written, and in effect at once', async () => {
      await insert('sys_db_object', { name: 'u_car', label: 'Car' });
      await insert('sys_dictionary', { name: 'u_car', element: 'u_door', column_label: 'Door', internal_type: 'string' });
      const label = async (element: string) => {
        await opened.records.list(admin, { table: 'u_car', limit: 1 });
        const table = opened.records.dictionary().table('u_car');
        return element === '' ? table?.label : table?.fields.get(element)?.label;
      };
      await update('sys_dictionary', (await entry('u_car', 'u_door'))?.sys_id, { column_label: 'Gate' });
      assert.deepEqual([await documented('u_car', 'u_door'), await label('u_door')], [['Gate'], 'Gate']);
      await update('sys_db_object', (await object('u_car'))?.sys_id, { label: 'Wagon' });
      assert.deepEqual(
        [await documented('u_car', ''), (await entry('u_car', ''))?.column_label, await label('')],
        [['Wagon'], 'Wagon', 'Wagon'],
      );
      const [shown] = await opened.records.findBy('sys_documentation', { name: 'u_car', element: 'u_door' });
      await update('sys_documentation', shown?.sys_id, { label: 'Hatch' });
      assert.deepEqual([(await entry('u_car', 'u_door'))?.column_label, await label('u_door')], ['Hatch', 'Hatch']);
      const [whole] = await opened.records.find('sys_documentation', 'name=u_car^elementISEMPTY');
      await update('sys_documentation', whole?.sys_id, { label: 'Carriage' });
      assert.deepEqual([(await object('u_car'))?.label, await label('')], ['Carriage', 'Carriage']);
      await insert('sys_documentation', { name: 'u_car', element: 'u_door', label: 'Porte', language: 'fr' });
      assert.equal(await label('u_door'), 'Hatch', 'another language renames nothing');
    });
  });
});
