// A network that does as a test says, in front of an HTTP server: every request and every answer passes a rule, which may lose, delay,
// double, alter or answer it. Must not know what is sent.
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Passing {
  /** Counts 1, 2, 3 … through the life of the proxy. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Passed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `forward` brings it to the server, any number of times. undefined: the connection breaks, and no answer comes. */
export type NetworkRule = (passing: Passing, forward: () => Promise<Passed>) => Promise<Passed | undefined>;

export const goodNetwork: NetworkRule = (_passing, forward) => forward();

export interface Certificate {
  key: string;
  cert: string;
}

export interface StagedProxy {
  readonly url: string;
  /** Port of the server behind. */
  target: number;
  rule: NetworkRule;
  /** Ends what is connected; where it speaks TLS, it goes on with this certificate. */
  reconnect(certificate?: Certificate): void;
  close(): Promise<void>;
}

const readAll = async (message: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
};

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);
const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      hopByHop.has(name) || value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );

/** `secure`: speaks TLS, and is called by this name. */
export const startStagedProxy = async (secure?: Certificate & { name: string }): Promise<StagedProxy> => {
  const agent = new Agent({ keepAlive: false });
  let count = 0;
  const forward = ({ method, path, headers, body }: Passing): Promise<Passed> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: proxy.target, method, path, headers, agent }, (answer) => {
        readAll(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: text }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const listener: RequestListener = (message, response) => {
    void (async () => {
      try {
        count += 1;
        const passing: Passing = {
          n: count,
          method: message.method ?? 'GET',
          path: message.url ?? '/',
          headers: headersOf(message),
          body: await readAll(message),
        };
        const passed = await proxy.rule(passing, () => forward(passing));
        if (!passed) {
          message.socket.destroy();
          return;
        }
        response.writeHead(passed.status, passed.headers);
        response.end(passed.body);
      } catch {
        // The server behind is gone, or went while it answered: so is the connection.
        message.socket.destroy();
      }
    })();
  };
  const secured = secure && createSecureServer(secure, listener);
  const server = secured ?? createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: StagedProxy = {
    url: `${secure ? `https://${secure.name}` : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}`,
    target: 0,
    rule: goodNetwork,
    reconnect(certificate) {
      if (certificate) secured?.setSecureContext(certificate);
      server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      agent.destroy();
    },
  };
  return proxy;
};
