// The calls by which a script learns about tables, rights, properties, time zones and script includes, and gets figures.
import { Fault } from '../../kit/fault.ts';
import type { Operation } from '../../records/rights.ts';
import { toWall } from '../../records/zoned.ts';
import { namesUsed } from '../names_used.ts';
import type { AggregateName, AggregateRequest, HostCall, HostRun } from './host_parts.ts';
import { listIn, namesIn, numberIn, textIn } from './input.ts';

const describe: HostCall = async ({ records }, input) => {
  const table = records.dictionary().table(textIn(input, 'table'));
  if (!table) return null;
  const fields = [...table.fields.values()].map(({ element, type, reference, label }) => [
    element,
    { type, label, ...(type === 'reference' ? { reference } : {}) },
  ]);
  return { label: table.label, display: table.displayField?.element ?? 'sys_id', fields: Object.fromEntries(fields) };
};

const operations = new Map<string, Operation>([
  ['read', 'read'],
  ['write', 'write'],
  ['create', 'create'],
  ['delete', 'delete'],
]);

const mayWithRow = async (run: HostRun, table: string, sysId: string, queries: readonly string[]): Promise<boolean> => {
  for (const query of queries) {
    const request = { table, query, filters: [['sys_id', sysId]] as const, fields: ['sys_id'], limit: 1 };
    const found = await run.records.list(run.caller, { ...request, onInvalidTerm: 'match_nothing' });
    if (found.rows.length > 0) return true;
  }
  return false;
};

const may: HostCall = async (run, input, meter) => {
  const table = run.records.dictionary().table(textIn(input, 'table'));
  const operation = operations.get(textIn(input, 'operation'));
  if (!table || !operation) return false;
  const rights = await run.rights();
  const field = table.fields.get(textIn(input, 'field'));
  if (field && !rights.mayField(run.caller, table, field, operation === 'read' ? 'read' : 'write')) return false;
  const access = rights.on(run.caller, table, operation);
  if (access === 'all' || access === 'none') return access === 'all';
  const sysId = textIn(input, 'sys_id');
  // Without a record there is no row to judge: some would do.
  if (sysId === '' || operation === 'create') return true;
  meter.query();
  if (!(await mayWithRow(run, table.name, sysId, access.anyOf))) return false;
  for (const query of access.also) if (!(await mayWithRow(run, table.name, sysId, [query]))) return false;
  return true;
};

const aggregateNames = new Map<string, AggregateName>([
  ['COUNT', 'COUNT'],
  ['SUM', 'SUM'],
  ['AVG', 'AVG'],
  ['MIN', 'MIN'],
  ['MAX', 'MAX'],
]);

const nameOf = (text: string): AggregateName => {
  const name = aggregateNames.get(text);
  if (!name) throw new Fault('bad_request', 'records.bad_script_call', `${text} is not an aggregate`);
  return name;
};

const aggregate: HostCall = async (run, input, meter) => {
  meter.query();
  const request: AggregateRequest = {
    table: textIn(input, 'table'),
    query: textIn(input, 'query'),
    aggregates: listIn(input, 'aggregates').map((one) => ({ name: nameOf(textIn(one, 'name')), field: textIn(one, 'field') })),
    groups: namesIn(input, 'groups'),
    orders: listIn(input, 'orders').map((one) => ({
      ...(one.aggregate === undefined ? {} : { aggregate: nameOf(textIn(one, 'aggregate')) }),
      field: textIn(one, 'field'),
      descending: one.descending === true,
    })),
  };
  const groups = await run.aggregates.aggregate(run.caller, request);
  meter.rows(groups.length);
  return groups.map(({ groups: values, aggregates }) => ({ groups: { ...values }, aggregates: { ...aggregates } }));
};

const include: HostCall = async (run, input) => {
  const source = await run.includes.source(textIn(input, 'name'));
  if (source === undefined) return null;
  return { source, uses: namesUsed(source, await run.includes.names()) };
};

const zoneOffset: HostCall = async ({ timeZone }, input) => {
  const atMs = numberIn(input, 'atMs');
  // Past the years that dates can hold, every zone is as good as UTC.
  return Math.abs(atMs) > 8.64e15 ? 0 : toWall(atMs, timeZone) - atMs;
};

export const asking: ReadonlyMap<string, HostCall> = new Map([
  ['describe', describe],
  ['may', may],
  ['aggregate', aggregate],
  ['include', include],
  ['zone_offset', zoneOffset],
  ['property', async (run, input) => (await run.property(textIn(input, 'name'), run.caller)) || null],
  ['guid', async ({ ids }) => ids.randomHex(32)],
]);
