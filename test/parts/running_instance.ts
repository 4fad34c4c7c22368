// A whole instance inside the test's process, on a free port, with a database of its own, and a client that speaks real HTTP to it.
// It must not reach into the instance by any other way than its doors.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, type SettingName } from '../../src/config.ts';
import { type Instance, startInstance } from '../../src/instance.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Engine } from './engines.ts';
import { adminPassword, madeInstance } from './made_instance.ts';

export { adminPassword };

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

export interface Said {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed where it is JSON, else undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** '' for nobody; admin when absent. */
  authorization?: string;
}

/** Speaks to an address as admin unless told otherwise. */
export const makeClient =
  (baseUrl: string) =>
  async (path: string, ask: Ask = {}): Promise<Said> => {
    const authorization = ask.authorization ?? basic('admin', adminPassword);
    const headers = { ...(authorization === '' ? {} : { authorization }), ...ask.headers };
    const method = ask.method ?? (ask.body === undefined ? 'GET' : 'POST');
    const answer = await fetch(`${baseUrl}${path}`, { method, headers, body: ask.body ?? null, redirect: 'manual' });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };

export interface RunningInstance {
  instance: Instance;
  ask: ReturnType<typeof makeClient>;
  port: number;
  /** Its data folder, and its database as openStore takes it. */
  data: string;
  location: string;
  /** Everything the log has said so far. */
  lines(): string;
  stop(): Promise<void>;
}

export const runInstance = async (engine: Engine, flags: Partial<Record<SettingName, string>> = {}): Promise<RunningInstance> => {
  const data = await mkdtemp(join(tmpdir(), 'causeway-instance-'));
  const given = { port: '0', demoData: 'true', adminPassword, ...flags };
  const { location, drop } = await madeInstance(engine, { demoData: given.demoData === 'true' });
  const settings = readSettings({ data, database: location, ...given }, {});
  let lines = '';
  const echo = (text: string) => {
    lines += text;
  };
  const instance = await startInstance({ settings, clock: systemClock, random: () => 0.5, echo });
  return {
    instance,
    ask: makeClient(instance.localUrl),
    port: Number(new URL(instance.localUrl).port),
    data,
    location,
    lines: () => lines,
    async stop() {
      await instance.stop();
      await drop();
      await rm(data, { recursive: true, force: true });
    },
  };
};
