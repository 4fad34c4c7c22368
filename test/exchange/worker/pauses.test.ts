// When a connection pauses, and how long it waits: decided by what came back, without a store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, readRetryAfter } from '../../../src/exchange/settle/backoff.ts';
import { nextStanding, type Standing } from '../../../src/exchange/worker/pauses.ts';
import { failed } from '../part.ts';

const settings = {
  compatAuthErrors: false,
  lanePolicy: 'hold',
  backoffMs: [0, 5000],
  retentionMs: 1,
  batchRows: 1,
  batchBytes: 1,
  parallelPosts: 1,
  breakerFailures: 3,
  processedTtlMs: 0,
} as const;
const context = { settings, now: 1_000_000, random: () => 0 };
const fresh: Standing = { pause: '', probeAt: 0, failures: 0 };
const answered = { kind: 'answered', results: [], roundTripMs: 1 } as const;

test('the breaker opens after so many failures in a row, and each further one waits twice as long', () => {
  let standing: Standing = fresh;
  const seen: [string, number][] = [];
  for (let n = 1; n <= 12; n += 1) {
    standing = nextStanding(standing, [failed('transient')], context);
    seen.push([standing.pause, Math.max(0, standing.probeAt - context.now)]);
  }
  assert.deepEqual(seen.slice(0, 5), [
    ['', 0],
    ['', 0],
    ['breaker', 1000],
    ['breaker', 2000],
    ['breaker', 4000],
  ]);
  assert.deepEqual(seen.at(-1), ['breaker', 60_000]);
  assert.deepEqual(nextStanding(standing, [answered], context), { pause: '', probeAt: standing.probeAt, failures: 0 });
});

test('POSTs that fail together are one failure', () => {
  const standing = nextStanding(
    fresh,
    [failed('transient'), failed('transient'), failed('transient'), failed('transient')],
    context,
  );
  assert.deepEqual([standing.pause, standing.failures], ['', 1]);
});

test('authentication and 503 pause at once, as long as the peer asks', () => {
  assert.equal(nextStanding(fresh, [failed('auth')], context).pause, 'auth');
  const asked = nextStanding(fresh, [failed('unavailable', 'http.503', 42_000)], context);
  assert.deepEqual([asked.pause, asked.probeAt - context.now], ['unavailable', 42_000]);
});

test('an administrator’s pause is ended by nothing that comes back', () => {
  const standing = { ...fresh, pause: 'admin' } as const;
  for (const outcome of [answered, failed('auth'), failed('transient'), failed('permanent')]) {
    assert.equal(nextStanding(standing, [outcome], context).pause, 'admin');
  }
});

test('a refusal of the batch shows that the peer is there', () => {
  assert.deepEqual(nextStanding({ pause: 'breaker', probeAt: 5, failures: 7 }, [failed('permanent')], context).pause, '');
});

for (const [text, expected] of [
  ['7', 7000],
  ['0', 1000],
  ['999999', 3_600_000],
  ['Thu, 01 Jan 1970 00:16:50 GMT', 10_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 1000],
  ['soon', undefined],
  [undefined, undefined],
] as const) {
  test(`Retry-After ${text} means ${expected} ms`, () => assert.equal(readRetryAfter(text, 1_000_000), expected));
}

test('the backoff follows its list and repeats the last entry', () => {
  assert.deepEqual(
    [1, 2, 3, 9].map((failures) => backoffMs([0, 5000, 30_000], failures, 0)),
    [0, 5000, 30_000, 30_000],
  );
  assert.equal(backoffMs([10_000], 1, 1), 12_000);
});
