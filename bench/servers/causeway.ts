// Causeway under measurement: started by the door that people use, with the settings that people get.
import { fileURLToPath } from 'node:url';
import { makeTableClient, type TableClient } from '../../src/cli/demo/table_client.ts';
import { type ServerProcess, startServer } from './process.ts';

const rootFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const door = rootFile('bin/causeway.js');
/** What is packed is one file, which says little in a profile. */
const sources = [rootFile('bin/with_node.js'), rootFile('src/main.ts')];

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

/** With `nodeFlags`, `--cpu-prof` and its like, it runs from the sources. */
export const startCauseway = async (place: CausewayPlace, nodeFlags: readonly string[] = []): Promise<Causeway> => {
  const settings = ['--port', '0', '--data', place.folder, '--database', place.database, '--demo-data'];
  const server = await startServer({
    command: process.execPath,
    args: [...(nodeFlags.length > 0 ? [...nodeFlags, ...sources] : [door]), 'start', ...settings],
    environment: { CAUSEWAY_ADMIN_PASSWORD: place.adminPassword },
    readyLine: /^causeway ready http:\/\/[^:]+:(\d+)$/m,
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const table = makeTableClient({ fetcher: fetch, baseUrl, user: 'admin', password: place.adminPassword });
  return { ...server, table };
};
