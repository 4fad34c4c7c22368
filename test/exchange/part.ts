// Two ends of a connection in one process: real stores, real queue, and a wire that a test can cut, repeat and refuse on.
// The receiver keeps a diary, so that a test can say: everything, once, in order.
import { randomBytes } from 'node:crypto';
import type { Carrier, CarrierOutcome } from '../../src/exchange/carriers/carrier.ts';
import { readBatch } from '../../src/exchange/envelope/read_batch.ts';
import { readResults } from '../../src/exchange/envelope/read_results.ts';
import type { Message } from '../../src/exchange/message.ts';
import type { Applier, ConnectionView, LinkEvents, Outcome, Settler } from '../../src/exchange/seams.ts';
import { makeTransport, type Transport } from '../../src/exchange/transport.ts';
import { type Clock, systemClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeSealer } from '../../src/kit/seal.ts';
import { type Caller, systemCaller } from '../../src/records/caller.ts';
import { makeProperties } from '../../src/records/properties.ts';
import { shapesOf } from '../../src/records/sync_dictionary.ts';
import { snTransportAttempt } from '../../src/records/tables/sn_transport_attempt.ts';
import { snTransportAudit } from '../../src/records/tables/sn_transport_audit.ts';
import { snTransportLane } from '../../src/records/tables/sn_transport_lane.ts';
import { snTransportProfile } from '../../src/records/tables/sn_transport_profile.ts';
import { snTransportQueue } from '../../src/records/tables/sn_transport_queue.ts';
import { sysProperties } from '../../src/records/tables/sys_properties.ts';
import { openStore } from '../../src/store/open_store.ts';
import type { Store, TableShape, Transaction, Value } from '../../src/store/store.ts';
import type { Engine } from '../parts/engines.ts';

export const connection = 'c0000000000000000000000000000001';
/** As the other end knows it. */
export const other = 'c0000000000000000000000000000002';

const diaryTable: TableShape = {
  name: 'diary',
  columns: [
    { name: 'message_id', type: 'text', notNull: true },
    { name: 'place', type: 'integer' },
    { name: 'correlation', type: 'text' },
    { name: 'n', type: 'integer' },
  ],
  indexes: [{ name: 'i_diary_place', columns: ['place'] }],
};

export const shapes: readonly TableShape[] = [
  ...shapesOf([snTransportQueue, snTransportLane, snTransportProfile, snTransportAttempt, snTransportAudit, sysProperties]),
  diaryTable,
];

/** What a test may make the applier do with a message; undefined: write it into the diary. */
export type Judge = (message: Message) => Outcome | undefined;

export interface End {
  readonly store: Store;
  readonly transport: Transport;
  /** Another worker on the same database. */
  addWorker(name: string): Promise<Transport>;
  judge: Judge;
  /** Its connection is gone. */
  isEnded: boolean;
  readonly settled: { messageId: string; outcome: string; code: string }[];
  send(correlation: string, n: number, kind?: 'record' | 'config' | 'heartbeat'): Promise<string>;
  /** `correlation:n`, in the order in which they were applied. */
  diary(): Promise<string[]>;
  /** By state, of outbound rows. */
  states(): Promise<Record<string, number>>;
  rows(columns: string, where?: string): Promise<Value[][]>;
  set(property: string, value: string): Promise<void>;
}

/** What the wire does with one POST; `deliver` may be called any number of times. */
export type Wire = (deliver: () => Promise<CarrierOutcome>, body: string) => Promise<CarrierOutcome>;

export const failed = (
  failure: 'auth' | 'unavailable' | 'transient' | 'permanent',
  code = 'test.failed',
  retryAfterMs?: number,
): CarrierOutcome => ({
  kind: 'failed',
  class: failure,
  code,
  detail: 'made by the test',
  httpStatus: 0,
  retryAfterMs,
  roundTripMs: 1,
});

export interface Pair {
  readonly a: End;
  readonly b: End;
  wire: Wire;
  close(): Promise<void>;
}

const noEvents: LinkEvents = { delivered() {}, failed() {}, received() {} };
export const loudLog = {
  lines: [] as string[],
  write(line: { text: string }) {
    loudLog.lines.push(line.text);
  },
};

const writeDiary = async ({ dialect, ...transaction }: Transaction, message: Message): Promise<Outcome> => {
  const { n } = message.payload as { n: number };
  const [last] = await transaction.read('SELECT coalesce(max(place), 0) FROM diary');
  await transaction.run(
    `INSERT INTO diary (message_id, place, correlation, n) VALUES (${[1, 2, 3, 4].map(dialect.parameter).join(', ')})`,
    [message.messageId, Number(last?.[0]) + 1, message.correlationId, n],
  );
  return { outcome: 'applied' };
};

export const admin: Caller = { ...systemCaller, userName: 'admin' };

export const openPair = async (engine: Engine, clock: Clock = systemClock): Promise<Pair> => {
  const closers: (() => Promise<unknown>)[] = [];
  const pair: { wire: Wire } = { wire: (deliver) => deliver() };

  const openEnd = async (own: string, peer: () => End, sharesClock: Clock): Promise<End> => {
    const database = await engine.fresh();
    const store = await openStore({ location: database.location, clock: systemClock, random: Math.random });
    await store.write((transaction) => transaction.define(shapes));
    const ids = makeIds(sharesClock);
    const properties = makeProperties({ store, sealer: makeSealer(randomBytes(32)) });
    const settled: End['settled'] = [];
    const applier: Applier = {
      kinds: ['record', 'config', 'heartbeat'],
      apply: async (transaction, message) => {
        const judged = end.judge(message);
        if (judged && judged.outcome !== 'refused') return judged;
        const written = await writeDiary(transaction, message);
        return judged ?? written;
      },
      async applyAll(transaction, messages, connection) {
        const outcomes: Outcome[] = [];
        for (const message of messages) outcomes.push(await applier.apply(transaction, message, connection));
        return outcomes;
      },
    };
    const settler: Settler = {
      kinds: ['record', 'config'],
      async settled(_transaction, message, outcome) {
        settled.push({ messageId: message.messageId, outcome: outcome.outcome, code: 'code' in outcome ? outcome.code : '' });
      },
    };
    const view: ConnectionView = { sysId: own, connectionId: 'SBC0001001', row: {} };
    const carrier: Carrier = {
      name: 'direct',
      send: (_link, body) =>
        pair.wire(async () => {
          const to = peer();
          const peerView: ConnectionView = {
            sysId: own === connection ? other : connection,
            connectionId: 'SBC0001001',
            row: {},
          };
          const results = await to.transport.receive(peerView, readBatch(JSON.parse(body), peerView.sysId, sharesClock.now()));
          const answer = readResults(Buffer.from(JSON.stringify({ results }))) ?? [];
          return { kind: 'answered', results: answer, roundTripMs: 1 };
        }, body),
    };
    const make = (worker: string): Transport =>
      makeTransport({
        store,
        clock: sharesClock,
        ids,
        random: Math.random,
        log: loudLog as never,
        properties,
        carrier,
        book: {
          ofCaller: async () => view,
          get: async () => view,
          isThere: async () => !end.isEnded,
          link: async () => ({
            baseUrl: 'http://127.0.0.1:1',
            connectionId: view.connectionId,
            incarnation: '',
            token: async () => 'token',
            refused: async () => {},
          }),
        },
        events: noEvents,
        worker,
        appliers: [applier],
        settlers: [settler],
      });
    const transport = make('first');
    const p = store.dialect.parameter;
    const end: End = {
      store,
      transport,
      judge: () => undefined,
      isEnded: false,
      settled,
      async addWorker(name) {
        const added = make(name);
        closers.push(() => added.stop());
        await added.start();
        return added;
      },
      send: (correlation, n, kind = 'record') =>
        store.write(async (transaction) => {
          const outgoing = { connection: own, kind, operation: 'update', payload: { n }, correlationId: correlation };
          return (await transport.enqueue(transaction, outgoing)).messageId;
        }),
      async diary() {
        const rows = await store.read('SELECT correlation, n FROM diary ORDER BY place');
        return rows.map(([correlation, n]) => `${correlation}:${n}`);
      },
      async states() {
        const rows = await store.read(
          `SELECT state, count(*) FROM sn_transport_queue WHERE direction = 'outbound' GROUP BY state ORDER BY state`,
        );
        return Object.fromEntries(rows.map(([state, count]) => [String(state), Number(count)]));
      },
      rows: (columns, where = '1 = 1') => store.read(`SELECT ${columns} FROM sn_transport_queue WHERE ${where} ORDER BY sys_id`),
      set: (property, value) =>
        store.write(async (transaction) => {
          await transaction.run(`DELETE FROM sys_properties WHERE name = ${p(1)}`, [property]);
          await transaction.run(`INSERT INTO sys_properties (sys_id, name, value) VALUES (${p(1)}, ${p(2)}, ${p(3)})`, [
            ids.sysId(),
            property,
            value,
          ]);
          await transaction.bump('properties');
        }),
    };
    closers.push(async () => {
      await store.close();
      await database.drop();
    });
    closers.push(() => transport.stop());
    return end;
  };

  const a: End = await openEnd(connection, () => b, clock);
  const b: End = await openEnd(other, () => a, clock);
  return Object.assign(pair, {
    a,
    b,
    async close() {
      for (const close of closers.toReversed()) await close();
    },
  });
};

/** Rows of one lane in the diary must stand in the order of their numbers. */
export const overtaken = (diary: readonly string[]): string[] => {
  const last = new Map<string, number>();
  return diary.filter((entry) => {
    const [correlation = '', n = ''] = entry.split(':');
    const isLate = Number(n) <= (last.get(correlation) ?? 0);
    last.set(correlation, Number(n));
    return isLate;
  });
};
