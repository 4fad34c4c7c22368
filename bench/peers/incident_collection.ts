// The collection `incident` in Directus: the fields that our incidents fill, an index where ours has one that is asked for, and somebody
// who may read and write it. Made through its API as its users do; the rows alone go in by the back.
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { incidentKey, incidentValues, taskValues } from '../data/incidents.ts';
import { type Columns, insertOfRows } from '../data/rows.ts';
import type { ServerProcess } from '../servers/process.ts';
import type { DirectusPlace } from './directus.ts';

type Json = Readonly<Record<string, unknown>>;

const call = async (server: ServerProcess, token: string, path: string, body: Json): Promise<Json> => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Directus answered POST ${path} with ${answer.status}: ${text.slice(0, 500)}`);
  return (JSON.parse(text || '{}') as { data?: Json }).data ?? {};
};

const numbers = new Set([
  'state',
  'priority',
  'impact',
  'urgency',
  'escalation',
  'reassignment_count',
  'sys_mod_count',
  'incident_state',
  'severity',
  'notify',
  'reopen_count',
  'child_incidents',
]);
const flags = new Set(['active', 'made_sla']);
const moments = new Set(['opened_at', 'sys_created_on', 'sys_updated_on']);
/** Written by Directus itself in a row that somebody makes or changes, as Causeway does. */
const specials: Readonly<Record<string, string>> = { sys_created_on: 'date-created', sys_updated_on: 'date-updated' };
const indexed = ['caller_id', 'number', 'assigned_to', 'opened_at'];

const typeOf = (name: string): string => {
  if (numbers.has(name)) return 'integer';
  if (flags.has(name)) return 'boolean';
  if (moments.has(name)) return 'dateTime';
  return name === 'description' ? 'text' : 'string';
};

const fieldOf = (name: string): Json => ({
  field: name,
  type: typeOf(name),
  meta: name in specials ? { special: [specials[name]] } : {},
  schema: { is_nullable: true, is_indexed: indexed.includes(name) },
});

/** The same values under the same names. Its keys are UUIDs, made by itself for new rows; its users are others. */
const columns: Columns = (words) => {
  const key = incidentKey(words).sys_id ?? '';
  const part = (from: number, length: number) => `substr(${key}, ${from}, ${length})`;
  const uuid = `${part(1, 8)} || '-' || ${part(9, 4)} || '-' || ${part(13, 4)} || '-' || ${part(17, 4)} || '-' || ${part(21, 12)}`;
  const { sys_created_by: _creator, sys_updated_by: _updater, ...values } = { ...taskValues(words), ...incidentValues(words) };
  return { sys_id: `(${uuid})`, ...values };
};

/** PostgreSQL wants values of the very types that Directus gave the columns. */
const cast: Columns = (words) => {
  const types = { boolean: 'boolean', dateTime: 'timestamp', uuid: 'uuid' } as Readonly<Record<string, string>>;
  const typed = ([name, sql]: [string, string]): [string, string] => {
    const type = types[name === 'sys_id' ? 'uuid' : typeOf(name)];
    return [name, type === undefined ? sql : `(${sql})::${type}`];
  };
  return Object.fromEntries(Object.entries(columns(words)).map(typed));
};

export const uuidOf = (id: string): string =>
  [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');

export const makeCollection = async (server: ServerProcess, adminToken: string): Promise<void> => {
  const names = Object.keys(columns({ hex: () => '', moment: () => '', pick: () => '' })).filter((name) => name !== 'sys_id');
  await call(server, adminToken, '/collections', {
    collection: 'incident',
    // With its own record of who did what, as ours has.
    meta: { accountability: 'all' },
    schema: {},
    fields: [
      { field: 'sys_id', type: 'uuid', meta: { special: ['uuid'] }, schema: { is_primary_key: true, has_auto_increment: false } },
      ...names.map(fieldOf),
    ],
  });
};

/** Somebody with a static token who may read and write incidents and nothing else. */
export const makeAgent = async (server: ServerProcess, adminToken: string, token: string): Promise<void> => {
  const policy = await call(server, adminToken, '/policies', { name: 'Bench', admin_access: false, app_access: false });
  for (const action of ['read', 'create', 'update'])
    await call(server, adminToken, '/permissions', { policy: policy.id, collection: 'incident', action, fields: ['*'] });
  const role = await call(server, adminToken, '/roles', { name: 'Bench', policies: [{ policy: policy.id }] });
  await call(server, adminToken, '/users', {
    email: 'bench@example.com',
    password: token,
    role: role.id,
    status: 'active',
    token,
  });
};

/** While it is stopped. */
export const fillCollection = async ({ engine, database }: DirectusPlace, count: number): Promise<void> => {
  const sql = insertOfRows(engine, 'incident', engine === 'postgres' ? cast : columns, 0, count);
  if (engine === 'sqlite') {
    const file = new DatabaseSync(database);
    file.exec(sql);
    file.close();
    return;
  }
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(sql);
    await client.query('VACUUM (ANALYZE) "incident"');
  } finally {
    await client.end();
  }
};
