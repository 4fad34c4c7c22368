// Twenty thousand requests with a few bytes of them moved, lost or doubled, on bare connections: no answer of the 500s, no connection that
// is neither answered nor waiting for a body, and an instance that serves on. CAUSEWAY_FUZZ_SEED throws the same dice again.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { openSocket } from '../parts/raw_http.ts';
import { adminPassword, basic, runInstance } from '../parts/running_instance.ts';
import { type Chance, makeChance } from './fuzz/chance.ts';

const seed = Number(process.env.CAUSEWAY_FUZZ_SEED ?? randomInt(1_000_000));
const requests = 20_000;
const connections = 40;
/** Longer than any answer takes; whoever is silent by then waits for the rest of a body. */
const patienceMs = 3_000;

const body = '{"short_description":"bytes","urgency":"2"}';
const head = `Host: x\r\nAuthorization: ${basic('admin', adminPassword)}\r\nContent-Type: application/json\r\n`;
const post = `POST /api/now/table/incident HTTP/1.1\r\n${head}`;
const whole: readonly string[] = [
  `GET /api/now/table/incident?sysparm_limit=1 HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
  `${post}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  `${post}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  `${post}Content-Length: ${body.length}\r\n\r\n${body}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  'POST /oauth_token.do HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 21\r\n\r\ngrant_type=password&a',
];
const pieces: readonly string[] = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '%',
    '%00',
    '//',
    '..',
    '?',
    '#',
    '-1',
    '\xff',
    '0\r\n\r\n',
    'FFFFFFFF',
    'HTTP/1.1',
  ],
  ...[
    'Host: y',
    'Transfer-Encoding: chunked',
    'Content-Length: 5',
    'Expect: 100-continue',
    'Connection: Upgrade\r\nUpgrade: h2c',
  ],
  ...['X-HTTP-Method-Override: DELETE', 'Content-Encoding: gzip', 'Range: bytes=0-', 'Cookie: a=b; c', 'X-Forwarded-Host: y'],
];

const changed = (chance: Chance, text: string): string => {
  const at = chance.below(text.length + 1);
  const lines = text.split('\r\n');
  const another = chance.is(0.5) ? chance.one(lines) : chance.one(pieces);
  return chance.one([
    () => text.slice(0, at) + text.slice(at + 1 + chance.below(6)),
    () => text.slice(0, at) + chance.one(pieces) + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(chance.below(256)) + text.slice(at + 1),
    () => lines.toSpliced(chance.below(lines.length), 0, another).join('\r\n'),
  ])();
};

const heardFor = async (port: number, text: string): Promise<string> => {
  const { socket, heard } = openSocket(port);
  socket.setTimeout(patienceMs);
  socket.write(Buffer.from(text, 'latin1'));
  return heard;
};

forEachEngine((engine) => {
  test(`twenty thousand requests with moved bytes (seed ${seed})`, async (context) => {
    const running = await runInstance(engine);
    context.after(() => running.stop());
    const statuses: Record<string, number> = {};
    let at = 0;
    const work = async () => {
      while (at < requests) {
        const chance = makeChance(seed, at++);
        let text = chance.one(whole);
        for (let left = chance.below(4); left >= 0; left -= 1) text = changed(chance, text);
        const heard = await heardFor(running.port, text);
        for (const [, status = ''] of heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)) {
          assert.ok(Number(status) < 500, `seed ${seed}: ${status} for ${JSON.stringify(text)}`);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
        if (heard === '') statuses.silent = (statuses.silent ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    context.diagnostic(JSON.stringify(statuses));
    assert.ok(
      (statuses['200'] ?? 0) > 0 && (statuses['201'] ?? 0) > 0 && (statuses['400'] ?? 0) > requests / 4,
      'the dice prove something',
    );
    assert.ok((statuses.silent ?? 0) < requests / 10, 'only unfinished bodies are waited for');
    assert.doesNotMatch(running.lines(), /Unexpected failure/);
    assert.equal((await running.ask('/api/now/table/incident?sysparm_limit=1')).status, 200);
  });
});
