// sys_ids: unique, well formed, and in the order in which they were made, also within one millisecond.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeManualClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';

const start = Date.UTC(2026, 10, 21);

test('within a millisecond every sys_id is greater than the one before, however many there are', () => {
  const ids = makeIds(makeManualClock(start));
  const made = Array.from({ length: 200_000 }, () => ids.sysId());
  assert.ok(made.every((id) => /^[0-9a-f]{32}$/.test(id)));
  assert.ok(made.every((id, at) => at === 0 || id > (made[at - 1] ?? '')));
});

test('the first twelve digits are the moment', () => {
  const clock = makeManualClock(start);
  const ids = makeIds(clock);
  ids.sysId();
  clock.advance(1);
  assert.equal(ids.sysId().slice(0, 12), (start + 1).toString(16).padStart(12, '0'));
});

test('a clock that is set back a little is waited for, one that is set back far is believed', () => {
  const clock = makeManualClock(start);
  const ids = makeIds({ ...clock, now: () => clock.now() + offset });
  let offset = 0;
  const first = ids.sysId();
  offset = -2_000;
  const second = ids.sysId();
  assert.ok(second > first);
  offset = -600_000;
  assert.ok(ids.sysId() < first);
});

test('two processes that start in the same millisecond make different ones', () => {
  const clock = makeManualClock(start);
  const [one, other] = [makeIds(clock), makeIds(clock)];
  const made = new Set(Array.from({ length: 1000 }, () => [one.sysId(), other.sysId()]).flat());
  assert.equal(made.size, 2000);
});
