// Tables and fields that an admin makes by writing rows, usable at once, on every process.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });
const refused = (error: unknown) => isFault(error, 'records.value_refused');

forEachEngine((engine) => {
  describe('a table made of rows', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    it('has its system fields, however near its sys_id is to that of another table or field', async () => {
      const elementsOf = async (name: string) =>
        (await opened.records.find('sys_dictionary', `name=${name}`)).map(({ element }) => element).toSorted();
      const near = (last: string) => `0123456789abcdef0123456789abcd${last}`;
      await opened.records.insert(admin, 'sys_db_object', { sys_id: near('10'), name: 'u_near', label: 'Near' });
      await opened.records.insert(admin, 'sys_db_object', { sys_id: near('11'), name: 'u_nearer', label: 'Nearer' });
      assert.ok((await elementsOf('u_near')).includes('sys_created_on'));
      assert.deepEqual(await elementsOf('u_nearer'), await elementsOf('u_near'));
      for (const last of ['00', '01', 'ff'])
        await opened.records.insert(admin, 'sys_dictionary', {
          sys_id: near(last),
          name: 'u_near',
          element: `u_${last}`,
          internal_type: 'string',
        });
    });

    it('takes records at once, with its own fields and those it inherits', async () => {
      const [task] = await opened.records.findBy('sys_db_object', { name: 'task' });
      await opened.records.insert(admin, 'sys_db_object', { name: 'u_chore', label: 'Chore', super_class: task?.sys_id ?? '' });
      await opened.records.insert(admin, 'sys_dictionary', {
        name: 'u_chore',
        element: 'u_room',
        internal_type: 'string',
        max_length: '20',
      });
      await opened.records.insert(admin, 'sys_choice', { name: 'u_chore', element: 'state', value: '1', label: 'To do' });
      const { sysId } = await opened.records.insert(admin, 'u_chore', { short_description: 'Sweep', u_room: 'Hall' });
      assert.equal(only(await opened.records.get(admin, 'u_chore', sysId)).u_room, 'Hall');
      const throughParent = only(await opened.records.get(admin, 'task', sysId));
      assert.equal(throughParent.short_description, 'Sweep');
      assert.equal('u_room' in throughParent, false);
      assert.match(String(throughParent.number), /^TASK\d{7}$/);
      const again = await opened.openAgain();
      assert.equal(again.records.dictionary().table('u_chore')?.fields.get('state')?.choices[0]?.label, 'To do');
      assert.equal((await again.records.findBy('u_chore', { u_room: 'hall' })).length, 1);
      await again.close();
    });

    it('that extends nothing has the system fields', async () => {
      await opened.records.insert(admin, 'sys_db_object', { name: 'u_alone', label: 'Alone' });
      const { sysId } = await opened.records.insert(admin, 'u_alone', {});
      assert.equal(only(await opened.records.get(admin, 'u_alone', sysId)).sys_created_by, 'admin');
    });

    it('grows a field without losing what is there; old rows answer it empty', async () => {
      const { sysId } = await opened.records.insert(admin, 'incident', { short_description: 'before' });
      await opened.records.insert(admin, 'sys_dictionary', { name: 'incident', element: 'u_later', internal_type: 'boolean' });
      const [row] = await opened.records.findBy('incident', { sys_id: sysId });
      assert.deepEqual([row?.short_description, row?.u_later], ['before', 'false']);
    });

    it('leaves out what is written to a read-only field, unless it is one for the eyes only', async () => {
      const options = { u_plain: '', u_strict: 'strict_read_only', u_seen: 'display_read_only' };
      for (const [element, read_only_option] of Object.entries(options))
        await opened.records.insert(admin, 'sys_dictionary', { name: 'u_alone', element, read_only: 'true', read_only_option });
      const { sysId } = await opened.records.insert(admin, 'u_alone', { u_plain: 'a', u_strict: 'b', u_seen: 'c' });
      const [row] = await opened.records.findBy('u_alone', { sys_id: sysId });
      assert.deepEqual([row?.u_plain, row?.u_strict, row?.u_seen], ['', '', 'c']);
    });

    it('what the program alone writes is opened by an admin, and by nobody else', async () => {
      const modeller = callerWith(['personalize_dictionary'], { userName: 'modeller' });
      const entryOf = async (name: string, element: string) =>
        (await opened.records.findBy('sys_dictionary', { name, element }))[0]?.sys_id ?? '';
      const user = await entryOf('oauth_credential', 'user');
      for (const [element, value] of Object.entries({ read_only: 'false', read_only_option: 'display_read_only' }))
        await assert.rejects(opened.records.update(modeller, 'sys_dictionary', user, { [element]: value }), {
          code: 'records.update_refused',
        });
      const override = { name: 'oauth_jwt', element: 'former_secret_until', read_only_override: 'true', read_only: 'false' };
      await assert.rejects(opened.records.insert(modeller, 'sys_dictionary_override', override), {
        code: 'records.insert_refused',
      });
      await opened.records.update(modeller, 'sys_dictionary', await entryOf('u_alone', 'u_plain'), { read_only: 'false' });
      await opened.records.update(admin, 'sys_dictionary', user, { read_only: 'false' });
      await opened.records.update(modeller, 'sys_dictionary', user, { read_only: 'true' });
    });

    it('gives a field whose length nobody says the length of its type', async () => {
      const page = `<p>${'long '.repeat(300)}</p>`;
      const people = Array.from({ length: 20 }, (_, at) => at.toString(16).padStart(32, '0')).join(',');
      const fields = {
        u_page: ['html', page],
        u_people: ['glide_list', people],
        u_word: ['string', page],
        u_link: ['url', people],
      } as const;
      for (const [element, [internal_type]] of Object.entries(fields))
        await opened.records.insert(admin, 'sys_dictionary', { name: 'u_alone', element, internal_type });
      const written = Object.fromEntries(Object.entries(fields).map(([element, [, text]]) => [element, text]));
      const { sysId } = await opened.records.insert(admin, 'u_alone', written);
      const [row] = await opened.records.findBy('u_alone', { sys_id: sysId });
      assert.deepEqual([row?.u_page, row?.u_people, row?.u_link, row?.u_word], [page, people, people, page.slice(0, 40)]);
      const [entry] = await opened.records.findBy('sys_dictionary', { name: 'u_alone', element: 'u_word' });
      assert.equal(entry?.max_length, '40');
    });

    const noNames = ['', 'U_upper', 'a', 'u__two', 'u-dash', 'u_x"; DROP TABLE task; --', '__proto__', 'x'.repeat(61)];
    for (const name of noNames) {
      it(`is refused as ${JSON.stringify(name.slice(0, 24))}, and so is such a field`, async () => {
        await assert.rejects(opened.records.insert(admin, 'sys_db_object', { name, label: 'x' }), refused);
        await assert.rejects(opened.records.insert(admin, 'sys_dictionary', { name: 'incident', element: name }), refused);
      });
    }

    for (const name of ['sqlite_x', 'pg_x', 'causeway_x', 'attachment_chunk', 'attachment_upload']) {
      it(`is refused as ${name}, which is kept for the database`, async () => {
        await assert.rejects(opened.records.insert(admin, 'sys_db_object', { name, label: 'x' }), refused);
      });
    }

    it('keeps names, parents, and the kind of a column as they were made', async () => {
      const [field] = await opened.records.findBy('sys_dictionary', { name: 'incident', element: 'category' });
      const sysId = field?.sys_id ?? '';
      for (const [element, value] of Object.entries({ internal_type: 'integer', element: 'renamed', name: 'task' })) {
        await assert.rejects(opened.records.update(admin, 'sys_dictionary', sysId, { [element]: value }), refused);
      }
      const [table] = await opened.records.findBy('sys_db_object', { name: 'task' });
      await assert.rejects(opened.records.update(admin, 'sys_db_object', table?.sys_id ?? '', { name: 'job' }), refused);
      await assert.rejects(opened.records.remove(admin, 'sys_db_object', table?.sys_id ?? ''), refused);
    });
  });
});
