// A bad network in front of an HTTP server: requests and answers get lost, late, doubled and out of order, as a seed says.
// For journeys that must survive it.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';

/** From 0 to 1, the same for the same seed. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export interface FaultyProxy {
  url: string;
  readonly counts: Record<'passed' | 'lost' | 'deaf' | 'doubled' | 'late', number>;
  /** Set before the first request: the port of the server behind. */
  target: number;
  /** From now on nothing goes wrong. */
  heal(): void;
  close(): Promise<void>;
}

export const startFaultyProxy = async (random: () => number): Promise<FaultyProxy> => {
  const counts = { passed: 0, lost: 0, deaf: 0, doubled: 0, late: 0 };
  let isHealed = false;
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const forward = (path: string, headers: Record<string, string>, body: Buffer) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: proxy.target, path, method: 'POST', headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces) }));
        answer.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const server: Server = createServer((message, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of message) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces);
      const headers = { 'content-type': message.headers['content-type'] ?? '', 'content-length': String(body.length) };
      const chance = isHealed ? 1 : random();
      const pass = () => forward(message.url ?? '/', headers, body);
      try {
        if (chance < 0.08) {
          counts.lost += 1;
          response.destroy();
          return;
        }
        if (chance < 0.16) {
          counts.deaf += 1;
          await pass();
          response.destroy();
          return;
        }
        if (chance < 0.24) {
          // The second copy arrives after later requests: doubled and out of order.
          counts.doubled += 1;
          void wait(random() * 400)
            .then(pass)
            .catch(() => {});
        } else if (chance < 0.4) {
          counts.late += 1;
          await wait(random() * 120);
        }
        const answer = await pass();
        counts.passed += 1;
        response.statusCode = answer.status;
        response.end(answer.body);
      } catch {
        response.destroy();
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    counts,
    target: 0,
    heal() {
      isHealed = true;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
};
