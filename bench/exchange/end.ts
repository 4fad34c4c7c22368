// One end of an exchange under measurement, as a process of its own that is told what to do.
import { fileURLToPath } from 'node:url';
import type { CausewayPlace } from '../servers/causeway.ts';
import { type ServerProcess, startServer } from '../servers/process.ts';

const program = fileURLToPath(new URL('../servers/exchange_end.ts', import.meta.url));
/** A million rows take a while to be written. */
const patienceMs = 900_000;

export interface End extends ServerProcess {
  ask<T>(path: string, body: unknown): Promise<T>;
}

/** `peerUrl` '': a wire that answers at once. */
export const startEnd = async ({ database }: CausewayPlace, peerUrl: string): Promise<End> => {
  const server = await startServer({
    command: process.execPath,
    args: [program, database, peerUrl],
    readyLine: /listening (\d+)/,
  });
  return {
    ...server,
    async ask<T>(path: string, body: unknown) {
      const said = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      if (said.status !== 200) throw new Error(`${path}: ${await said.text()}`);
      return (await said.json()) as T;
    },
  };
};

export interface Rate {
  perSecond: number;
}
