// Everything that the checks look at on one side, read once. A table that cannot be read is noted, and counts as unknown: no check may
// take it for empty.
import { type QueueSummary, type Reader, type SeenRow, Unseen } from './reader.ts';

export type SideName = 'here' | 'peer';

/** One connection with the records that belong to it by number, as on any instance, ours or the original. */
export interface Link {
  readonly row: SeenRow;
  readonly number: string;
  /** Registry records of type OAuth Client: they call us. */
  readonly clients: readonly SeenRow[];
  /** Registry records of type OAuth Provider: we call them. */
  readonly providers: readonly SeenRow[];
  readonly user: SeenRow | undefined;
  readonly roles: readonly string[];
  readonly remoteSystem: SeenRow | undefined;
  readonly settings: SeenRow | undefined;
  readonly legacy: SeenRow | undefined;
  readonly queue: QueueSummary | undefined;
  readonly errorRows: readonly SeenRow[];
  readonly oldestReady: SeenRow | undefined;
  readonly heldLanes: readonly SeenRow[];
  readonly lanes: readonly SeenRow[];
}

export interface Facts {
  readonly side: SideName;
  readonly instance: string;
  readonly now: number;
  readonly links: readonly Link[];
  readonly properties: ReadonlyMap<string, string>;
  /** Tables that could not be read, with the reason. */
  readonly unseen: readonly string[];
  sees(table: string): boolean;
}

const connectionFields = [
  ...['connection_id', 'name', 'peer_url', 'state', 'active', 'auth_method', 'sys_class_name', 'remote_connection'],
  ...['outbound_status', 'outbound_reason', 'outbound_detail', 'outbound_since', 'outbound_auth_state', 'outbound_auth_reason'],
  ...['inbound_status', 'inbound_reason', 'inbound_detail', 'inbound_since', 'inbound_auth_state', 'inbound_auth_reason'],
  ...['outbound_auth_detail', 'inbound_auth_detail', 'peer_instance_id', 'peer_version', 'clock_skew_ms', 'hb_rtt_ms'],
  ...['waiting_count', 'last_error', 'last_error_at', 'number'],
];
const entityFields = [
  'name',
  'type',
  'user',
  'active',
  'token_url',
  'default_grant_type',
  'client_id',
  'sys_created_on',
  'sys_updated_on',
];
const propertyNames = [
  'glide.oauth.inbound.client.credential.grant_type.enabled',
  'sn_sb.slow_seconds',
  'sn_sb.secret_days',
  'sn_transport.retention_hours',
];

export const readFacts = async (reader: Reader, side: SideName, number?: string): Promise<Facts> => {
  const unseen = new Map<string, string>();
  const see = async (table: string, query: string, fields: readonly string[], limit?: number): Promise<SeenRow[]> => {
    try {
      return await reader.rows(table, query, fields, limit);
    } catch (error) {
      if (!(error instanceof Unseen)) throw error;
      unseen.set(table, error.message);
      return [];
    }
  };
  const summaries = await reader.queueSummary().catch((error: unknown) => {
    if (!(error instanceof Unseen)) throw error;
    unseen.set('queue summary', error.message);
    return [];
  });
  const which = number === undefined ? '' : `connection_id=${number}`;
  const [connections, rps, systems, settings, properties] = await Promise.all([
    see('sn_sb_connection', which, connectionFields),
    see('sn_sb_rps_connection', '', ['connection', 'remote_system']),
    see('ih_sync_remote_system', '', ['name', 'external_id', 'outbound_state', 'inbound_state']),
    see('sn_sb_service_bridge_settings', '', [
      'connection',
      'provider_version',
      'consumer_version',
      'provider_features',
      'consumer_features',
    ]),
    see('sys_properties', `nameIN${propertyNames.join(',')}`, ['name', 'value']),
  ]);

  const linkOf = async (row: SeenRow): Promise<Link> => {
    const own = row.connection_id || row.number || row.name || '';
    const sysId = row.sys_id ?? '';
    const [entities, users, errorRows, ready, lanes, legacy] = await Promise.all([
      see('oauth_entity', `nameLIKE${own}`, entityFields),
      see('sys_user', `user_name=sb_user.${own}`, ['user_name', 'active', 'locked_out']),
      see(
        'sn_transport_queue',
        `connection=${sysId}^state=error`,
        ['direction', 'kind', 'error_class', 'error_code', 'error_detail', 'sys_created_on'],
        200,
      ),
      see(
        'sn_transport_queue',
        `connection=${sysId}^state=ready^direction=outbound^kindNOT INheartbeat,ack^ORDERBYsys_created_on`,
        ['sys_created_on'],
        1,
      ),
      see(
        'sn_transport_lane',
        `connection=${sysId}`,
        ['name', 'direction', 'state', 'last_seq', 'done_seq', 'peer_seq', 'error_seq', 'gap_count'],
        2000,
      ),
      row.auth_method === 'password'
        ? see('causeway_legacy_credential', `connection=${sysId}`, ['user_name', 'refresh_expires'])
        : [],
    ]);
    const user = users[0];
    const roles = user ? await see('sys_user_has_role', `user=${user.sys_id}`, ['role.name']) : [];
    const remote = rps.find((each) => each.connection === sysId)?.remote_system;
    return {
      row,
      number: own,
      clients: entities.filter((entity) => entity.type === 'client'),
      providers: entities.filter((entity) => entity.type === 'oauth_provider' || entity.type === 'consumer'),
      user,
      roles: roles.map((role) => role['role.name'] ?? ''),
      remoteSystem: systems.find((system) => system.sys_id === remote),
      settings: settings.find((each) => each.connection === sysId),
      legacy: legacy[0],
      queue: summaries.find((each) => each.connection === sysId),
      errorRows,
      oldestReady: ready[0],
      lanes,
      heldLanes: lanes.filter((lane) => lane.state === 'held'),
    };
  };

  const links = await Promise.all(connections.map(linkOf));
  return {
    side,
    instance: reader.name,
    now: reader.now(),
    links,
    properties: new Map(properties.map((row) => [row.name ?? '', row.value ?? ''])),
    unseen: [...unseen.values()],
    sees: (table) => !unseen.has(table),
  };
};
