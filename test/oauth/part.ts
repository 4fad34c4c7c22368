// A whole instance on a fresh database, with a clock that stands still, and short ways to talk to it over HTTP. For the tests of this folder.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../src/config.ts';
import { type Instance, startInstance } from '../../src/instance.ts';
import { type ManualClock, makeManualClock } from '../../src/kit/clock.ts';
import type { Row } from '../../src/records/records.ts';
import type { Engine } from '../parts/engines.ts';
import { adminPassword, madeInstance } from '../parts/made_instance.ts';

export const startedAt = Date.parse('2026-11-01T08:00:00.500Z');
export { adminPassword };

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of the wire, looked at field by field
  json: any;
}

export interface Rig {
  url: string;
  clock: ManualClock;
  /** What openStore took. */
  location: string;
  instanceKey: string;
  instance: Instance;
  /** As admin, by Basic. */
  admin(method: string, path: string, body?: unknown): Promise<Reply>;
  send(method: string, path: string, options?: { headers?: Record<string, string>; body?: string }): Promise<Reply>;
  /** POST of a form to the token endpoint. */
  token(form: Record<string, string> | URLSearchParams | string, headers?: Record<string, string>): Promise<Reply>;
  /** A row through the Table API; answers the result. */
  insert(table: string, values: Record<string, string>): Promise<Record<string, string>>;
  setProperty(name: string, value: string): Promise<void>;
  user(userName: string, more?: Record<string, string>): Promise<Record<string, string>>;
  client(more?: Record<string, string>): Promise<{ sysId: string; id: string; secret: string }>;
  /** All refusal rows, once there is one for each of these reasons. */
  refusals(...reasons: string[]): Promise<Row[]>;
  /** Everything that was logged so far. */
  log(): string;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const read = async (response: Response): Promise<Reply> => {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
};

export const openRig = async (engine: Engine): Promise<Rig> => {
  const { location, drop } = await madeInstance(engine);
  const data = await mkdtemp(join(tmpdir(), 'causeway-oauth-'));
  const clock = makeManualClock(startedAt);
  const instanceKey = randomBytes(32).toString('hex');
  const settings = readSettings({ port: '0', data, database: location, adminPassword, instanceKey }, {});
  let logged = '';
  const echo = (text: string) => {
    logged += text;
  };
  let instance = await startInstance({ settings, clock, random: Math.random, echo });
  const adminHeader = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;

  const send: Rig['send'] = async (method, path, options = {}) =>
    read(
      await fetch(`${instance.localUrl}${path}`, {
        method,
        redirect: 'manual',
        headers: options.headers ?? {},
        body: options.body,
      }),
    );
  const admin: Rig['admin'] = (method, path, body) =>
    send(method, path, {
      headers: { authorization: adminHeader, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const insert: Rig['insert'] = async (table, values) => {
    const reply = await admin('POST', `/api/now/table/${table}?sysparm_exclude_reference_link=true`, values);
    if (reply.status !== 201) throw new Error(`${table}: ${reply.status} ${reply.text}`);
    return reply.json.result;
  };

  let count = 0;
  return {
    get url() {
      return instance.localUrl;
    },
    get instance() {
      return instance;
    },
    clock,
    location,
    instanceKey,
    send,
    admin,
    insert,
    token: (form, headers = {}) =>
      send('POST', '/oauth_token.do', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      }),
    async setProperty(name, value) {
      const [row] = await instance.records.findBy('sys_properties', { name });
      const reply = await admin(row ? 'PATCH' : 'POST', `/api/now/table/sys_properties${row ? `/${row.sys_id}` : ''}`, {
        name,
        value,
      });
      if (reply.status > 201) throw new Error(reply.text);
    },
    user: (userName, more = {}) =>
      insert('sys_user', { user_name: userName, user_password: 'river stone lamp', active: 'true', ...more }),
    async client(more = {}) {
      count += 1;
      const row = await insert('oauth_entity', { name: `Client ${count}`, type: 'client', ...more });
      return { sysId: row.sys_id ?? '', id: row.client_id ?? '', secret: row.client_secret ?? '' };
    },
    async refusals(...reasons) {
      // Rows are written by a timer of the clock and a transaction of the store, after the answer went out.
      let rows: Row[] = [];
      for (let turn = 0; turn < 200; turn += 1) {
        clock.advance(300);
        await instance.records.write(async () => undefined);
        rows = await instance.records.find('causeway_refusal', 'ORDERBYtime');
        if (reasons.every((reason) => rows.some((row) => row.reason === reason))) return rows;
      }
      throw new Error(`no refusal ${reasons.join(', ')} among ${rows.map((row) => row.reason).join(', ')}`);
    },
    log: () => logged,
    async restart() {
      await instance.stop();
      instance = await startInstance({ settings, clock, random: Math.random, echo });
    },
    async close() {
      await instance.stop();
      await drop();
      await rm(data, { recursive: true, force: true });
    },
  };
};
