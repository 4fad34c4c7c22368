// The connections as the transport asks for them: by caller, by row, and the way to the peer. Cached until a connection, or what it stands
// on, changes in any process. Must not decide anything about health.
import type { Records, Row, Rule } from '../../records/records.ts';
import { makeTopicCache } from '../../records/topic_cache.ts';
import type { Store } from '../../store/store.ts';
import type { TokenClient } from '../credential/token_client.ts';
import type { ConnectionBook, ConnectionView, Link } from '../seams.ts';

export const connectionsTopic = 'exchange_connections';

/** Every process hears of a changed connection. Marks of health change often and alter no way: they do not count. */
const quiet = /^(outbound|inbound)_(status|reason|detail|since|auth_|token)|^hb_|^last_|^waiting_count|^clock_skew|^sys_/;

export const connectionRules: readonly Rule[] = [
  {
    name: 'exchange: caches of connections',
    tables: ['sn_sb_connection', 'ih_sync_remote_system', 'sn_sb_rps_connection'],
    async applied(transaction, { operation, changed }) {
      if (operation !== 'update' || changed.some((element) => !quiet.test(element))) await transaction.bump(connectionsTopic);
    },
  },
];

export interface KnownConnection {
  readonly row: Row;
  readonly remoteSystem: Row | undefined;
}

export interface ConnectionCache {
  all(): Promise<readonly KnownConnection[]>;
  get(sysId: string): Promise<KnownConnection | undefined>;
}

const viewOf = (row: Row): ConnectionView => ({ sysId: row.sys_id ?? '', connectionId: row.connection_id ?? '', row });

export interface BookParts {
  records: Records;
  store: Pick<Store, 'topic'>;
  tokens: TokenClient;
  incarnation: () => string;
  /** Nothing goes out on this connection. */
  standsStill: (connection: Row) => boolean;
}

export const makeConnectionCache = ({
  records,
  store,
}: Pick<BookParts, 'records' | 'store'>): ConnectionCache & {
  byUser(user: string): Promise<KnownConnection | undefined>;
} => {
  const cache = makeTopicCache({
    store,
    topics: [connectionsTopic],
    async make() {
      const [rows, links, systems] = await Promise.all([
        records.find('sn_sb_connection', ''),
        records.find('sn_sb_rps_connection', ''),
        records.find('ih_sync_remote_system', ''),
      ]);
      const systemOf = new Map(systems.map((system) => [system.sys_id, system]));
      const linkOf = new Map(links.map((link) => [link.connection, systemOf.get(link.remote_system ?? '')]));
      const all = rows.map((row): KnownConnection => ({ row, remoteSystem: linkOf.get(row.sys_id ?? '') }));
      return {
        all,
        bySysId: new Map(all.map((each) => [each.row.sys_id ?? '', each])),
        byUser: new Map(all.map((each) => [each.row.integration_user ?? '', each])),
      };
    },
  });
  return {
    all: async () => (await cache.current()).all,
    get: async (sysId) => (await cache.current()).bySysId.get(sysId),
    byUser: async (user) => (user === '' ? undefined : (await cache.current()).byUser.get(user)),
  };
};

/** Whether rows may move out: what the transport's own axis says, whatever the health. */
export const mayMoveOut = ({ row, remoteSystem }: KnownConnection): boolean =>
  row.active === 'true' && row.state === 'onboarded' && remoteSystem?.outbound_state === 'active';

export const makeBook = (parts: BookParts & { cache: ReturnType<typeof makeConnectionCache> }): ConnectionBook => {
  const { cache, tokens } = parts;
  return {
    async ofCaller(user) {
      const known = await cache.byUser(user);
      return known && known.row.active === 'true' ? viewOf(known.row) : undefined;
    },
    async get(sysId) {
      const known = await cache.get(sysId);
      return known && viewOf(known.row);
    },
    async isThere({ dialect, read }, sysId) {
      const [row] = await read(`SELECT 1 FROM sn_sb_connection WHERE sys_id = ${dialect.parameter(1)}`, [sysId]);
      return row !== undefined;
    },
    async link(sysId): Promise<Link | undefined> {
      const known = await cache.get(sysId);
      if (!known || parts.standsStill(known.row) || !mayMoveOut(known)) return undefined;
      const { row } = known;
      return {
        baseUrl: row.peer_url ?? '',
        connectionId: row.connection_id ?? '',
        incarnation: parts.incarnation(),
        token: () => tokens.token(row),
        refused: (token) => tokens.refused(row, token),
      };
    },
  };
};
