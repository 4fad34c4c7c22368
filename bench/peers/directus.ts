// Directus under measurement: as it starts when nobody changes anything, but for what would disturb the measurement.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EngineName } from '../part.ts';
import { type ServerProcess, startServer } from '../servers/process.ts';
import type { Directus } from './fetch_directus.ts';

export interface DirectusPlace {
  engine: EngineName;
  folder: string;
  /** A path, or an address of PostgreSQL. */
  database: string;
  adminToken: string;
}

const environmentOf = ({ engine, folder, database, adminToken }: DirectusPlace): Record<string, string> => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  ...(engine === 'sqlite'
    ? { DB_CLIENT: 'sqlite3', DB_FILENAME: database }
    : { DB_CLIENT: 'pg', DB_CONNECTION_STRING: database }),
  SECRET: 'signs nothing that leaves this machine',
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: adminToken,
  ADMIN_TOKEN: adminToken,
  TEMP_PATH: join(folder, 'temporary'),
  STORAGE_LOCAL_ROOT: join(folder, 'uploads'),
  EXTENSIONS_PATH: join(folder, 'extensions'),
  // Nothing leaves the machine.
  TELEMETRY: 'false',
  EMAIL_VERIFY_SETUP: 'false',
  // Under full load it would answer 503, and faster than it works.
  PRESSURE_LIMITER_ENABLED: 'false',
});

/** Makes its own tables in an empty database. */
export const makeDirectus = async ({ node, program }: Directus, place: DirectusPlace): Promise<void> => {
  const environment = { PATH: process.env.PATH ?? '', HOME: place.folder, ...environmentOf(place) };
  const child = spawn(node, [program, 'bootstrap'], { cwd: place.folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-3000);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Directus could not make its tables (${code}):\n${said}`);
};

export const startDirectus = ({ node, program }: Directus, place: DirectusPlace): Promise<ServerProcess> =>
  startServer({
    command: node,
    // Its sandbox does not run with a snapshot.
    args: ['--no-node-snapshot', program, 'start'],
    environment: { ...environmentOf(place), HOME: place.folder },
    folder: place.folder,
    readyLine: /Server started at \S*?:(\d+)/,
  });
