// A small server that answers GET on the Table API in the original's shapes: invalid tables are 400, tables closed to the account 403, columns
// that it may not read are absent, rows that it may not read are missing though counted. It must not let anything be written.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basic } from '../../parts/running_instance.ts';
import { type Rows, select } from './rows.ts';

export const account = { user: 'auditor', password: 'only looking' } as const;

export interface Original {
  readonly url: string;
  rows: Rows;
  /** Tables that the account may not read. */
  closed: Set<string>;
  /** `table.field` that the account may not read. */
  hiddenFields: Set<string>;
  /** sys_ids of rows that the account may not read. */
  hiddenRows: Set<string>;
  /** Everything that was asked other than by GET. */
  readonly writes: string[];
  readonly reads: string[];
  /** How often a credential was refused. */
  refused: number;
  close(): Promise<void>;
}

const failure = (message: string, detail: string | null) => ({ error: { message, detail }, status: 'failure' });

export const openOriginal = async (rows: Rows): Promise<Original> => {
  const server = createServer((request, response) => {
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== basic(account.user, account.password)) {
      original.refused += 1;
      return say(401, failure('User Not Authenticated', 'Required to provide Auth information'));
    }
    if (request.method !== 'GET') {
      original.writes.push(`${request.method} ${request.url}`);
      return say(403, failure('Operation Failed', 'ACL Exception Insert Failed due to security constraints'));
    }
    const url = new URL(request.url ?? '/', 'http://original');
    const table = /^\/api\/now\/table\/(\w+)$/.exec(url.pathname)?.[1];
    if (!table) return say(400, failure('Requested URI does not represent any resource', null));
    original.reads.push(table);
    const all = original.rows[table];
    if (!all) return say(400, failure(`Invalid table ${table}`, null));
    if (original.closed.has(table))
      return say(
        403,
        failure('Insufficient rights to query records', 'Field(s) present in the query do not have permission to be read'),
      );
    const known = new Set(all.flatMap((row) => Object.keys(row)));
    // A term about a field that is not there is left out, as the platform does unless it was told otherwise.
    const query = (url.searchParams.get('sysparm_query') ?? '')
      .split('^')
      .filter((term) => known.size === 0 || known.has(/^(?:OR(?!DER)|ORDERBYDESC|ORDERBY)?([a-z_.]+)/.exec(term)?.[1] ?? ''))
      .join('^');
    const found = select(all, query);
    const fields = (url.searchParams.get('sysparm_fields') ?? '').split(',');
    const shown = found
      .filter((row) => !original.hiddenRows.has(row.sys_id ?? ''))
      .slice(0, Number(url.searchParams.get('sysparm_limit')))
      .map((row) =>
        Object.fromEntries(
          fields
            .filter((field) => row[field] !== undefined && !original.hiddenFields.has(`${table}.${field}`))
            .map((field) => [field, row[field]]),
        ),
      );
    say(200, { result: shown }, { 'X-Total-Count': String(found.length) });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const original: Original = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows,
    closed: new Set(),
    hiddenFields: new Set(),
    hiddenRows: new Set(),
    writes: [],
    reads: [],
    refused: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return original;
};

const id = (letter: string): string => letter.repeat(32);
const pcn = 'PCN0001042';

/** The provider of the seed's article after the mistake, with the fields that the original's tables are known to have. */
export const seedProvider = (): Rows => ({
  sn_sb_connection: [
    {
      sys_id: id('1'),
      number: pcn,
      name: 'Acme',
      company: id('2'),
      state: 'onboarded',
      active: 'true',
      sys_class_name: 'sn_sb_pro_consumer_connection',
    },
  ],
  sn_sb_rps_connection: [{ sys_id: id('3'), connection: id('1'), remote_system: id('4') }],
  ih_sync_remote_system: [
    { sys_id: id('4'), name: `Service Bridge ${pcn}`, external_id: id('5'), outbound_state: 'active', inbound_state: 'active' },
  ],
  sn_sb_service_bridge_settings: [
    { sys_id: id('6'), connection: id('1'), provider_version: '2.4.17', consumer_version: '2.4.17' },
  ],
  sys_properties: [{ sys_id: id('7'), name: 'glide.oauth.inbound.client.credential.grant_type.enabled', value: 'true' }],
  oauth_entity: [
    {
      sys_id: id('8'),
      name: `Service Bridge Client ${pcn}`,
      type: 'client',
      user: '',
      'user.user_name': '',
      active: 'true',
      client_id: 'one',
      token_url: '',
      default_grant_type: '',
      sys_created_on: '2026-10-01 08:00:00',
    },
    {
      sys_id: id('9'),
      name: `Service Bridge Provider ${pcn}`,
      type: 'oauth_provider',
      user: id('a'),
      'user.user_name': `sb_user.${pcn}`,
      active: 'true',
      client_id: 'two',
      token_url: 'https://consumer.example/oauth_token.do',
      default_grant_type: 'client_credentials',
      sys_created_on: '2026-10-01 08:00:00',
    },
  ],
  sys_user: [{ sys_id: id('a'), user_name: `sb_user.${pcn}`, active: 'true', locked_out: 'false' }],
  sys_user_has_role: [{ sys_id: id('b'), user: id('a'), 'role.name': 'ih_process_sync_api' }],
  core_company: [{ sys_id: id('2'), name: 'Acme' }],
  sn_transport_profile: [{ sys_id: id('c'), name: pcn }],
  sn_transport_queue: [
    { sys_id: id('d'), connection: id('1'), direction: 'outbound', state: 'error', sys_created_on: '2026-11-21 09:00:00' },
    { sys_id: id('e'), connection: id('1'), direction: 'outbound', state: 'ready', sys_created_on: '2026-11-21 09:00:00' },
  ],
});
