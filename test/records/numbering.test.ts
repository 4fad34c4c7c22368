// Numbers of records: without gaps where little happens, without waiting where much does, and never one twice.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });

forEachEngine((engine) => {
  describe('numbers', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    const insert = async (on: Pick<Opened, 'records'> = opened): Promise<number> => {
      const made = await on.records.insert(admin, 'incident', {}, { fields: ['number'] });
      return Number(String(only(made).number).slice(3));
    };

    it('follow one another in every process while little happens', async () => {
      const other = await opened.openAgain();
      const numbers: number[] = [];
      for (let at = 0; at < 6; at += 1) {
        opened.clock.advance(1000);
        numbers.push(await insert(at % 2 === 0 ? opened : other));
      }
      await other.close();
      const [first = 0] = numbers;
      assert.deepEqual(
        numbers,
        numbers.map((_, at) => first + at),
      );
    });

    it('are taken in blocks where much happens, and none is given twice', async () => {
      const other = await opened.openAgain();
      const made = await Promise.all(Array.from({ length: 120 }, (_, at) => insert(at % 2 === 0 ? opened : other)));
      await other.close();
      assert.equal(new Set(made).size, 120);
      const [row] = await opened.records.findBy('sys_number', { category: 'incident' });
      assert.ok(Number(row?.number) > Math.max(...made), 'a block is ahead of what was given');
    });

    it('begin where an admin says, at once, and look as he says', async () => {
      const [row] = await opened.records.findBy('sys_number', { category: 'incident' });
      await opened.records.update(admin, 'sys_number', row?.sys_id ?? '', {
        number: '7000000',
        prefix: 'CASE',
        maximum_digits: '9',
      });
      const made = await opened.records.insert(admin, 'incident', {}, { fields: ['number'] });
      assert.equal(only(made).number, 'CASE007000000');
    });

    it('a table made of rows has its own as soon as it has a row of sys_number', async () => {
      const [task] = await opened.records.findBy('sys_db_object', { name: 'task' });
      await opened.records.insert(admin, 'sys_db_object', { name: 'u_visit', label: 'Visit', super_class: task?.sys_id ?? '' });
      await opened.records.insert(admin, 'sys_number', { category: 'u_visit', prefix: 'VIS', number: '5', maximum_digits: '4' });
      const numbers = [];
      for (let at = 0; at < 2; at += 1) numbers.push(only(await opened.records.insert(admin, 'u_visit', {})).number);
      assert.deepEqual(numbers, ['VIS0005', 'VIS0006']);
    });
  });
});
