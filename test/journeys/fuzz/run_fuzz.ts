// Throws made-up requests at an instance in a process of its own, and says what must never happen: an answer of the 500s, an answer that
// does not come, words of the machinery in an answer, a process that dies or grows. The seed is in every complaint.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../parts/engines.ts';
import { type InstanceProcess, startProcess } from '../../parts/instance_process.ts';
import { madeInstance } from '../../parts/made_instance.ts';
import { adminPassword, basic, makeClient } from '../../parts/running_instance.ts';
import { makeChance } from './chance.ts';
import { type Call, makeRequest } from './requests.ts';
import { type FuzzAnswer, send } from './send.ts';

const answerLimitMs = 20_000;
const senders = 8;
/**
 * What the process may have grown by from the third sixth of the run to the last, in MiB: a leak of two KiB a request shows in the long run.
 * On SQLite the pages of its two connections are kept, as many as the run has written.
 */
const growthLimitMiB = 96;
/** How often it is looked at, about. */
const lookCount = 600;
/** No test may pass because the machine is large. */
const heapLimitMiB = 320;

const refused =
  '{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}';
const machinery =
  /node:internal|\bat \S+ \(?(?:file:|\/)|SQLITE_|SqliteError|syntax error at or near|TypeError:|RangeError:|\[object Object\]/;

export interface FuzzReport {
  seed: number;
  requests: number;
  statuses: Record<string, number>;
  slowest: { ms: number; at: number };
  perSecond: number;
  /** The least that the process held during the third sixth and the last, and the most at any time. */
  warmMiB: number;
  endMiB: number;
  peakMiB: number;
}

const residentMiB = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
};

/** What is wrong with an answer; '' when nothing is. */
const complaintAbout = (request: Call, answer: FuzzAnswer): string => {
  if (answer.status >= 500) return `answered ${answer.status}`;
  if (answer.headers['x-injected'] !== undefined) return 'has a header of the caller’s making';
  if (answer.status === 401 && request.path.startsWith('/api/') && request.method !== 'HEAD' && answer.text !== refused) {
    return 'refused in other words than everyone';
  }
  if (answer.status >= 400 && machinery.test(answer.text)) return 'shows machinery';
  const isJson = String(answer.headers['content-type'] ?? '').startsWith('application/json');
  if (!isJson || answer.text === '') return '';
  try {
    JSON.parse(answer.text);
    return '';
  } catch {
    return 'is not the JSON that it says it is';
  }
};

const shown = (request: Call): string =>
  JSON.stringify({ ...request, body: request.body.toString().slice(0, 2_000), path: request.path.slice(0, 2_000) });

const sendOnce = async (port: number, agent: Agent, request: Call): Promise<FuzzAnswer> => {
  try {
    return await send(port, agent, request, answerLimitMs);
  } catch (error) {
    // A kept connection may have been closed by the server while the request was on its way: RFC 9112 §9.3.1.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    const own = new Agent({ keepAlive: false });
    return send(port, own, request, answerLimitMs);
  }
};

const makeCallers = async (instance: InstanceProcess): Promise<string[]> => {
  const ask = makeClient(instance.baseUrl);
  const make = async (table: string, values: Record<string, string>) => {
    const said = await ask(`/api/now/table/${table}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(values),
    });
    assert.equal(said.status, 201, said.text);
    return said.json.result.sys_id as string;
  };
  const itil = await ask('/api/now/table/sys_user_role?sysparm_query=name=itil');
  const user = await make('sys_user', { user_name: 'fuzz.itil', user_password: 'fuzz itil', active: 'true' });
  await make('sys_user_has_role', { user, role: itil.json.result[0].sys_id });
  await make('sys_user', { user_name: 'fuzz.plain', user_password: 'fuzz plain', active: 'true' });
  return [
    basic('admin', adminPassword),
    basic('admin', adminPassword),
    basic('fuzz.itil', 'fuzz itil'),
    basic('fuzz.plain', 'fuzz plain'),
  ];
};

const readLog = (data: string): Promise<string> => readFile(join(data, 'logs', 'localhost_log.txt'), 'utf8');

export const runFuzz = async (
  engine: Engine,
  about: { seed: number; requests: number; firstRequest?: number },
): Promise<FuzzReport> => {
  const { seed, requests, firstRequest = 0 } = about;
  const data = await mkdtemp(join(tmpdir(), 'causeway-fuzz-'));
  const database = await madeInstance(engine, { demoData: true });
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  const instance = await startProcess(['start', '--port', '0', '--data', data, '--database', database.location, '--demo-data'], {
    CAUSEWAY_ADMIN_PASSWORD: adminPassword,
    NODE_OPTIONS: `--max-old-space-size=${heapLimitMiB}`,
  });
  try {
    const port = Number(new URL(instance.baseUrl).port);
    const callers = await makeCallers(instance);
    const statuses: Record<string, number> = {};
    let at = firstRequest;
    const looks: number[] = [];
    const lookEvery = Math.ceil(requests / lookCount);
    let slowest = { ms: 0, at: 0 };
    const from = performance.now();
    const work = async () => {
      while (at < firstRequest + requests) {
        const mine = at++;
        if (mine % lookEvery === 0) looks.push(await residentMiB(instance.pid));
        const request = makeRequest(makeChance(seed, mine), callers);
        const name = `seed ${seed}, request ${mine}`;
        const answer = await sendOnce(port, agent, request).catch((error: Error) => {
          throw new Error(`${name}: ${error.message}\n${shown(request)}\n${instance.stderr().slice(-2_000)}`);
        });
        const complaint = complaintAbout(request, answer);
        if (complaint !== '') {
          const logged = (await readLog(data)).split('\n').filter((line) => line.includes('Unexpected failure'));
          const said = `${shown(request)}\n${answer.status} ${answer.text.slice(0, 600)}\n${logged.join('\n').slice(0, 4_000)}`;
          assert.fail(`${name}: ${complaint}\n${said}`);
        }
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.tookMs > slowest.ms) slowest = { ms: Math.round(answer.tookMs), at: mine };
      }
    };
    await Promise.all(Array.from({ length: senders }, work));
    const perSecond = requests / ((performance.now() - from) / 1_000);
    // Answers of some MiB are on their way at any time, and garbage waits to be collected: the least of many looks is what stays.
    const leastOf = (sixth: number): number =>
      Math.round(Math.min(...looks.slice((looks.length * (sixth - 1)) / 6, (looks.length * sixth) / 6)));
    const [warmMiB, endMiB] = [leastOf(3), leastOf(6)];

    const after = await makeClient(instance.baseUrl)('/api/now/table/incident?sysparm_limit=1');
    assert.equal(after.status, 200, `seed ${seed}: the instance serves no more: ${after.text}`);
    const log = await readLog(data);
    assert.ok(!log.includes('Unexpected failure'), `seed ${seed}: ${/.*Unexpected failure.*/.exec(log)?.[0]}`);
    assert.ok(endMiB - warmMiB < growthLimitMiB, `seed ${seed}: grew from ${warmMiB} to ${endMiB} MiB`);
    instance.signal('SIGTERM');
    assert.equal(await instance.ended(), 0, `seed ${seed}: did not stop in good order`);
    return {
      seed,
      requests,
      statuses,
      slowest,
      perSecond: Math.round(perSecond),
      warmMiB,
      endMiB,
      peakMiB: Math.round(Math.max(...looks)),
    };
  } finally {
    agent.destroy();
    await instance.kill();
    await database.drop();
    await rm(data, { recursive: true, force: true });
  }
};
