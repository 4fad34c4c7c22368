import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import type { Rule } from '../../src/records/records.ts';
import { type Engine, forEachEngine } from '../parts/engines.ts';
import { openOn } from './part.ts';

const open = async (t: TestContext, engine: Engine, rules: readonly Rule[] = []) => {
  const opened = await openOn(engine, { rules });
  t.after(opened.close);
  return opened;
};

forEachEngine((engine) => {
  describe('changes that are gathered', () => {
    it('leave behind what single changes would: rows, defaults, numbers without a gap, audit', async (t) => {
      const { records } = await open(t, engine);
      await records.write(async (transaction) => {
        const within = records.gathering(transaction, 9);
        for (let at = 0; at < 5; at += 1)
          await within.insert(systemCaller, 'incident', {
            short_description: `number ${at}`,
            ...(at === 3 ? { urgency: '1' } : {}),
          });
        await within.finish();
      });
      await records.insert(systemCaller, 'incident', { short_description: 'one more' });
      const made = await records.find('incident', 'ORDERBYnumber');
      const first = Number(made[0]?.number?.slice(3));
      assert.deepEqual(
        made.map(({ number, short_description: text, urgency, state, priority, task_effective_number: effective }) => [
          Number(number?.slice(3)) - first,
          text,
          urgency,
          state,
          priority,
          effective === number,
        ]),
        [0, 1, 2, 3, 4, 5].map((at) => [
          at,
          at === 5 ? 'one more' : `number ${at}`,
          at === 3 ? '1' : '3',
          '1',
          at === 3 ? '3' : '5',
          true,
        ]),
      );
      const audit = await records.find('sys_audit', 'tablename=incident');
      assert.deepEqual(new Set(audit.map((row) => row.documentkey)), new Set(made.map((row) => row.sys_id)));
    });

    it('are written before anything is read, and one record may change twice', async (t) => {
      const { records } = await open(t, engine);
      const { sysId } = await records.insert(systemCaller, 'incident', { short_description: 'old', category: 'network' });
      await records.write(async (transaction) => {
        const within = records.gathering(transaction, 0);
        const [before] = await within.findBy('incident', { sys_id: sysId }, { limit: 1, forUpdate: true });
        const once = await within.update(systemCaller, 'incident', sysId, { short_description: 'new', impact: '1' }, before);
        await within.update(systemCaller, 'incident', sysId, { short_description: 'newer', close_notes: 'done' }, once);
        const [after] = await within.findBy('incident', { sys_id: sysId }, { limit: 1 });
        assert.deepEqual(
          [after?.short_description, after?.impact, after?.close_notes, after?.category, after?.sys_mod_count],
          ['newer', '1', 'done', 'network', '2'],
        );
        await within.finish();
      });
      const audit = await records.find('sys_audit', `documentkey=${sysId}^fieldname=short_description^ORDERBYrecord_checkpoint`);
      assert.deepEqual(
        audit.map((row) => [row.oldvalue, row.newvalue]),
        [
          ['old', 'new'],
          ['new', 'newer'],
        ],
      );
    });

    it('call the rules behind every row in order, and only those that concern them', async (t) => {
      const seen: string[] = [];
      const watching: Rule = {
        name: 'watches',
        tables: ['task'],
        concerns: async (_, changes) => changes.filter((change) => change.after.urgency === '1'),
        async applied(transaction, { sysId, after }) {
          const [row] = await transaction.read(`SELECT COUNT(*) FROM incident WHERE sys_id = '${sysId}'`);
          seen.push(`${after.short_description} ${row?.[0]}`);
        },
      };
      const { records } = await open(t, engine, [watching]);
      await records.write(async (transaction) => {
        const within = records.gathering(transaction, 3);
        for (const text of ['a', 'b', 'c'])
          await within.insert(systemCaller, 'incident', { short_description: text, urgency: text === 'b' ? '2' : '1' });
        assert.deepEqual(seen, []);
        await within.finish();
      });
      assert.deepEqual(seen, ['a 1', 'c 1']);
    });

    it('are refused together when a unique value is there already', async (t) => {
      const { records } = await open(t, engine);
      const writing = records.write(async (transaction) => {
        const within = records.gathering(transaction, 0);
        for (const name of ['u1', 'u2', 'u1']) await within.insert(systemCaller, 'sys_user', { user_name: name });
        await within.finish();
      });
      await assert.rejects(writing, { code: 'store.duplicate' });
      assert.deepEqual(await records.find('sys_user', 'user_nameINu1,u2'), []);
    });
  });

  describe('many look-ups', () => {
    it('answer as each of them would by itself', async (t) => {
      const { records } = await open(t, engine);
      const caller = (await records.findBy('sys_user', { user_name: 'admin' }))[0]?.sys_id ?? '';
      for (let at = 0; at < 90; at += 1)
        await records.insert(systemCaller, 'incident', {
          correlation_id: `Key ${at % 40}`,
          reassignment_count: String(at % 5),
          caller_id: at % 2 === 0 ? caller : '',
          active: String(at % 3 === 0),
        });
      const matches: Readonly<Record<string, string>>[] = [
        ...Array.from({ length: 70 }, (_, at) => ({ correlation_id: `KEY ${at}` })),
        { correlation_id: 'key 3', caller_id: '' },
        { correlation_id: 'key 3', caller_id: caller },
        { correlation_id: 'key 4', caller_id: caller },
        { reassignment_count: '3', active: 'false' },
        { reassignment_count: '3', active: 'true' },
        { reassignment_count: 'many' },
        { sys_class_name: 'incident', caller_id: caller },
        { correlation_id: 'key\u0000' },
      ];
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const limit of [1, 100]) {
          const many = await within.findMany('incident', matches, { limit, forUpdate: true });
          for (const [at, match] of matches.entries())
            assert.deepEqual(many[at], await within.findBy('incident', match, { limit }), JSON.stringify(match));
        }
      });
    });
  });
});
