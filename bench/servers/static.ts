// Starts the yardstick and gives it what to send: the very answer that the measured server gave.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from './process.ts';

export interface StaticServer extends ServerProcess {
  /** Asks `port` once and sends the same status, headers and body from now on. */
  copy(port: number, request: { method?: string; path: string; authorization: string; body?: string }): Promise<void>;
}

const script = fileURLToPath(new URL('./static_server.ts', import.meta.url));
/** These are the server's own affair, and node:http writes them itself. */
const ownHeaders = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding']);

export const startStatic = async (): Promise<StaticServer> => {
  const server = await startServer({ command: process.execPath, args: [script], readyLine: /static ready (\d+)/ });
  return {
    ...server,
    async copy(port, { method = 'GET', path, authorization, body }) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          authorization,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body ?? null,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text.slice(0, 300)}`);
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => !ownHeaders.has(name)));
      headers['content-length'] = String(Buffer.byteLength(text));
      server.child.send({ status: answer.status, headers, body: text });
      await once(server.child, 'message');
    },
  };
};
