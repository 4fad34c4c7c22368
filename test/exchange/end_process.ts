// One end of a connection as a process of its own, to be killed at any moment: real store, real queue, real HTTP. Arguments: one JSON
// object. It stands in for a whole instance where only the transport is asked; who is calling is taken for granted.
import { createServer } from 'node:http';
import { makeHttpCarrier } from '../../src/exchange/carriers/http.ts';
import { readBatch } from '../../src/exchange/envelope/read_batch.ts';
import { makeTransport } from '../../src/exchange/transport.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { Fault } from '../../src/kit/fault.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeOutbound } from '../../src/kit/outbound.ts';
import { makeProperties } from '../../src/records/properties.ts';
import { openStore } from '../../src/store/open_store.ts';
import { connection, diaryApplier, shapes } from './part.ts';

export interface EndArguments {
  location: string;
  port: number;
  peerUrl: string;
  /** One token request in so many fails; 0: none does. */
  tokenFailsOneIn: number;
  properties: Record<string, string>;
}

const given = JSON.parse(process.argv[2] ?? '{}') as EndArguments;
const clock = systemClock;
const store = await openStore({ location: given.location, clock, random: Math.random });
const ids = makeIds(clock);
const p = store.dialect.parameter;
await store.write(async (transaction) => {
  await transaction.define(shapes);
  for (const [name, value] of Object.entries(given.properties)) {
    await transaction.run(`DELETE FROM sys_properties WHERE name = ${p(1)}`, [name]);
    await transaction.run(`INSERT INTO sys_properties (sys_id, name, value) VALUES (${p(1)}, ${p(2)}, ${p(3)})`, [
      ids.sysId(),
      name,
      value,
    ]);
  }
});
const outbound = makeOutbound({ clock });
const view = { sysId: connection, connectionId: 'SBC0001001', row: {} };
const transport = makeTransport({
  store,
  clock,
  ids,
  random: Math.random,
  log: { write: ({ text }: { text: string }) => void process.stderr.write(`${text}\n`) } as never,
  properties: makeProperties({ store }),
  carrier: makeHttpCarrier({ clock, outbound }),
  book: {
    ofCaller: async () => view,
    get: async () => view,
    link: async () => ({
      baseUrl: given.peerUrl,
      connectionId: 'SBC0001001',
      incarnation: '',
      async token() {
        if (given.tokenFailsOneIn > 0 && Math.random() * given.tokenFailsOneIn < 1) {
          throw new Fault('unavailable', 'exchange.token_unavailable', 'The token endpoint did not answer');
        }
        return 'token';
      },
      refused: async () => {},
    }),
  },
  events: { delivered() {}, failed() {}, received() {} },
  worker: 'only',
  appliers: [diaryApplier],
  settlers: [],
});

const readText = async (message: AsyncIterable<Buffer>): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
};

/** Changes of records, each with the next number of its record, in transactions of ten. */
const change = async ({ records, from }: { records: string[]; from: number }): Promise<void> => {
  for (let at = 0; at < records.length; at += 10) {
    await store.write(async (transaction) => {
      for (const [offset, correlationId] of records.slice(at, at + 10).entries()) {
        const payload = { n: from + at + offset };
        await transport.enqueue(transaction, { connection, kind: 'record', operation: 'update', payload, correlationId });
      }
    });
  }
};

const answer = async (url: string, body: string): Promise<unknown> => {
  if (url === '/change') return change(JSON.parse(body));
  if (url === '/diary') return store.read('SELECT correlation, n, message_id FROM diary ORDER BY place', [], { long: true });
  if (url === '/sent') {
    return store.read(
      `SELECT q.correlation_id, q.payload, q.state FROM sn_transport_queue q WHERE q.direction = 'outbound' ORDER BY q.lane, q.seq`,
      [],
      { long: true },
    );
  }
  return { results: await transport.receive(view, readBatch(JSON.parse(body), connection, clock.now())) };
};

const server = createServer((request, response) => {
  void (async () => {
    try {
      response.end(JSON.stringify((await answer(request.url ?? '', await readText(request))) ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  })();
});
await transport.start();
server.listen(given.port, '127.0.0.1', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
