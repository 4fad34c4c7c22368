// A new record is answered from what was written wherever nothing else decides: it must equal what a read answers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Rule } from '../../src/records/records.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const admin = callerWith(['admin'], { userSysId: '6816f79cc0a8016401c5a33be04be441', userName: 'admin' });

const written: readonly (readonly [table: string, values: Record<string, string>])[] = [
  ['incident', { short_description: '', impact: '1', urgency: '2', active: 'false', work_notes: 'a note' }],
  ['incident', { short_description: ' "quoted" \u{1f600} ', caller_id: '6816f79cc0a8016401c5a33be04be441', reopen_count: '007' }],
  ['incident', { state: '6', opened_at: '2026-02-03 04:05:06', due_date: '2026-02-03', correlation_id: 'Case' }],
  ['sys_user', { user_name: 'written.selection', user_password: 'not shown to anyone', email: 'A@example.com' }],
  ['sys_properties', { name: 'written.selection', value: '0012', private: 'true' }],
];

forEachEngine((engine) => {
  describe('the answer to an insert', () => {
    let opened: Opened;
    const rules: Rule[] = [];
    before(async () => {
      opened = await openOn(engine, { rules });
    });
    after(() => opened.close());

    it('holds the cells that a read brings', async () => {
      for (const [table, values] of written) {
        for (const fields of [
          undefined,
          ['number', 'sys_id', 'sys_mod_count', 'active', 'name', 'user_password', 'caller_id.name'],
        ]) {
          const more: Record<string, string> = fields && table === 'sys_user' ? { user_name: 'written.again' } : {};
          const again: Record<string, string> = fields && table === 'sys_properties' ? { name: 'written.again' } : {};
          const made = await opened.records.insert(admin, table, { ...values, ...more, ...again }, { fields });
          const read = await opened.records.get(admin, table, made.sysId, { fields });
          assert.deepEqual(made.columns, read.columns);
          assert.deepEqual(made.rows, read.rows, `${table} ${Object.keys(values)}`);
        }
      }
    });

    it('shows what a rule changed behind the write', async () => {
      const rule: Rule = {
        name: 'a rule that writes by itself',
        tables: ['incident'],
        async applied(transaction, { operation, sysId }) {
          const { dialect } = transaction;
          if (operation !== 'insert') return;
          const sql = `UPDATE ${dialect.name('task')} SET ${dialect.name('short_description')} = ${dialect.parameter(1)} WHERE sys_id = ${dialect.parameter(2)}`;
          await transaction.run(sql, ['said by a rule', sysId]);
        },
      };
      rules.push(rule);
      const made = await opened.records.insert(
        admin,
        'incident',
        { short_description: 'mine' },
        { fields: ['short_description'] },
      );
      rules.pop();
      const [row = []] = made.rows;
      assert.equal(row[made.columns[0]?.valueAt ?? -1], 'said by a rule');
    });
  });
});
