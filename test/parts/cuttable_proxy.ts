// A network that can be cut: forwards to a server, until it is told not to. For tests of what happens when the database goes away.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface CuttableProxy {
  port: number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** Cuts as soon as a client sends this word; the server never receives it. */
  cutBefore(word: string): void;
}

export const startCuttableProxy = async (target: { host: string; port: number }): Promise<CuttableProxy> => {
  const sockets = new Set<Socket>();
  let word: string | undefined;
  let server: Server | undefined;

  const cut = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    if (closing?.listening) {
      closing.close();
      await once(closing, 'close');
    }
  };
  const listen = async (port: number): Promise<number> => {
    const own = createServer((near) => {
      const far = connect(target.port, target.host);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {});
      }
      near.on('data', (chunk) => {
        if (word !== undefined && chunk.includes(word)) {
          word = undefined;
          void cut();
        } else far.write(chunk);
      });
      far.on('data', (chunk) => near.write(chunk));
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    server = own;
    own.listen(port, '127.0.0.1');
    await once(own, 'listening');
    return (own.address() as { port: number }).port;
  };

  const port = await listen(0);
  return {
    port,
    cut,
    restore: async () => void (await listen(port)),
    cutBefore(next) {
      word = next;
    },
  };
};
