// Two instances in the test's process that know one another by real HTTP: a provider and a consumer, registered as a test wants it.
import assert from 'node:assert/strict';
import type { ConnectionReport } from '../../src/exchange/admin/report.ts';
import { systemCaller } from '../../src/records/caller.ts';
import type { Row } from '../../src/records/records.ts';
import type { Engine } from '../parts/engines.ts';
import { type RunningInstance, runInstance, type Said } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

export const adminBase = '/api/sn_sb/exchange_admin';
const json = { 'content-type': 'application/json' };

/** What a property says from now on; made where there is none. */
export const setProperty = async ({ instance: { records } }: RunningInstance, name: string, value: string): Promise<void> => {
  const [row] = await records.findBy('sys_properties', { name });
  if (row) await records.update(systemCaller, 'sys_properties', row.sys_id ?? '', { value });
  else await records.insert(systemCaller, 'sys_properties', { name, value, type: 'string' });
};

export const post = (side: RunningInstance, path: string, body: unknown = {}): Promise<Said> =>
  side.ask(`${adminBase}${path}`, { body: JSON.stringify(body), headers: json });

/** Changes the one record that the query finds, through the Table API. */
export const patch = async (
  side: RunningInstance,
  table: string,
  query: string,
  values: Readonly<Record<string, string>>,
): Promise<Said> => {
  const [row, ...others] = await side.instance.records.find(table, query);
  assert.ok(row && others.length === 0, `${table} ${query}`);
  return side.ask(`/api/now/table/${table}/${row.sys_id}`, { method: 'PATCH', headers: json, body: JSON.stringify(values) });
};

export interface TwoInstances {
  readonly provider: RunningInstance;
  readonly consumer: RunningInstance;
  readonly both: readonly [RunningInstance, RunningInstance];
  /** Answers the number of the connection, when both directions are Up on both sides. */
  register(more?: Readonly<Record<string, unknown>>): Promise<string>;
  report(side: RunningInstance, number: string): Promise<ConnectionReport>;
  connection(side: RunningInstance, number: string): Promise<Row>;
  allUp(number: string): Promise<void>;
  offboard(number: string): Promise<void>;
  stop(): Promise<void>;
}

export const runTwoInstances = async (engine: Engine): Promise<TwoInstances> => {
  const [provider, consumer] = [
    await runInstance(engine, { demoData: 'false' }),
    await runInstance(engine, { demoData: 'false' }),
  ];
  const both = [provider, consumer] as const;
  for (const side of both) {
    await setProperty(side, 'sn_sb.ping_seconds', '2');
    await setProperty(side, 'sn_sb.ping_failing_seconds', '1');
  }
  const pair: TwoInstances = {
    provider,
    consumer,
    both,
    async register(more = {}) {
      const invited = await post(provider, '/invite', { company: 'Acme', peer: consumer.instance.localUrl, ...more });
      assert.equal(invited.status, 200, invited.text);
      const { code, connectionId } = invited.json.result;
      const accepted = await post(consumer, '/accept', { code, enable_grant: more.enable_grant === true });
      assert.equal(accepted.json?.result?.state, 'onboarded', accepted.text);
      await pair.allUp(connectionId);
      return connectionId;
    },
    report: async (side, number) => (await side.ask(`${adminBase}/connections/${number}`)).json.result,
    async connection(side, number) {
      const [row] = await side.instance.records.findBy('sn_sb_connection', { connection_id: number });
      assert.ok(row, number);
      return row;
    },
    allUp: (number) =>
      untilTrue(async () => {
        const reports = await Promise.all(both.map((side) => pair.report(side, number)));
        return reports.every(({ outbound, inbound }) => outbound?.status === 'Up' && inbound?.status === 'Up');
      }),
    async offboard(number) {
      for (const side of both) await post(side, `/connections/${number}/offboard`, { drop_undelivered: true });
    },
    stop: async () => void (await Promise.all(both.map((side) => side.stop()))),
  };
  return pair;
};
