// The lines of a request: whatever a caller puts into a path, a name or a segment, they stay one line each, and no credential is in them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTransactions } from '../../src/http/transactions.ts';
import { makeManualClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeLocalhostLog } from '../../src/kit/localhost_log.ts';

const token = `eyJhbGciOiJSUzI1NiJ9.${'e30'.repeat(9)}.c2lnbmF0dXJl`;

test('what comes from outside forges no line and leaves no token', () => {
  const clock = makeManualClock(Date.UTC(2026, 10, 22));
  const lines: string[] = [];
  const log = makeLocalhostLog({ clock, echo: (line) => void lines.push(line) });
  const topics = { topic: () => 0 };
  const properties = { flag: async () => false };
  const recorded: string[] = [];
  const transactions = makeTransactions({
    clock,
    ids: makeIds(clock),
    log,
    properties,
    topics,
    record: (_status, tell) => void recorded.push(tell().path),
  });

  const path = `/api/now/table/${token}`;
  const transaction = transactions.begin(path);
  transaction.started('eve\n*** Start #9 /forged, user: admin', { headers: {} } as never);
  transaction.ended({
    userName: 'eve\u2028',
    userSysId: `${token}\r\n`,
    method: 'GET',
    api: 'now/table',
    resource: 'now/table/\u202eincident',
    version: 'v2',
    status: 200,
    remoteAddress: '127.0.0.1',
  });

  assert.equal(lines.length, 3);
  const [begun = '', started = '', ended = ''] = lines;
  assert.match(
    begun,
    /^2026-11-22 00:00:00 \(000\) \S+ SYSTEM txid=[0-9a-f]{12} New transaction [0-9A-F]{12}0{20} #1 \/api\/now\/table\//,
  );
  assert.match(started, /\*\*\* Start #1 \/api\/now\/table\/\S+, user: eve\\n\*\*\* Start #9 \/forged, user: admin\n$/);
  assert.match(
    ended,
    /\*\*\* End #1 .*, user: eve\\u2028, .*resource:now\/table\/\\u202eincident, version:v2, .*\\r\\n, response_status:200\n$/,
  );
  for (const line of lines) {
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.ok(!line.includes('eyJ'), line);
  }
  assert.equal(recorded.length, 1);
  assert.match(recorded[0] ?? '', /^\/api\/now\/table\/(?!eyJ)/);
});
