// One of two organisations: an instance as a process of its own, a network that a test rules in front of it, a database that can be
// touched behind its back. Speaks to the instance by its doors only, but for `sql`.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/kit/clock.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store, Value } from '../../../src/store/store.ts';
import type { Engine } from '../../parts/engines.ts';
import { type InstanceProcess, runCommand, startProcess } from '../../parts/instance_process.ts';
import { madeInstance } from '../../parts/made_instance.ts';
import { adminPassword, makeClient, type Said } from '../../parts/running_instance.ts';
import { type Certificate, type StagedProxy, startStagedProxy } from '../../parts/staged_proxy.ts';

export type Words = Record<string, string>;

export interface Command {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface WholeSide {
  readonly name: 'provider' | 'consumer';
  /** In front of it: what its peer calls. */
  readonly proxy: StagedProxy;
  /** Itself, whatever happens to the network. */
  readonly address: string;
  readonly ask: ReturnType<typeof makeClient>;
  readonly process: InstanceProcess;
  /** Of its database, as openStore takes it, and its data folder: for what is done to them while it does not run. */
  readonly location: string;
  readonly data: string;
  start(): Promise<void>;
  /** kill -9, and gone. */
  kill(): Promise<void>;
  /** Turns its clock, from the next moment it reads. */
  turnClock(byMs: number): Promise<void>;
  /** From now on, where it looks for a name: '' is nowhere. */
  turnName(name: string, address: string): Promise<void>;
  insert(table: string, values: Words): Promise<string>;
  /** Changes the one record that matches; answers the status. */
  patch(table: string, query: string, values: Words): Promise<number>;
  rows(table: string, query?: string, fields?: string): Promise<Words[]>;
  count(table: string, query?: string): Promise<number>;
  set(property: string, value: string): Promise<void>;
  /** `causeway …` against this side. */
  command(...args: string[]): Promise<Command>;
  /** Behind its back: `$1` stands for the first parameter on either engine. */
  sql(text: string, parameters?: readonly Value[]): Promise<Value[][]>;
  close(): Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => void server.close(resolve));
  return port;
};

const partPath = (name: string): string => fileURLToPath(new URL(`../../parts/${name}`, import.meta.url));
const certificateText = (name: string): Promise<string> => readFile(partPath(`certificates/${name}`), 'utf8');

/** Of provider.test, signed by the authority in test/parts/certificates. */
export const readCertificate = async (name: 'good' | 'expired'): Promise<Certificate> => ({
  key: await certificateText('server.key'),
  cert: await certificateText(`${name}.pem`),
});

export interface SideOptions {
  /** Its clock and the names it calls can be turned, and it trusts the test's authority. */
  turns?: boolean;
  /** Is called by this name, over TLS. */
  secureName?: string;
}

export const openSide = async (
  engine: Engine,
  name: WholeSide['name'],
  { turns = false, secureName = '' }: SideOptions = {},
): Promise<WholeSide> => {
  const data = await mkdtemp(join(tmpdir(), `causeway-${name}-`));
  const clockFile = join(data, 'clock_offset');
  const namesFile = join(data, 'names');
  await writeFile(clockFile, '0');
  await writeFile(namesFile, '{}');
  const secure = secureName === '' ? undefined : { ...(await readCertificate('good')), name: secureName };
  const database = await madeInstance(engine);
  const [proxy, port] = [await startStagedProxy(secure), await freePort()];
  proxy.target = port;
  const address = `http://127.0.0.1:${port}`;
  const ask = makeClient(address);
  const json = { 'content-type': 'application/json' };
  let running: InstanceProcess | undefined;
  let store: Store | undefined;

  const query = (text: string): string => encodeURIComponent(text);
  const good = (said: Said, what: string): Said => {
    assert.ok(said.status < 300, `${name}: ${what}: ${said.status} ${said.text}`);
    return said;
  };

  const turned: Words = {
    NODE_OPTIONS: `--import=${partPath('turned_clock.ts')} --import=${partPath('turned_names.ts')}`,
    CAUSEWAY_TEST_CLOCK: clockFile,
    CAUSEWAY_TEST_NAMES: namesFile,
    NODE_EXTRA_CA_CERTS: partPath('certificates/authority.pem'),
  };

  const side: WholeSide = {
    name,
    proxy,
    address,
    ask,
    location: database.location,
    data,
    get process() {
      assert.ok(running, `${name} is not running`);
      return running;
    },
    async start() {
      const place = ['--port', String(port), '--base-url', proxy.url, '--data', data, '--database', database.location];
      running = await startProcess(['start', ...place, '--log-stdout', 'false'], {
        CAUSEWAY_ADMIN_PASSWORD: adminPassword,
        ...(turns ? turned : {}),
      });
    },
    async kill() {
      await running?.kill();
    },
    turnClock: (byMs) => writeFile(clockFile, String(byMs)),
    turnName: (of, to) => writeFile(namesFile, JSON.stringify({ [of]: to })),
    async insert(table, values) {
      const said = await ask(`/api/now/table/${table}`, { headers: json, body: JSON.stringify(values) });
      return good(said, table).json.result.sys_id;
    },
    async patch(table, wanted, values) {
      const [row] = await side.rows(table, wanted, 'sys_id');
      assert.ok(row, `${name} has no ${table} with ${wanted}`);
      const said = await ask(`/api/now/table/${table}/${row.sys_id}`, {
        method: 'PATCH',
        headers: json,
        body: JSON.stringify(values),
      });
      return said.status;
    },
    async rows(table, wanted = '', fields = '') {
      const said = await ask(
        `/api/now/table/${table}?sysparm_query=${query(wanted)}&sysparm_fields=${fields}&sysparm_exclude_reference_link=true`,
      );
      return good(said, table).json.result;
    },
    async count(table, wanted = '') {
      const said = await ask(`/api/now/stats/${table}?sysparm_count=true&sysparm_query=${query(wanted)}`);
      return Number(good(said, table).json.result.stats.count);
    },
    async set(property, value) {
      const [row] = await side.rows('sys_properties', `name=${property}`, 'sys_id');
      if (row) assert.equal(await side.patch('sys_properties', `name=${property}`, { value }), 200);
      else await side.insert('sys_properties', { name: property, value });
    },
    command: (...args) => runCommand([...args, '--instance', address, '--user', 'admin', '--password', adminPassword]),
    async sql(text, parameters = []) {
      store ??= await openStore({ location: database.location, clock: systemClock, random: Math.random });
      const { dialect } = store;
      const own = text.replace(/\$(\d+)/g, (_, n: string) => dialect.parameter(Number(n)));
      if (/^\s*select/i.test(own)) return store.read(own, parameters);
      await store.write((transaction) => transaction.run(own, parameters));
      return [];
    },
    async close() {
      await side.kill();
      await store?.close();
      await proxy.close();
      await database.drop();
      await rm(data, { recursive: true, force: true });
    },
  };
  try {
    await side.start();
    return side;
  } catch (error) {
    await side.close();
    throw error;
  }
};
