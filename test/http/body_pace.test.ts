// Bodies that take their time: hours for a file whose bytes flow, two minutes at most for one that trickles. The clock is turned by hand.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { watchBodies } from '../../src/http/body_pace.ts';
import { type ManualClock, makeManualClock } from '../../src/kit/clock.ts';
import { openSocket } from '../parts/raw_http.ts';
import { untilTrue } from '../parts/until_true.ts';

const second = 1_000;
let server: Server;
let clock: ManualClock;
let unwatch: () => void;
let received = 0;
let whole = 0;
/** Reads the body to its end before it answers, or answers at once. */
let isPatient = true;

const answer = async (message: IncomingMessage, response: import('node:http').ServerResponse) => {
  if (!isPatient) response.end('at once');
  try {
    for await (const piece of message) received += (piece as Buffer).length;
    whole += 1;
    if (isPatient) response.end('whole');
  } catch {
    // The connection was cut.
  }
};

before(async () => {
  server = createServer({ requestTimeout: 0 }, (message, response) => void answer(message, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  clock = makeManualClock(Date.parse('2026-11-01T08:00:00Z'));
  server.removeAllListeners('request');
  server.on('request', (message, response) => void answer(message, response));
  unwatch = watchBodies(server, clock);
  [received, whole, isPatient] = [0, 0, true];
});
afterEach(() => unwatch());
after(() => server.close());

const begin = (length: number, connection = 'close') => {
  const opened = openSocket((server.address() as AddressInfo).port);
  opened.socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\nContent-Length: ${length}\r\n\r\n`);
  const send = async (bytes: number) => {
    const wanted = received + bytes;
    opened.socket.write(Buffer.alloc(bytes, 97));
    await untilTrue(() => received >= wanted);
  };
  return { ...opened, send };
};

test('a body may take hours while its bytes flow', async () => {
  const [piece, pieces] = [512 * 1024, 300];
  const { heard, send } = begin(piece * pieces);
  for (let sent = 0; sent < pieces; sent += 1) {
    await send(piece);
    clock.advance(30 * second);
  }
  assert.match(await heard, /^HTTP\/1\.1 200 [\s\S]*whole$/);
  assert.equal(whole, 1);
});

test('silence ends a body after a minute', async () => {
  const { heard, send } = begin(100);
  await send(10);
  clock.advance(5 * second);
  await send(10);
  clock.advance(55 * second);
  assert.equal(whole, 0);
  clock.advance(10 * second);
  assert.match(await heard, /^HTTP\/1\.1 408 [\s\S]*The request took too long to arrive/);
});

test('a byte now and then is borne for two minutes', async () => {
  const { heard, send } = begin(100_000);
  for (let step = 0; step < 24; step += 1) {
    await send(1);
    clock.advance(5 * second);
  }
  assert.match(await heard, /^HTTP\/1\.1 408 /);
  assert.equal(received, 24);
});

test('what comes behind an answer is borne for two minutes, however fast it comes', async () => {
  isPatient = false;
  const { heard, send } = begin(100_000_000, 'keep-alive');
  for (let step = 0; step < 24; step += 1) {
    await send(100_000);
    clock.advance(5 * second);
  }
  assert.match(await heard, /^HTTP\/1\.1 200 [\s\S]*at once$/);
  assert.equal(whole, 0);
});

test('a body that is there is not waited for', async () => {
  const { heard, send } = begin(10);
  await send(10);
  assert.match(await heard, /^HTTP\/1\.1 200 /);
  clock.advance(3_600 * second);
});
