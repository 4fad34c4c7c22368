// Rows that come one at a time and are transformed while the caller waits.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith } from '../records/part.ts';
import { openRoom, putMap, type Room } from './part.ts';

const row = (values: Record<string, string>) => new Map(Object.entries(values));

const readyRoom = async (engine: Parameters<typeof openRoom>[0]): Promise<Room> => {
  const room = await openRoom(engine);
  await room.imports.staging.ensure('u_people', 'People');
  return room;
};

const send = async (room: Room, values: Record<string, string>) => {
  const sent = await room.imports.rows.insert(systemCaller, 'u_people', row(values));
  return sent.results[0]?.outcome;
};

forEachEngine((engine) => {
  describe('a row sent to a staging table', () => {
    it('is inserted, then updated by its coalesce field whatever the case, then ignored when nothing changed', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      await putMap(
        room,
        { source_table: 'u_people', target_table: 'sys_user' },
        { user_name: { source_field: 'u_login', coalesce: 'true' }, first_name: 'u_first', last_name: 'u_last' },
      );
      const first = await send(room, { Login: 'ada', First: 'Ada', Last: 'Lovelace' });
      assert.equal(first?.status, 'inserted');
      assert.equal(first?.displayValue, 'Ada Lovelace');
      const second = await send(room, { Login: 'ADA', First: 'Augusta', Last: 'Lovelace' });
      assert.equal(second?.status, 'updated');
      assert.equal(second?.targetSysId, first?.targetSysId);
      const third = await send(room, { Login: 'ADA', First: 'Augusta', Last: 'Lovelace' });
      assert.deepEqual([third?.status, third?.statusMessage], ['ignored', 'No field values changed']);
      const staged = await room.all('u_people', 'ORDERBYsys_import_row');
      assert.deepEqual(
        staged.map((one) => [one.sys_import_row, one.sys_import_state, one.u_login]),
        [
          ['1', 'inserted', 'ada'],
          ['2', 'updated', 'ADA'],
          ['3', 'ignored', 'ADA'],
        ],
      );
      const [run] = await room.all('sys_import_set_run');
      assert.deepEqual([run?.total, run?.inserts, run?.updates, run?.ignored, run?.errors], ['3', '1', '1', '1', '0']);
      const sets = await room.all('sys_import_set');
      assert.equal(sets.length, 1);
      assert.match(sets[0]?.number ?? '', /^ISET\d{7}$/);
    });

    it('is skipped when its coalesce value is empty, unless the map makes records then', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      const map = await putMap(
        room,
        { source_table: 'u_people', target_table: 'incident' },
        { correlation_id: { source_field: 'u_key', coalesce: 'true' }, short_description: 'u_text' },
      );
      assert.equal((await send(room, { Text: 'no key', Key: '' }))?.status, 'skipped');
      await room.records.update(systemCaller, 'sys_transform_map', map, { create_new_record_on_empty_coalesce: 'true' });
      assert.equal((await send(room, { Text: 'no key', Key: '' }))?.status, 'inserted');
    });

    it('clears with NULL, keeps a field for which it has nothing, and copies emptiness only where the map says so', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      const map = await putMap(
        room,
        { source_table: 'u_people', target_table: 'incident' },
        { correlation_id: { source_field: 'u_key', coalesce: 'true' }, short_description: 'u_text', category: 'u_category' },
      );
      const target = async () => (await room.all('incident', 'correlation_id=k1'))[0];
      await send(room, { Key: 'k1', Text: 'first', Category: 'network' });
      await send(room, { Key: 'k1', Text: '', Category: 'NULL' });
      assert.deepEqual([(await target())?.short_description, (await target())?.category], ['first', '']);
      await room.records.update(systemCaller, 'sys_transform_map', map, { copy_empty_fields: 'true' });
      await send(room, { Key: 'k1', Text: '', Category: '' });
      assert.equal((await target())?.short_description, '');
    });

    it('names references by what they show or by a field, and makes, ignores or rejects what does not exist', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      const user = await room.put('sys_user', { user_name: 'grace', first_name: 'Grace', last_name: 'Hopper' });
      const entries = (choice_action: string) => ({
        short_description: 'u_text',
        caller_id: { source_field: 'u_caller', reference_value_field: 'user_name', choice_action: 'reject' },
        location: { source_field: 'u_place', choice_action },
      });
      const map = await putMap(room, { source_table: 'u_people', target_table: 'incident' }, entries('create'));
      const made = await send(room, { Text: 'a', Caller: 'grace', Place: 'Arlington' });
      const [incident] = await room.all('incident', `sys_id=${made?.targetSysId}`);
      const [place] = await room.all('cmn_location', 'name=Arlington');
      assert.equal(incident?.caller_id, user.sys_id);
      assert.ok(place?.sys_id);
      assert.equal(incident?.location, place?.sys_id);
      const again = await send(room, { Text: 'b', Caller: 'grace', Place: 'arlington' });
      assert.equal(again?.status, 'inserted');
      assert.equal((await room.all('cmn_location', 'name=Arlington')).length, 1);
      const refused = await send(room, { Text: 'c', Caller: 'nobody at all', Place: '' });
      assert.equal(refused?.status, 'error');
      assert.deepEqual(
        refused?.notes.map((note) => note.code),
        [100],
      );
      const [error] = await room.all('sys_import_set_row_error');
      assert.deepEqual([error?.code, error?.field, error?.row], ['100', 'caller_id', '3']);
      assert.ok(map);
    });

    it('reads choices by value and label, and dates by the format of the entry', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      await putMap(
        room,
        { source_table: 'u_people', target_table: 'incident' },
        {
          correlation_id: { source_field: 'u_key', coalesce: 'true' },
          impact: { source_field: 'u_impact', choice_action: 'ignore' },
          opened_at: { source_field: 'u_opened', date_format: 'dd/MM/yyyy HH:mm' },
        },
      );
      await send(room, { Key: '1', Impact: '1 - High', Opened: '05/11/2026 14:30' });
      const odd = await send(room, { Key: '2', Impact: 'enormous', Opened: 'yesterday' });
      const [first] = await room.all('incident', 'correlation_id=1');
      assert.deepEqual([first?.impact, first?.opened_at], ['1', '2026-11-05 14:30:00']);
      assert.deepEqual(odd?.notes.map((note) => note.code).toSorted(), [1010, 200]);
      assert.equal(odd?.status, 'inserted');
    });

    it('is refused for a caller who may not create rows, and nothing is made for him', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      await assert.rejects(room.imports.rows.insert(callerWith(['itil']), 'u_people', row({ Surprise: 'x' })), {
        code: 'records.insert_refused',
      });
      assert.equal((await room.all('sys_dictionary', 'name=u_people^element=u_surprise')).length, 0);
      const sent = await room.imports.rows.insert(callerWith(['import_transformer']), 'u_people', row({ Surprise: 'x' }));
      assert.equal(sent.results.length, 0);
    });

    it('does not find a staging table in what is none', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      for (const table of ['incident', 'sys_import_set_row', 'no_such_table', '', 'u_people; DROP TABLE x'])
        await assert.rejects(room.imports.rows.insert(systemCaller, table, row({ a: 'b' })), { code: 'records.invalid_table' });
    });

    it('says what was wrong with a target that is refused', async (t) => {
      const room = await readyRoom(engine);
      t.after(room.close);
      await putMap(room, { source_table: 'u_people', target_table: 'sys_user' }, { user_name: 'u_login', time_zone: 'u_zone' });
      const refused = await send(room, { Login: 'kit', Zone: 'Mars/Olympus' });
      assert.equal(refused?.status, 'error');
      assert.match(refused?.errorMessage ?? '', /Time zone/);
      assert.equal((await room.all('sys_user', 'user_name=kit')).length, 0);
    });
  });
});
