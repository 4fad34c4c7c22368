// Files in the background: loaded, transformed, rehearsed, cancelled, and taken up again after a crash.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewJob } from '../../src/imports/jobs/import_jobs.ts';
import { Fault } from '../../src/kit/fault.ts';
import { systemCaller } from '../../src/records/caller.ts';
import type { Rule } from '../../src/records/records.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { bytesOf, openRoom, putMap, type Room } from './part.ts';

const people = (more: Partial<NewJob> = {}): NewJob => ({
  name: 'people.csv',
  table: 'u_staff',
  label: 'Staff',
  format: 'CSV',
  read: {},
  map: '',
  transform: true,
  isDryRun: false,
  dataSource: '',
  ...more,
});

const putUserMap = (room: Room) =>
  putMap(
    room,
    { name: 'Staff to users', source_table: 'u_staff', target_table: 'sys_user' },
    { user_name: { source_field: 'u_login', coalesce: 'true' }, first_name: 'u_first', time_zone: 'u_zone' },
  );

const csvOf = (count: number): string =>
  `Login,First,Zone\n${Array.from({ length: count }, (_, at) => `staff${at},"Name, ${at}",UTC\n`).join('')}`;

forEachEngine((engine) => {
  describe('an import in the background', () => {
    it('loads a file into a table it makes, transforms it, and says what became of every row', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      const text = 'Login,First,Zone\nann,Ann,UTC\nbob,Bob,Mars\nann,Anna,UTC\n,Nobody,\n';
      const job = await room.imports.jobs.upload(systemCaller, people(), bytesOf(text.slice(0, 30), text.slice(30)));
      const done = await room.imports.jobs.finished(job);
      assert.deepEqual([done.state, done.message, done.rows_loaded, done.rows_done], ['complete', '', '4', '4']);
      const rows = await room.all('u_staff', 'ORDERBYsys_import_row');
      assert.deepEqual(
        rows.map((row) => row.sys_import_state),
        ['inserted', 'error', 'updated', 'skipped'],
      );
      const [run] = await room.all('sys_import_set_run');
      assert.deepEqual(
        [run?.state, run?.total, run?.inserts, run?.updates, run?.skipped, run?.errors],
        ['complete_with_errors', '4', '1', '1', '1', '1'],
      );
      assert.equal((await room.all('sys_user', 'user_name=ann'))[0]?.first_name, 'Anna');
      assert.equal((await room.all('sys_import_set'))[0]?.state, 'processed');
      assert.equal((await room.all('sys_import_upload')).length, 0);
      const [error] = await room.all('sys_import_set_row_error');
      assert.deepEqual([error?.row, error?.code], ['2', '1020']);
    });

    it('that only rehearses says what would happen and changes nothing', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      await room.put('sys_user', { user_name: 'staff0', first_name: 'Name, 0', time_zone: 'UTC' });
      await room.put('sys_user', { user_name: 'staff1', first_name: 'Somebody' });
      const text = `${csvOf(4)}staff3,Again,UTC\nbad,Bad,Mars\n,Nobody,\n`;
      const job = await room.imports.jobs.upload(systemCaller, people({ isDryRun: true }), bytesOf(text));
      const done = await room.imports.jobs.finished(job);
      assert.deepEqual([done.state, done.message], ['complete', '']);
      const report = JSON.parse(done.report ?? '');
      assert.deepEqual(report.maps[0].counts, { total: 7, inserts: 2, updates: 2, ignored: 1, skipped: 1, errors: 1 });
      assert.equal(report.maps[0].problems[0].row, 6);
      assert.deepEqual(report.newColumns, ['u_login', 'u_first', 'u_zone']);
      assert.equal((await room.all('sys_user', 'user_name=staff2')).length, 0);
      assert.equal(room.records.dictionary().table('u_staff'), undefined);
    });

    it('rehearses to the figures of the import itself, also where rows far apart mean one record', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      await room.put('sys_user', { user_name: 'staff7', first_name: 'Name, 7', time_zone: 'UTC' });
      // Again and unchanged, again and changed, back again, refused and again, empty: each a batch away from the first.
      const text = `${csvOf(520)}STAFF1,"Name, 1",UTC\nstaff2,Changed,UTC\nbad,Bad,Mars\n${csvOf(530).split('\n').slice(1).join('\n')}bad,Bad,UTC\n,Nobody,\n`;
      const rehearsed = await room.imports.jobs.finished(
        await room.imports.jobs.upload(systemCaller, people({ isDryRun: true }), bytesOf(text)),
      );
      const { counts } = JSON.parse(rehearsed.report ?? '').maps[0];
      await room.imports.jobs.finished(await room.imports.jobs.upload(systemCaller, people(), bytesOf(text)));
      const [run] = await room.all('sys_import_set_run');
      const said = ['total', 'inserts', 'updates', 'ignored', 'skipped', 'errors'].map((name) => [name, Number(run?.[name])]);
      assert.deepEqual(counts, Object.fromEntries(said));
      assert.deepEqual(counts, { total: 1055, inserts: 530, updates: 4, ignored: 519, skipped: 1, errors: 1 });
    });

    it('goes on in another process after a crash, without doubling or losing a row', async (t) => {
      // The first process loses its database in the middle of the transform, as a killed one would.
      let written = 0;
      let isDead = false;
      const dying: Rule = {
        name: 'dies in the second batch',
        tables: ['sys_user'],
        async applied() {
          written += 1;
          if (written === 600) isDead = true;
          if (isDead) throw new Error('killed');
        },
      };
      const room = await openRoom(engine, undefined, [dying]);
      t.after(room.close);
      await putMap(
        room,
        { name: 'Always new', source_table: 'u_staff', target_table: 'sys_user' },
        { first_name: 'u_first', source: 'u_login' },
      );
      const other = await room.again();
      t.after(other.close);
      const job = await room.imports.jobs.upload(systemCaller, people(), bytesOf(csvOf(900)));
      await room.imports.jobs.drain();
      const failed = await room.imports.jobs.find(job);
      assert.equal(failed?.state, 'failed');
      assert.equal((await room.all('sys_user', 'first_nameSTARTSWITHName,')).length, 512);
      // As it stood at the moment of the crash: running, with a lease that nobody renews.
      await room.records.update(systemCaller, 'sys_import_job', job, {
        state: 'running',
        lease_owner: 'dead',
        lease_until: '2026-11-01 08:00:10',
      });
      room.opened.clock.advance(60_000);
      await other.imports.jobs.drain();
      const done = await other.imports.jobs.find(job);
      assert.deepEqual([done?.state, done?.rows_done, done?.message], ['complete', '900', failed?.message]);
      const made = await room.all('sys_user', 'first_nameSTARTSWITHName,');
      assert.equal(made.length, 900);
      assert.equal(new Set(made.map((user) => user.source)).size, 900);
      const [run] = await room.all('sys_import_set_run');
      assert.equal(run?.inserts, '900');
    });

    it('stays with its process while one step takes longer than the lease', async (t) => {
      let goOn = (): void => {};
      const slow = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      let isWaiting = false;
      const room = await openRoom(engine, async () => {
        isWaiting = true;
        await slow;
        throw new Fault('bad_request', 'scripting.syntax_error', 'The end of it');
      });
      t.after(room.close);
      const other = await room.again();
      t.after(other.close);
      await putMap(
        room,
        { source_table: 'u_staff', target_table: 'sys_user', run_script: 'true', script: 'nothing' },
        { user_name: 'u_login' },
      );
      const job = await room.imports.jobs.upload(systemCaller, people(), bytesOf(csvOf(3)));
      await untilTrue(async () => isWaiting);
      const leaseUntil = async () => (await room.imports.jobs.find(job))?.lease_until ?? '';
      const first = await leaseUntil();
      room.opened.clock.advance(25_000);
      await untilTrue(async () => (await leaseUntil()) > first);
      room.opened.clock.advance(20_000);
      const owner = (await room.imports.jobs.find(job))?.lease_owner;
      await other.imports.jobs.drain();
      const now = await room.imports.jobs.find(job);
      assert.deepEqual([now?.state, now?.lease_owner === owner, now?.attempts], ['running', true, '0']);
      goOn();
      assert.deepEqual((await room.imports.jobs.finished(job)).message, 'The end of it');
    });

    it('loads no row twice when it is taken up in the middle of loading', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      const job = await room.imports.jobs.upload(systemCaller, people({ transform: false }), bytesOf(csvOf(1_200)));
      await room.imports.jobs.finished(job);
      assert.equal((await room.all('u_staff')).length, 1_200);
      const places = (await room.all('u_staff')).map((row) => row.sys_import_row);
      assert.equal(new Set(places).size, 1_200);
    });

    it('is given up with its set, and says so, when it has brought down its worker ten times', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      const job = await room.imports.jobs.upload(systemCaller, people(), bytesOf(csvOf(3)));
      const { import_set: set = '' } = await room.imports.jobs.finished(job);
      const [run] = await room.all('sys_import_set_run');
      await room.records.update(systemCaller, 'sys_import_set_run', run?.sys_id ?? '', { state: 'running' });
      await room.records.update(systemCaller, 'sys_import_set', set, { state: 'loaded' });
      await room.put('sys_import_upload', { job, position: '1', data: 'YQ==' });
      const crashed = {
        state: 'running',
        lease_owner: 'dead',
        lease_until: '2026-11-01 08:00:10',
        completed: '',
        attempts: '10',
      };
      await room.records.update(systemCaller, 'sys_import_job', job, crashed);
      room.opened.clock.advance(60_000);
      const done = await room.imports.jobs.finished(job);
      assert.deepEqual([done.state, done.lease_owner, done.completed !== ''], ['failed', '', true]);
      assert.match(done.message ?? '', /10 times/);
      assert.deepEqual(
        (await room.all('sys_import_set_run')).map(({ state }) => state),
        ['failed'],
      );
      assert.equal((await room.all('sys_import_set'))[0]?.state, 'cancelled');
      assert.deepEqual(await room.all('sys_import_upload'), []);
    });

    it('is cancelled on request and keeps what it has done', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      const uploading = room.imports.jobs.upload(systemCaller, people(), bytesOf(csvOf(3_000)));
      const job = await uploading;
      await room.imports.jobs.cancel(job);
      const done = await room.imports.jobs.finished(job);
      assert.equal(done.state, 'cancelled');
      assert.equal((await room.all('sys_import_set'))[0]?.state, 'cancelled');
      assert.deepEqual(await room.all('sys_import_set_run', 'state=running'), []);
      assert.ok((await room.all('sys_user', 'user_nameSTARTSWITHstaff')).length < 3_000);
      await assert.rejects(room.imports.jobs.cancel('f'.repeat(32)), { code: 'imports.no_job' });
      const set = done.import_set ?? '';
      const { sys_id: waiting = '' } = await room.put('sys_import_job', { state: 'ready', phase: 'load', import_set: set });
      await room.imports.jobs.cancel(waiting);
      assert.equal((await room.imports.jobs.find(waiting))?.state, 'cancelled', 'without waiting for the jobs before it');
    });

    it('is forgotten with its set, rows, errors and log after seven days, and not before', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      await putUserMap(room);
      const job = await room.imports.jobs.upload(
        systemCaller,
        people(),
        bytesOf('Login,First,Zone\nann,Ann,UTC\nbob,Bob,Mars\n'),
      );
      await room.imports.jobs.finished(job);
      const kept = ['sys_import_set', 'u_staff', 'sys_import_set_row', 'sys_import_set_run', 'sys_import_job'];
      room.opened.clock.advance(6 * 86_400_000);
      await room.imports.purge();
      for (const table of kept) assert.ok((await room.all(table)).length > 0, table);
      assert.equal((await room.all('sys_import_set_row_error')).length, 1);
      room.opened.clock.advance(2 * 86_400_000);
      await room.imports.purge();
      for (const table of [...kept, 'sys_import_set_row_error', 'import_log'])
        assert.equal((await room.all(table)).length, 0, table);
      assert.equal((await room.all('sys_user', 'user_name=ann')).length, 1);
    });

    it('fails with a sentence for a file that cannot be read', async (t) => {
      const room = await openRoom(engine);
      t.after(room.close);
      const bad: [string, string][] = [
        ['CSV', 'a,b\n1,2,3\n'],
        ['CSV', 'a,b\n"never closed\n'],
        ['JSON', '{"rows": [1, 2'],
        ['JSON', '[1, 2]'],
        ['XML', '<a><b></a>'],
        ['XML', '<!DOCTYPE x [<!ENTITY y "z">]><a>&y;</a>'],
        ['Excel', 'no workbook'],
      ];
      for (const [format, text] of bad) {
        const job = await room.imports.jobs.upload(systemCaller, people({ format }), bytesOf(text));
        const done = await room.imports.jobs.finished(job);
        assert.equal(done.state, 'failed', `${format} ${text}`);
        assert.match(done.message ?? '', new RegExp(`cannot be read as ${format}`));
      }
      await assert.rejects(room.imports.jobs.upload(systemCaller, people({ format: 'PDF' }), bytesOf('')), {
        code: 'imports.unknown_format',
      });
    });
  });
});
