// Causeway under measurement: started by the door that people use, with the settings that people get.
import { fileURLToPath } from 'node:url';
import { makeTableClient, type TableClient } from '../../src/cli/demo/table_client.ts';
import { type ServerProcess, startServer } from './process.ts';

const door = fileURLToPath(new URL('../../bin/causeway.js', import.meta.url));

export interface CausewayPlace {
  folder: string;
  /** A path, or an address of PostgreSQL. */
  database: string;
  /** An instance keeps the one that its first start was given. */
  adminPassword: string;
}

export interface Causeway extends ServerProcess {
  /** Speaks as admin. */
  readonly table: TableClient;
}

/** `nodeFlags` go before the door: `--cpu-prof` and its like. */
export const startCauseway = async (place: CausewayPlace, nodeFlags: readonly string[] = []): Promise<Causeway> => {
  const server = await startServer({
    command: process.execPath,
    args: [...nodeFlags, door, 'start', '--port', '0', '--data', place.folder, '--database', place.database, '--demo-data'],
    environment: { CAUSEWAY_ADMIN_PASSWORD: place.adminPassword },
    readyLine: /^causeway ready http:\/\/[^:]+:(\d+)$/m,
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const table = makeTableClient({ fetcher: fetch, baseUrl, user: 'admin', password: place.adminPassword });
  return { ...server, table };
};
