// One end of an exchange under measurement: store and transport as an instance has them, nothing else. Commands come as POSTs.
// Arguments: location, address of the peer ('' for a wire that answers at once). It must not be killed: the bench ends it.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Pool } from 'undici';
import type { Carrier } from '../../src/exchange/carriers/carrier.ts';
import { makeHttpCarrier } from '../../src/exchange/carriers/http.ts';
import { canonicalJson, payloadHash } from '../../src/exchange/envelope/canonical_json.ts';
import { readBatch } from '../../src/exchange/envelope/read_batch.ts';
import type { Message } from '../../src/exchange/message.ts';
import { laneId } from '../../src/exchange/queue_ids.ts';
import { recordset } from '../../src/exchange/recordset.ts';
import type { Outcome } from '../../src/exchange/seams.ts';
import { makeTransport } from '../../src/exchange/transport.ts';
import { systemClock, wireMoment } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeOutbound } from '../../src/kit/outbound.ts';
import { makeSealer } from '../../src/kit/seal.ts';
import { makeProperties } from '../../src/records/properties.ts';
import { shapesOf } from '../../src/records/sync_dictionary.ts';
import { builtInTables } from '../../src/records/tables/index.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Transaction } from '../../src/store/store.ts';

const [location = '', peerUrl = ''] = process.argv.slice(2);
const connection = 'c0000000000000000000000000000001';
const clock = systemClock;
const store = await openStore({ location, clock, random: Math.random });
const { parameter } = store.dialect;
const ids = makeIds(clock);
const tables = builtInTables.filter(({ name }) => name.startsWith('sn_transport_') || name === 'sys_properties');
const noted = {
  name: 'applied_change',
  columns: [{ name: 'n', type: 'text', notNull: true } as const, { name: 'correlation', type: 'text' } as const],
};
await store.write((transaction) => transaction.define([...shapesOf(tables), noted]));

const appliedAt = new Map<number, number>();
const awaited = new Map<number, () => void>();
/** Of each record the number of the last change that was applied to it. */
const lastOf = new Map<string, number>();
let [overtaken, doubled] = [0, 0];
/** Messages that were sent from here, answered and settled; who waits for a number of them. */
let deliveredCount = 0;
let goal: { count: number; reached: () => void } | undefined;
let isOpen = false;
/** What is sent on the wire that answers at once, and not open, waits for the next drain. */
let gate = Promise.withResolvers<void>();
const open = (): void => {
  isOpen = true;
  gate.resolve();
};
const shut = (): void => {
  if (isOpen) gate = Promise.withResolvers<void>();
  isOpen = false;
};
const now = () => performance.timeOrigin + performance.now();
const view = { sysId: connection, connectionId: 'SBC0001001', row: {} };
const nullCarrier: Carrier = {
  name: 'null',
  async send(_link, body) {
    await gate.promise;
    const results = (JSON.parse(body) as { id: string }[]).map(({ id }) => ({ id, outcome: 'applied' as const }));
    return { kind: 'answered', results, roundTripMs: 0 };
  },
};

/** Every message leaves a row of its own: one that came twice would touch none. */
const note = async (transaction: Transaction, messages: readonly Message[]): Promise<Outcome[]> => {
  const rows = messages.map(({ correlationId, payload }) => ({ n: (payload as { n: number }).n, correlation: correlationId }));
  const touched = await transaction.run(
    `INSERT INTO applied_change (n, correlation)
     SELECT r.n, r.correlation FROM ${recordset(transaction.dialect, 1, 'r', { n: 'text', correlation: 'text' })} WHERE true
     ON CONFLICT (n) DO NOTHING`,
    [JSON.stringify(rows.map(({ n, correlation }) => ({ n: String(n), correlation })))],
  );
  transaction.afterCommit(() => {
    doubled += rows.length - touched;
    for (const { n, correlation } of rows) {
      if ((lastOf.get(correlation) ?? 0) >= n) overtaken += 1;
      lastOf.set(correlation, n);
      appliedAt.set(n, now());
      awaited.get(n)?.();
    }
  });
  return messages.map(() => ({ outcome: 'applied' }));
};

const transport = makeTransport({
  store,
  clock,
  ids,
  random: Math.random,
  log: { write: ({ text }: { text: string }) => void process.stderr.write(`${text}\n`) } as never,
  properties: makeProperties({ store, sealer: makeSealer(randomBytes(32)) }),
  carrier: peerUrl === '' ? nullCarrier : makeHttpCarrier({ clock, outbound: makeOutbound({ clock }) }),
  book: {
    ofCaller: async () => view,
    get: async () => view,
    isThere: async () => true,
    link: async () =>
      isOpen
        ? { baseUrl: peerUrl, connectionId: 'SBC0001001', incarnation: '', token: async () => 'token', refused: async () => {} }
        : undefined,
  },
  events: {
    delivered(_connection, { count }) {
      deliveredCount += count;
      if (!goal || deliveredCount < goal.count) return;
      // At once: much more is claimed than is awaited.
      shut();
      goal.reached();
      goal = undefined;
    },
    failed() {},
    received() {},
  },
  worker: 'bench',
  settlers: [],
  appliers: [
    {
      kinds: ['record'],
      apply: async (transaction, message) => (await note(transaction, [message]))[0] as Outcome,
      applyAll: note,
    },
  ],
});

const text = `${'x'.repeat(200)}`;
let numberOfLast = 0;

/** Rows as enqueue writes them, many at once; each fill has lanes of its own. */
const fill = async ({ count, lanes }: { count: number; lanes: number }): Promise<void> => {
  const perLane = Math.ceil(count / lanes);
  const prefix = ids.randomHex(8);
  const moment = wireMoment(clock.now());
  const laneShape = { sys_id: 'text', name: 'text', last: 'integer' } as const;
  const rowShape = { id: 'text', lane: 'text', seq: 'integer', corr: 'text', payload: 'text', hash: 'text' } as const;
  await store.write((transaction) =>
    transaction.run(
      `INSERT INTO sn_transport_profile (sys_id, connection, failures, permanent_count, transient_count, auth_count, unavailable_count)
       VALUES (${parameter(1)}, ${parameter(1)}, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING`,
      [connection],
    ),
  );
  // Together, as they come in the product: the worker lets go of a lane in which it finds nothing.
  await store.write(async (transaction) => {
    const names = Array.from({ length: lanes }, (_, at) => `record:${prefix}${at}`);
    for (let at = 0; at < lanes; at += 2000) {
      const some = names
        .slice(at, at + 2000)
        .map((name) => ({ sys_id: laneId(connection, 'outbound', name), name, last: perLane }));
      await transaction.run(
        `INSERT INTO sn_transport_lane (sys_id, connection, direction, name, lane_rank, state, due_at, last_seq, done_seq, peer_seq, error_seq, gap_count,
           failures, goes_alone, waiting_since)
         SELECT r.sys_id, ${parameter(2)}, 'outbound', r.name, 5, 'waiting', 1, r.last, 0, 0, 0, 0, 0, 0, 1 FROM ${recordset(store.dialect, 1, 'r', laneShape)}`,
        [JSON.stringify(some), connection],
      );
    }
    for (let at = 0; at < perLane * lanes; at += 2000) {
      const some = Array.from({ length: Math.min(2000, perLane * lanes - at) }, (_, offset) => {
        const [seq, lane] = [Math.floor((at + offset) / lanes) + 1, names[(at + offset) % lanes] ?? ''];
        numberOfLast += 1;
        const payload = canonicalJson({ n: numberOfLast, text });
        return {
          id: ids.sysId(),
          lane: laneId(connection, 'outbound', lane),
          seq,
          corr: lane.slice(7),
          payload,
          hash: payloadHash(payload),
        };
      });
      await transaction.run(
        `INSERT INTO sn_transport_queue (sys_id, message_id, connection, direction, state, lane, seq, kind, operation, correlation_id, schema_version, payload,
           payload_hash, attempts, sys_created_on, sys_updated_on)
         SELECT r.id, r.id, ${parameter(2)}, 'outbound', 'ready', r.lane, r.seq, 'record', 'update', r.corr, '1', r.payload, r.hash, 0, ${parameter(3)}, ${parameter(3)}
         FROM ${recordset(store.dialect, 1, 'r', rowShape)}`,
        [JSON.stringify(some), connection, moment],
      );
    }
  });
  if (store.dialect.engine === 'postgres')
    await store.write((transaction) => transaction.run('ANALYZE sn_transport_lane, sn_transport_queue'));
};

const untilDelivered = (count: number): Promise<void> =>
  deliveredCount >= count ? Promise.resolve() : new Promise((resolve) => (goal = { count, reached: resolve }));

/** Sends until this process has delivered so many, or all that it has put there; answers messages a second. Reads nothing but for that. */
const drain = async ({ upTo = numberOfLast }: { upTo?: number }): Promise<{ perSecond: number }> => {
  const [already, startedAt] = [deliveredCount, performance.now()];
  open();
  transport.wake(connection);
  await untilDelivered(upTo);
  shut();
  return { perSecond: ((deliveredCount - already) / (performance.now() - startedAt)) * 1000 };
};

/** The bare loop: the same bytes over so many connections. */
const raw = async ({
  posts,
  bytes,
  connections,
}: {
  posts: number;
  bytes: number;
  connections: number;
}): Promise<{ perSecond: number; p50: number }> => {
  const pool = new Pool(peerUrl, { connections });
  const body = 'x'.repeat(bytes);
  const times: number[] = [];
  let left = posts;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left > 0) {
        left -= 1;
        const at = performance.now();
        const answer = await pool.request({ path: '/raw', method: 'POST', body });
        await answer.body.text();
        times.push(performance.now() - at);
      }
    }),
  );
  const perSecond = (posts / (performance.now() - startedAt)) * 1000;
  await pool.close();
  return { perSecond, p50: times.sort((a, b) => a - b)[times.length >> 1] ?? 0 };
};

const wire = peerUrl === '' ? undefined : new Pool(peerUrl, { connections: 1 });

/** One POST of so many bytes on an idle wire: milliseconds. */
const rawOne = async ({ bytes }: { bytes: number }): Promise<{ ms: number }> => {
  const at = performance.now();
  const answer = await wire?.request({ path: '/raw', method: 'POST', body: 'x'.repeat(bytes) });
  await answer?.body.text();
  return { ms: performance.now() - at };
};

/** When it was applied here. */
const applied = async (n: number): Promise<{ at: number | undefined }> => {
  if (!appliedAt.has(n)) await new Promise<void>((resolve) => awaited.set(n, resolve));
  return { at: appliedAt.get(n) };
};

/** One change on an idle pair: when its commit was answered. */
const one = async ({ n }: { n: number }): Promise<{ committedAt: number }> => {
  open();
  await store.write((transaction) =>
    transport.enqueue(transaction, {
      connection,
      kind: 'record',
      operation: 'update',
      payload: { n, text },
      correlationId: `idle${n % 50}`,
    }),
  );
  return { committedAt: now() };
};

const set = async (properties: Record<string, string>): Promise<void> => {
  await store.write(async (transaction) => {
    for (const [name, value] of Object.entries(properties)) {
      await transaction.run(`DELETE FROM sys_properties WHERE name = ${parameter(1)}`, [name]);
      await transaction.run(
        `INSERT INTO sys_properties (sys_id, name, value) VALUES (${parameter(1)}, ${parameter(2)}, ${parameter(3)})`,
        [ids.sysId(), name, value],
      );
    }
    await transaction.bump('properties');
  });
};

const commands = new Map<string, (body: string) => Promise<unknown>>([
  ['/fill', (body) => fill(JSON.parse(body))],
  ['/drain', (body) => drain(JSON.parse(body))],
  ['/load', (body) => raw(JSON.parse(body))],
  ['/one', (body) => one(JSON.parse(body))],
  ['/set', (body) => set(JSON.parse(body))],
  ['/raw_one', (body) => rawOne(JSON.parse(body))],
  ['/applied', (body) => applied(Number(JSON.parse(body)))],
  ['/overtaken', async () => ({ overtaken: overtaken + doubled })],
  ['/raw', async () => ({})],
]);

const server = createServer((request, response) => {
  void (async () => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString('utf8');
    const command = commands.get(request.url ?? '');
    try {
      const answer = command
        ? await command(body)
        : { results: await transport.receive(view, readBatch(JSON.parse(body), connection, clock.now())) };
      response.end(JSON.stringify(answer ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String((error as Error).stack));
    }
  })();
});
await transport.start();
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening ${(server.address() as { port: number }).port}\n`));
