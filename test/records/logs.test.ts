// Logs: the calls that were answered, and how long what grows by itself is kept.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeIds } from '../../src/kit/ids.ts';
import { purgeLogs } from '../../src/records/retention.ts';
import { type CallEntry, makeTransactionLog } from '../../src/records/transaction_log.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });
const dayMs = 86_400_000;

forEachEngine((engine) => {
  describe('the log of calls', () => {
    let opened: Opened;
    let warnings: string[];
    before(async () => {
      opened = await openOn(engine);
      warnings = [];
    });
    after(() => opened.close());

    const open = () =>
      makeTransactionLog({
        store: opened.store,
        clock: opened.clock,
        ids: makeIds(opened.clock),
        warn: (text) => void warnings.push(text),
      });

    const add = (log: ReturnType<typeof open>, more: Partial<CallEntry> = {}): void => {
      const entry: CallEntry = {
        path: '/api/now/table/incident',
        method: 'GET',
        status: 200,
        transactionId: 'abc123abc123',
        userName: 'admin',
        remoteAddress: '127.0.0.1',
        startedAtMs: opened.clock.now(),
        tookMs: 12,
        ...more,
      };
      log.add(entry.status, () => entry);
    };

    it('has a row for each call, also for those nobody may know', async () => {
      const log = open();
      add(log);
      add(log, { status: 401, userName: '', path: '/api/now/table/\0\ud800' });
      await log.close();
      add(log, { path: '/too/late' });
      const rows = await opened.records.findBy('syslog_transaction', {});
      assert.deepEqual(rows.map((row) => [row.user, row.http_response_code, row.http_method, row.response_time]).sort(), [
        ['admin', '200', 'GET', '12'],
        ['guest', '401', 'GET', '12'],
      ]);
    });

    it('keeps failures of a second that is too busy, and says what is missing', async () => {
      await opened.store.write((transaction) => transaction.run('DELETE FROM syslog_transaction'));
      const log = open();
      for (let at = 0; at < 1200; at += 1) add(log);
      for (let at = 0; at < 100; at += 1) add(log, { status: 500 });
      await log.close();
      assert.equal((await opened.records.findBy('syslog_transaction', { http_response_code: '500' })).length, 100);
      assert.equal((await opened.records.findBy('syslog_transaction', {})).length, 1000);
      assert.match(warnings.join(), /300 calls of a busy second/);
    });

    it('is kept for a week, and who changed what for a year, unless the settings say otherwise', async () => {
      const { sysId } = await opened.records.insert(admin, 'incident', { short_description: 'audited' });
      const audits = async () => (await opened.records.findBy('sys_audit', { documentkey: sysId })).length;
      const calls = async () => (await opened.records.findBy('syslog_transaction', {})).length;
      const purge = () => purgeLogs(opened);
      opened.clock.advance(6 * dayMs);
      await purge();
      assert.deepEqual([await audits(), await calls()], [1, 1000]);
      opened.clock.advance(2 * dayMs);
      await purge();
      assert.deepEqual([await audits(), await calls()], [1, 0]);
      const name = 'causeway.retention.sys_audit_days';
      const [property] = await opened.records.findBy('sys_properties', { name });
      await opened.records.update(admin, 'sys_properties', property?.sys_id ?? '', { value: '0' });
      opened.clock.advance(400 * dayMs);
      await purge();
      assert.equal(await audits(), 1);
      await opened.records.update(admin, 'sys_properties', property?.sys_id ?? '', { value: '30' });
      await purge();
      assert.equal(await audits(), 0);
    });
  });
});
