// Two instances in this process, registered with one another, whose checks run when a test says so. Faults are made by the Table API, or in the
// database behind the instance's back.
import assert from 'node:assert/strict';
import { type Examination, examine } from '../../../src/doctor/examine.ts';
import { applyFixes, type FixReport } from '../../../src/doctor/fix.ts';
import { makeRestInstance, type RestInstance } from '../../../src/doctor/rest_reader.ts';
import type { Value } from '../../../src/store/store.ts';
import type { Engine } from '../../parts/engines.ts';
import { adminPassword, basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';

type Words = Record<string, string>;
const json = { 'content-type': 'application/json' };

export interface Side extends RunningInstance {
  insert(table: string, values: Words): Promise<string>;
  /** The one row of a query. */
  row(table: string, query: string): Promise<Words>;
  patch(table: string, query: string, values: Words): Promise<void>;
  remove(table: string, query: string): Promise<void>;
  /** `$1` and so on, whatever the engine. */
  sql(statement: string, parameters?: Value[]): Promise<void>;
  open(user?: string, password?: string): RestInstance;
}

export interface RunningPair {
  readonly provider: Side;
  readonly consumer: Side;
  readonly number: string;
  /** Doctor at the provider, asking both. */
  look(): Promise<Examination>;
  /** Both look at the connection now. */
  probe(): Promise<void>;
  /** What `--fix CODES --yes` does at the provider. */
  fix(...codes: string[]): Promise<FixReport[]>;
  statuses(): Promise<string[]>;
  close(): Promise<void>;
}

const openSide = async (engine: Engine): Promise<Side> => {
  const running = await runInstance(engine, { demoData: 'false' });
  const { ask } = running;
  const { records } = running.instance;
  const idOf = async (table: string, query: string): Promise<string> => {
    const [row, ...more] = await records.find(table, query);
    assert.ok(row && more.length === 0, `${more.length + (row ? 1 : 0)} rows of ${table} for ${query}`);
    return row.sys_id ?? '';
  };
  const side: Side = {
    ...running,
    async insert(table, values) {
      const said = await ask(`/api/now/table/${table}`, { body: JSON.stringify(values), headers: json });
      assert.equal(said.status, 201, said.text);
      return said.json.result.sys_id;
    },
    row: async (table, query) => ({ ...(await records.find(table, query, { limit: 1 }))[0] }) as Words,
    async patch(table, query, values) {
      const path = `/api/now/table/${table}/${await idOf(table, query)}`;
      const said = await ask(path, { method: 'PATCH', body: JSON.stringify(values), headers: json });
      assert.equal(said.status, 200, said.text);
    },
    async remove(table, query) {
      const said = await ask(`/api/now/table/${table}/${await idOf(table, query)}`, { method: 'DELETE' });
      assert.equal(said.status, 204, said.text);
    },
    async sql(statement, parameters = []) {
      await records.write(async (transaction) => {
        const { dialect } = transaction;
        const own = statement.replace(/\$(\d+)/g, (_, at) => dialect.parameter(Number(at)));
        await transaction.run(own, parameters);
      });
    },
    open: (user = 'admin', password = adminPassword) =>
      makeRestInstance({
        base: running.instance.localUrl,
        authorization: basic(user, password),
        fetcher: fetch,
        now: Date.now,
      }),
  };
  for (const [name, value] of [
    ['sn_sb.ping_seconds', '3600'],
    ['sn_sb.ping_failing_seconds', '3600'],
    ['sn_sb.doctor_seconds', '0'],
  ] as const)
    await side.patch('sys_properties', `name=${name}`, { value });
  return side;
};

export const openRunningPair = async (engine: Engine): Promise<RunningPair> => {
  const [provider, consumer] = await Promise.all([openSide(engine), openSide(engine)]);
  const act = async (side: Side, path: string, body: unknown) => {
    const said = await side.ask(`/api/sn_sb/exchange_admin${path}`, { body: JSON.stringify(body), headers: json });
    assert.equal(said.status, 200, said.text);
    return said.json.result;
  };
  const invited = await act(provider, '/invite', { company: 'Acme', peer: consumer.instance.localUrl, enable_grant: true });
  const number: string = invited.connectionId;
  await act(consumer, '/accept', { code: invited.code, enable_grant: true });
  const scope = () => ({ here: provider.open(), peer: consumer.open() });
  const pair: RunningPair = {
    provider,
    consumer,
    number,
    look: () => examine(scope()),
    async probe() {
      // Twice: the first round tells the second.
      for (const side of [provider, consumer, provider, consumer]) await act(side, `/connections/${number}/probe`, {});
    },
    async fix(...codes) {
      const { findings } = await pair.look();
      return (
        await applyFixes(
          findings.filter(({ code }) => codes.includes(code)),
          scope(),
        )
      ).reports;
    },
    async statuses() {
      const rows = await Promise.all([provider, consumer].map((side) => side.row('sn_sb_connection', `connection_id=${number}`)));
      return rows.flatMap((row) => [row.outbound_status ?? '', row.inbound_status ?? '']);
    },
    async close() {
      await Promise.all([provider.stop(), consumer.stop()]);
    },
  };
  await untilTrue(async () => {
    await pair.probe();
    return (await pair.statuses()).every((status) => status === 'up');
  });
  return pair;
};

/** Incidents of the consumer become cases of the provider. Answers what makes one more of them. */
export const shareIncidents = async ({ provider, consumer, number }: RunningPair): Promise<(text: string) => Promise<void>> => {
  const words = { name: 'Incident to case', provider_table: 'sn_customerservice_case', consumer_table: 'incident' };
  const definition = await provider.insert('sn_sb_pro_remote_task_def', words);
  for (const direction of ['inbound', 'outbound'])
    await provider.insert(`sn_sb_pro_remote_task_def_${direction}_field`, {
      ...{ definition, sync_when: 'insert_or_update', name: 'short_description', label: 'Text' },
      ...{ source: 'short_description', target: 'short_description' },
    });
  await provider.patch('sn_sb_pro_remote_task_def', `sys_id=${definition}`, { state: 'published' });
  const draft = `provider_definition=${definition}`;
  await untilTrue(async () => (await consumer.row('sn_sb_con_remote_task_def', draft)).sys_id !== undefined);
  await consumer.patch('sn_sb_con_remote_task_def', draft, { state: 'published' });
  const own = (await consumer.row('sn_sb_con_remote_task_def', draft)).sys_id ?? '';
  const connection = (await consumer.row('sn_sb_connection', `connection_id=${number}`)).sys_id ?? '';
  return async (text) => {
    const parent = await consumer.insert('incident', { short_description: text });
    await consumer.insert('sn_sb_con_remote_task', { parent, definition: own, connection });
  };
};
