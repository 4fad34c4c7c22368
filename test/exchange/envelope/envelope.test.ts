// The wire of the exchange: what is written reads back, and what is wrong is refused with a code, message by message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, payloadHash } from '../../../src/exchange/envelope/canonical_json.ts';
import { readBatch } from '../../../src/exchange/envelope/read_batch.ts';
import { readResults } from '../../../src/exchange/envelope/read_results.ts';
import { writeBatch } from '../../../src/exchange/envelope/write_batch.ts';
import { isFault } from '../../../src/kit/fault.ts';

const queuedWith = (payload: unknown) => {
  const payloadText = canonicalJson(payload);
  const message = {
    messageId: 'm1',
    connection: 'there',
    lane: 'record:c1',
    seq: 3,
    kind: 'record' as const,
    operation: 'update',
    correlationId: 'c1',
    baseVersion: '',
    schemaVersion: '1',
    payload,
    payloadHash: payloadHash(payloadText),
    createdAt: 1_700_000_000_000,
  };
  return { message, row: 'r', laneRow: 'l', payloadText, attempts: 0, source: undefined };
};

const eventOf = (payload: unknown = { a: 1 }): Record<string, unknown> =>
  JSON.parse(writeBatch([{ queued: queuedWith(payload), previousSeq: 2 }], 'SBC0001001'))[0];

test('any JSON payload arrives as it was sent, with the same hash', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      const sent = queuedWith(JSON.parse(JSON.stringify(payload)));
      const [read] = readBatch(JSON.parse(writeBatch([{ queued: sent, previousSeq: 2 }], 'SBC0001001')), 'here', 0);
      assert.ok(read && 'received' in read, JSON.stringify(read));
      assert.equal(canonicalJson(read.received.message.payload), sent.payloadText);
      assert.deepEqual([read.received.message.seq, read.received.previousSeq, read.received.message.connection], [3, 2, 'here']);
    }),
  );
});

test('canonical JSON does not depend on the order of keys', () => {
  assert.equal(canonicalJson({ b: 1, 10: 2, 9: [{ z: null, a: 'é' }] }), '{"10":2,"9":[{"a":"é","z":null}],"b":1}');
  assert.equal(canonicalJson({ at: new Date(0), no: undefined }), '{"at":"1970-01-01T00:00:00.000Z"}');
});

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

const refusals: [change: Record<string, unknown>, code: string][] = [
  [{ specversion: '0.3' }, 'exchange.bad_envelope'],
  [{ protocolversion: '2' }, 'exchange.unsupported_version'],
  [{ requires: 'lanes,telepathy' }, 'exchange.unknown_feature'],
  [{ type: 'com.example.other' }, 'exchange.unknown_kind'],
  [{ type: 'causeway.exchange.__proto__' }, 'exchange.unknown_kind'],
  [{ lane: '' }, 'exchange.bad_envelope'],
  [{ lane: 'x'.repeat(256) }, 'exchange.bad_envelope'],
  [{ lane: 'a\0b' }, 'exchange.bad_envelope'],
  [{ laneseq: 0 }, 'exchange.bad_envelope'],
  [{ laneseq: '3' }, 'exchange.bad_envelope'],
  [{ laneprevious: 3 }, 'exchange.bad_envelope'],
  [{ laneprevious: -1 }, 'exchange.bad_envelope'],
  [{ operation: 7 }, 'exchange.bad_envelope'],
  [{ correlationid: {} }, 'exchange.bad_envelope'],
  [{ data: { a: 2 } }, 'exchange.payload_hash'],
  [{ data: undefined }, 'exchange.bad_envelope'],
  [{ data: nested(101) }, 'exchange.bad_envelope'],
  [{ payloadhash: 5 }, 'exchange.payload_hash'],
];

for (const [change, code] of refusals) {
  test(`a message with ${JSON.stringify(change).slice(0, 60)} is refused as ${code}`, () => {
    const [read] = readBatch([JSON.parse(JSON.stringify({ ...eventOf(), ...change }))], 'here', 0);
    assert.equal(read && 'code' in read ? read.code : 'accepted', code);
  });
}

test('attributes that are not known are tolerated, and so are features that are', () => {
  const [read] = readBatch([{ ...eventOf(), newer: { thing: 1 }, requires: 'lanes, gap' }], 'here', 0);
  assert.ok(read && 'received' in read);
});

for (const body of [null, {}, 'text', [null], [[]], [{}], [{ id: 7 }], [{ id: 'x'.repeat(101) }], Array(1001).fill(eventOf())]) {
  test(`${JSON.stringify(body)?.slice(0, 40)} is no batch`, () => {
    assert.throws(
      () => readBatch(body, 'here', 0),
      (error) => isFault(error, 'exchange.malformed_batch'),
    );
  });
}

test('of an answer, what is no result is left out', () => {
  const results = [
    { id: 'a', outcome: 'applied' },
    { id: 'b', outcome: 'dancing' },
    { outcome: 'applied' },
    { id: 'c', outcome: 'gap', have: 'x' },
    null,
    { id: 'd', outcome: 'stale', have: 4 },
  ];
  assert.deepEqual(readResults(Buffer.from(JSON.stringify({ results }))), [
    { id: 'a', outcome: 'applied' },
    { id: 'd', outcome: 'stale', have: 4 },
  ]);
  for (const text of ['', '[]', '{"results":1}', '<html>']) assert.equal(readResults(Buffer.from(text)), undefined);
});
