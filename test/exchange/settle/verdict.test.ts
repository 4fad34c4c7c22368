// What an answer means for a lane, at the end of what the queue is willing to wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageKind } from '../../../src/exchange/message.ts';
import { judge } from '../../../src/exchange/settle/verdict.ts';
import { failed } from '../part.ts';

const hourMs = 3_600_000;
const settings = {
  compatAuthErrors: false,
  lanePolicy: 'hold',
  backoffMs: [0, 5_000],
  retentionMs: 72 * hourMs,
  batchRows: 100,
  batchBytes: 1_000_000,
  parallelPosts: 4,
  breakerFailures: 5,
  processedTtlMs: 0,
} as const;

const verdictOn = (kind: MessageKind, ageMs: number) => {
  const now = 100 * hourMs;
  const message = {
    ...{ messageId: 'm', connection: 'c', lane: 'lane', seq: 1, kind, operation: 'update', correlationId: '', baseVersion: '' },
    ...{ schemaVersion: '1', payload: {}, payloadHash: '', createdAt: now - ageMs },
  };
  const queued = { row: 'r', laneRow: 'l', message, payloadText: '{}', attempts: 9, source: undefined };
  const lane = { laneRow: 'l', lease: 'w', doneSeq: 0, peerSeq: 0, failures: 9, goesAlone: 0, rows: [queued as never] };
  const [verdict] = judge([lane], failed('transient'), { settings, now, random: () => 0 });
  return verdict;
};

test('a message that was not delivered within the retention is held in Error, never dropped', () => {
  const verdict = verdictOn('record', 73 * hourMs);
  assert.deepEqual([verdict?.isHeld, verdict?.errors[0]?.code], [true, 'exchange.retention_exceeded']);
  assert.equal(verdictOn('record', 71 * hourMs)?.isHeld, false);
});

test('a heartbeat waits for as long as the peer is away: it is how the end of it is noticed', () => {
  const verdict = verdictOn('heartbeat', 2000 * hourMs);
  assert.deepEqual([verdict?.isHeld, verdict?.errors, verdict?.waiting.length], [false, [], 1]);
});
