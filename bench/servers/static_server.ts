// The yardstick: bare node:http that sends prepared bytes and does nothing else. Started by static.ts as a process of its own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let answer = { status: 200, headers: {} as Record<string, string>, body: Buffer.alloc(0) };

process.on('disconnect', () => process.exit(0));
process.on('message', (said: { status: number; headers: Record<string, string>; body: string }) => {
  answer = { ...said, body: Buffer.from(said.body) };
  process.send?.('taken');
});

const server = createServer((_request, response) => {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`static ready ${(server.address() as AddressInfo).port}\n`);
});
