// What can be wrong, fault by fault: how it is made, and what doctor must say. A row of the table of known failures (contract, section 12)
// that doctor can see names itself in `row`.
import { ago, first, lane, message, now, number, type Sides } from './parts/recorded_pair.ts';
import type { Rows } from './parts/rows.ts';

export interface Fault {
  /** As an administrator would tell it. */
  readonly what: string;
  readonly code: string;
  readonly side: 'here' | 'peer';
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  /** Table and field of the first evidence. */
  readonly evidence: readonly [table: string, field: string];
  /** Of the table of known failures. */
  readonly row?: number;
  /** `--fix` mends it. */
  readonly isFixable?: boolean;
  make(sides: Sides): void;
}

const set = (row: Record<string, string> | undefined, ...values: Record<string, string>[]): void => {
  Object.assign(row ?? {}, ...values);
};
const put = (rows: Rows, tables: Rows): void => {
  Object.assign(rows, tables);
};
const connection = (sides: Sides): Record<string, string> => first(sides.provider, 'sn_sb_connection');
const client = (sides: Sides): Record<string, string> => first(sides.provider, 'oauth_entity');
const credential = (sides: Sides): Record<string, string> => sides.provider.oauth_entity?.[1] ?? {};
const user = (sides: Sides): Record<string, string> => first(sides.provider, 'sys_user');
const profile = (sides: Sides): Record<string, string> => first(sides.provider, 'sn_transport_profile');
const system = (sides: Sides): Record<string, string> => first(sides.provider, 'ih_sync_remote_system');
const settings = (sides: Sides): Record<string, string> => first(sides.provider, 'sn_sb_service_bridge_settings');
const outage = (code: string, detail: string, since = 600) => ({
  pause: 'breaker',
  pause_code: code,
  pause_detail: detail,
  paused_at: ago(since),
});
const down = (direction: string, reason: string, since = 600) => ({
  [`${direction}_status`]: 'down',
  [`${direction}_reason`]: reason,
  [`${direction}_since`]: ago(since),
});
const block = (sides: Sides, values: Record<string, string>, since = 60): void => {
  const held = lane(
    'provider',
    'outbound',
    { state: 'held', last_seq: '5', done_seq: '1', error_seq: '2', waiting_since: String(now - since * 1000) },
    'incident/7',
  );
  sides.provider.sn_transport_lane?.push(held);
  sides.provider.sn_transport_queue?.push(
    message('provider', { lane: held.sys_id, seq: '2', sys_created_on: ago(since), ...values }),
  );
};

const useLegacy = (sides: Sides): void => {
  for (const rows of [sides.provider, sides.consumer]) {
    set(first(rows, 'sn_sb_connection'), { auth_method: 'password', peer_auth_method: 'password' });
    set(rows.oauth_entity?.[1], { default_grant_type: 'password' });
  }
};

const atHere = { side: 'here' } as const;

export const faults: readonly Fault[] = [
  {
    ...atHere,
    what: 'the OAuth Client record has no OAuth Application User',
    ...{ code: 'AUTH-01', severity: 'critical', evidence: ['oauth_entity', 'user'], row: 1, isFixable: true },
    make: (sides) => set(client(sides), { user: '' }),
  },
  {
    what: 'the OAuth Client record of the peer has no OAuth Application User',
    ...{ code: 'AUTH-01', side: 'peer', severity: 'critical', evidence: ['oauth_entity', 'user'], isFixable: true },
    make: (sides) => set(first(sides.consumer, 'oauth_entity'), { user: '' }),
  },
  {
    ...atHere,
    what: 'the OAuth Application User is on the OAuth Provider record',
    ...{ code: 'AUTH-02', severity: 'critical', evidence: ['oauth_entity', 'user'], row: 1, isFixable: true },
    make: (sides) => set(credential(sides), { user: user(sides).sys_id ?? '' }),
  },
  {
    ...atHere,
    what: 'the grant property is off',
    ...{ code: 'AUTH-03', severity: 'critical', evidence: ['sys_properties', 'value'], row: 4, isFixable: true },
    make: (sides) => set(first(sides.provider, 'sys_properties'), { value: 'false' }),
  },
  {
    ...atHere,
    what: 'the grant property was never set',
    ...{ code: 'AUTH-03', severity: 'critical', evidence: ['sys_properties', 'value'], row: 4, isFixable: true },
    make: (sides) => put(sides.provider, { sys_properties: [] }),
  },
  {
    ...atHere,
    what: 'the integration user is not active',
    ...{ code: 'AUTH-04', severity: 'critical', evidence: ['sys_user', 'active'], isFixable: true },
    make: (sides) => set(user(sides), { active: 'false' }),
  },
  {
    ...atHere,
    what: 'the integration user is locked out',
    ...{ code: 'AUTH-04', severity: 'critical', evidence: ['sys_user', 'locked_out'], isFixable: true },
    make: (sides) => set(user(sides), { locked_out: 'true' }),
  },
  {
    ...atHere,
    what: 'the integration user has lost its role',
    ...{ code: 'AUTH-04', severity: 'critical', evidence: ['sys_user', 'roles'], isFixable: true },
    make: (sides) => put(sides.provider, { sys_user_has_role: [] }),
  },
  {
    ...atHere,
    what: 'the integration user was renamed',
    ...{ code: 'AUTH-04', severity: 'warning', evidence: ['sys_user', 'user_name'], isFixable: true },
    make: (sides) => set(user(sides), { user_name: 'integration.acme' }),
  },
  {
    ...atHere,
    what: 'a clone has overwritten the users',
    ...{ code: 'AUTH-04', severity: 'critical', evidence: ['sn_sb_connection', 'integration_user'], row: 12 },
    make: (sides) => put(sides.provider, { sys_user: [] }),
  },
  {
    ...atHere,
    what: 'the link still uses password and refresh token',
    ...{ code: 'AUTH-05', severity: 'warning', evidence: ['sn_sb_connection', 'auth_method'], row: 2 },
    make(sides) {
      useLegacy(sides);
    },
  },
  {
    ...atHere,
    what: 'the refresh token ends in nine days',
    ...{ code: 'AUTH-05', severity: 'error', evidence: ['sn_sb_connection', 'auth_method'], row: 2 },
    make(sides) {
      useLegacy(sides);
      sides.provider.causeway_legacy_credential = [
        {
          sys_id: 'f'.repeat(32),
          connection: connection(sides).sys_id ?? '',
          user_name: `sb_user.${number}`,
          refresh_expires: ago(-86_400 * 9.5),
        },
      ];
    },
  },
  {
    ...atHere,
    what: 'the upgrade was made on one side only',
    ...{ code: 'AUTH-05', severity: 'error', evidence: ['sn_sb_connection', 'auth_method'], row: 3 },
    make(sides) {
      set(credential(sides), { default_grant_type: 'password' });
      set(connection(sides), { auth_method: 'password' });
      set(first(sides.consumer, 'sn_sb_connection'), { auth_method: 'password', peer_auth_method: 'password' });
    },
  },
  {
    ...atHere,
    what: 'the client is older than a year',
    ...{ code: 'AUTH-06', severity: 'info', evidence: ['oauth_entity', 'sys_created_on'] },
    make: (sides) => set(client(sides), { sys_created_on: ago(86_400 * 400) }),
  },
  {
    ...atHere,
    what: 'the token URL is that of another host',
    ...{ code: 'AUTH-07', severity: 'error', evidence: ['oauth_entity', 'token_url'], isFixable: true },
    make: (sides) => set(credential(sides), { token_url: 'https://old.example/oauth_token.do' }),
  },
  {
    ...atHere,
    what: 'the peer refuses us, and says why',
    ...{ code: 'AUTH-08', severity: 'critical', evidence: ['sn_sb_connection', 'outbound_auth_state'], row: 2 },
    make: (sides) => set(connection(sides), { outbound_auth_state: 'refused', outbound_auth_reason: 'token_lapsed' }),
  },
  {
    ...atHere,
    what: 'the client id here is not the one that the peer knows',
    ...{ code: 'AUTH-08', severity: 'critical', evidence: ['oauth_entity', 'client_id'] },
    make(sides) {
      credential(sides).client_id = 'of yesterday';
      Object.assign(connection(sides), { outbound_auth_state: 'refused', outbound_auth_reason: 'client_refused' });
    },
  },
  {
    ...atHere,
    what: 'the clock of the peer is ten minutes ahead',
    ...{ code: 'AUTH-09', severity: 'warning', evidence: ['sn_sb_connection', 'clock_skew_ms'] },
    make: (sides) => set(connection(sides), { clock_skew_ms: '600000' }),
  },
  {
    ...atHere,
    what: 'another attempt has left a registry record behind',
    ...{ code: 'AUTH-10', severity: 'error', evidence: ['oauth_entity', 'type'] },
    make: (sides) =>
      void sides.provider.oauth_entity?.push({
        ...client(sides),
        sys_id: 'e'.repeat(32),
        name: `Service Bridge Client ${number} (2)`,
      }),
  },
  {
    ...atHere,
    what: 'the OAuth Provider record is gone',
    ...{ code: 'AUTH-10', severity: 'critical', evidence: ['oauth_entity', 'type'], row: 12 },
    make: (sides) => void sides.provider.oauth_entity?.pop(),
  },
  {
    ...atHere,
    what: 'a registration over a slow link has left the secret empty',
    ...{ code: 'AUTH-10', severity: 'critical', evidence: ['oauth_entity', 'client_secret'], row: 9 },
    make: (sides) => set(credential(sides), { client_secret: '' }),
  },
  {
    ...atHere,
    what: 'an upgrade of the credentials has stopped on its way',
    ...{ code: 'AUTH-11', severity: 'error', evidence: ['causeway_auth_change', 'step'], row: 3 },
    make: (sides) =>
      put(sides.provider, {
        causeway_auth_change: [
          {
            ...{ sys_id: '6'.repeat(32), open_for: connection(sides).sys_id ?? '', operation: 'op1', kind: 'upgrade' },
            ...{ step: 'minted', step_at: ago(3600), step_error: 'The peer did not answer' },
          },
        ],
      }),
  },
  {
    ...atHere,
    what: 'the secret was changed by hand, and the peer still uses the one before',
    ...{ code: 'AUTH-12', severity: 'warning', evidence: ['oauth_entity', 'former_secret_used'], isFixable: true },
    make: (sides) => set(client(sides), { former_secret_used: ago(60), former_secret_until: ago(-3600) }),
  },
  {
    ...atHere,
    what: 'the secret was changed by hand, and the one before has ended',
    ...{ code: 'AUTH-12', severity: 'critical', evidence: ['oauth_entity', 'client_id'], isFixable: true },
    make: (sides) => set(connection(sides), { inbound_auth_state: 'refused', inbound_auth_reason: 'client_refused' }),
  },
  {
    ...atHere,
    what: 'Remote Process Sync is Active and the connection is Down',
    ...{ code: 'LINK-01', severity: 'error', evidence: ['sn_sb_connection', 'outbound_status'], row: 1 },
    make: (sides) => set(connection(sides), down('outbound', 'auth: user_not_bound', 5), down('inbound', 'return_leg', 5)),
  },
  {
    ...atHere,
    what: 'only the way to the peer fails',
    ...{ code: 'LINK-02', severity: 'error', evidence: ['sn_sb_connection', 'outbound_reason'] },
    make: (sides) => set(connection(sides), down('outbound', 'auth: client_refused', 5), down('inbound', 'return_leg', 5)),
  },
  ...(
    [
      [
        'the name of the peer is not known',
        'kit.outbound_unreachable',
        'https://consumer.example/ cannot be reached (ENOTFOUND)',
      ],
      [
        'the certificate of the peer has expired',
        'kit.outbound_unreachable',
        'https://consumer.example/ cannot be reached (CERT_HAS_EXPIRED)',
      ],
      [
        'the peer signs for itself',
        'kit.outbound_unreachable',
        'https://consumer.example/ cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)',
      ],
      ['the way out is closed', 'kit.outbound_timeout', 'https://consumer.example/ did not answer within 30000 ms'],
      ['nobody listens at the peer', 'kit.outbound_unreachable', 'https://consumer.example/ cannot be reached (ECONNREFUSED)'],
      ['the peer asks to wait', 'exchange.http_429', 'The peer answered with status 429'],
    ] as const
  ).map(
    ([what, code, detail]): Fault => ({
      ...atHere,
      what: `${what}, for ten minutes`,
      ...{ code: 'LINK-03', severity: 'error', evidence: ['sn_transport_profile', 'pause'] },
      make: (sides) => set(profile(sides), outage(code, detail)),
    }),
  ),
  {
    ...atHere,
    what: 'an administrator has paused sending',
    ...{ code: 'LINK-03', severity: 'warning', evidence: ['sn_transport_profile', 'pause'], isFixable: true },
    make: (sides) => set(profile(sides), { pause: 'admin', paused_at: ago(3600) }),
  },
  {
    ...atHere,
    what: 'the external id is that of an earlier connection',
    ...{ code: 'LINK-04', severity: 'error', evidence: ['ih_sync_remote_system', 'external_id'], row: 12, isFixable: true },
    make: (sides) => set(system(sides), { external_id: 'd'.repeat(32) }),
  },
  {
    ...atHere,
    what: 'the peer has no such connection any more',
    ...{ code: 'LINK-04', severity: 'critical', evidence: ['sn_sb_connection', 'peer_url'] },
    make: (sides) => put(sides.consumer, { sn_sb_connection: [] }),
  },
  {
    ...atHere,
    what: 'the two sides offer different features',
    ...{ code: 'LINK-05', severity: 'warning', evidence: ['sn_sb_service_bridge_settings', 'consumer_features'], row: 3 },
    make: (sides) => set(settings(sides), { consumer_features: 'lanes,ack' }),
  },
  {
    ...atHere,
    what: 'the consumer is older than 2.3.10',
    ...{ code: 'LINK-05', severity: 'warning', evidence: ['sn_sb_service_bridge_settings', 'consumer_version'], row: 3 },
    make: (sides) => set(settings(sides), { consumer_version: '2.3.9' }),
  },
  {
    ...atHere,
    what: 'the settings were never exchanged',
    ...{ code: 'LINK-05', severity: 'warning', evidence: ['sn_sb_connection', 'state'] },
    make: (sides) => put(sides.provider, { sn_sb_service_bridge_settings: [] }),
  },
  {
    ...atHere,
    what: 'a heartbeat took ten minutes',
    ...{ code: 'LINK-06', severity: 'warning', evidence: ['sn_sb_connection', 'hb_rtt_ms'], row: 31 },
    make: (sides) => set(connection(sides), { hb_rtt_ms: '600000' }),
  },
  {
    ...atHere,
    what: 'deliveries take twenty times as long as before',
    ...{ code: 'LINK-06', severity: 'warning', evidence: ['sn_transport_attempt', 'duration_ms'], row: 31 },
    make: (sides) =>
      put(sides.provider, {
        sn_transport_attempt: Array.from({ length: 80 }, (_, at) => ({
          sys_id: String(at).padStart(32, '0'),
          connection: connection(sides).sys_id ?? '',
          outcome: 'answered',
          duration_ms: at >= 60 ? '4000' : '200',
        })),
      }),
  },
  {
    ...atHere,
    what: 'the remote system went to Error in an upgrade',
    ...{ code: 'LINK-07', severity: 'error', evidence: ['ih_sync_remote_system', 'inbound_state'], row: 19, isFixable: true },
    make: (sides) => set(system(sides), { inbound_state: 'error' }),
  },
  {
    ...atHere,
    what: 'a clone has disabled the remote system',
    ...{ code: 'LINK-07', severity: 'error', evidence: ['ih_sync_remote_system', 'outbound_state'], row: 12, isFixable: true },
    make: (sides) => set(system(sides), { outbound_state: 'disabled', inbound_state: 'disabled' }),
  },
  {
    ...atHere,
    what: 'the remote system is gone',
    ...{ code: 'LINK-07', severity: 'critical', evidence: ['sn_sb_connection', 'connection_id'], row: 12 },
    make: (sides) => put(sides.provider, { ih_sync_remote_system: [] }),
  },
  {
    ...atHere,
    what: 'the connection was switched off',
    ...{ code: 'LINK-08', severity: 'error', evidence: ['sn_sb_connection', 'active'], isFixable: true },
    make: (sides) => set(connection(sides), { active: 'false' }),
  },
  {
    ...atHere,
    what: 'the other side has ended the connection',
    ...{ code: 'LINK-08', severity: 'warning', evidence: ['sn_sb_connection', 'state'] },
    make: (sides) => set(connection(sides), { state: 'offboarded_by_peer' }),
  },
  {
    ...atHere,
    what: 'the company is absent on the clone',
    ...{ code: 'LINK-08', severity: 'warning', evidence: ['sn_sb_connection', 'company'], row: 14 },
    make: (sides) => put(sides.provider, { core_company: [] }),
  },
  {
    ...atHere,
    what: 'a message has waited for an hour',
    ...{ code: 'QUEUE-01', severity: 'warning', evidence: ['sn_transport_queue', 'sys_created_on'], row: 31 },
    make: (sides) => block(sides, {}, 3600),
  },
  {
    ...atHere,
    what: 'a message of the peer cannot be applied there, and it said so',
    ...{ code: 'QUEUE-02', severity: 'error', evidence: ['sn_transport_queue', 'state'], row: 26, isFixable: true },
    make: (sides) => block(sides, { state: 'error', error_class: 'permanent', error_code: 'exchange.refused_by_rule' }),
  },
  {
    ...atHere,
    what: 'a file was malformed, and only its own row is in Error',
    ...{ code: 'QUEUE-02', severity: 'error', evidence: ['sn_transport_queue', 'state'], row: 20, isFixable: true },
    make: (sides) =>
      block(sides, { state: 'error', kind: 'attachment', error_class: 'permanent', error_code: 'exchange.bad_file' }),
  },
  {
    ...atHere,
    what: 'rows pile up in Error while the peer refuses us, as in the original',
    ...{ code: 'QUEUE-02', severity: 'error', evidence: ['sn_transport_queue', 'state'], row: 1, isFixable: true },
    make: (sides) => block(sides, { state: 'error', error_class: 'auth', error_code: 'exchange.auth_refused' }),
  },
  {
    ...atHere,
    what: 'an outage has lasted for two days of three',
    ...{ code: 'QUEUE-03', severity: 'warning', evidence: ['sn_transport_queue', 'sys_created_on'], row: 32 },
    make: (sides) => block(sides, {}, 48 * 3600),
  },
  {
    ...atHere,
    what: 'an outage has lasted for almost three days',
    ...{ code: 'QUEUE-03', severity: 'error', evidence: ['sn_transport_queue', 'sys_created_on'], row: 32 },
    make: (sides) => block(sides, {}, 65 * 3600),
  },
  {
    ...atHere,
    what: 'one corrupt row has parked its lane',
    ...{ code: 'QUEUE-04', severity: 'error', evidence: ['sn_transport_queue', 'state'], row: 17, isFixable: true },
    make: (sides) => block(sides, { state: 'error', error_class: 'permanent', error_code: 'exchange.bad_payload' }),
  },
  {
    ...atHere,
    what: 'a worker died with a lease that nobody took back',
    ...{ code: 'QUEUE-05', severity: 'warning', evidence: ['sn_transport_lane', 'lease'], row: 18 },
    make: (sides) =>
      void sides.provider.sn_transport_lane?.push(
        lane(
          'provider',
          'outbound',
          { state: 'leased', lease: 'gone/1', due_at: String(now - 300_000), waiting_since: String(now - 400_000) },
          'incident/8',
        ),
      ),
  },
  {
    ...atHere,
    what: 'the peer was set back to the database of yesterday',
    ...{ code: 'QUEUE-06', severity: 'error', evidence: ['sn_transport_lane', 'peer_seq'], row: 12 },
    make: (sides) => set(sides.consumer.sn_transport_lane?.[1] ?? {}, { last_seq: '4' }),
  },
  {
    ...atHere,
    what: 'the peer was set back, and never heard of the lane',
    ...{ code: 'QUEUE-06', severity: 'error', evidence: ['sn_transport_lane', 'peer_seq'] },
    make: (sides) => void sides.consumer.sn_transport_lane?.pop(),
  },
  {
    ...atHere,
    what: 'the peer takes us for a copy',
    ...{ code: 'ID-01', severity: 'critical', evidence: ['sn_transport_profile', 'pause_code'], row: 12 },
    make: (sides) =>
      set(profile(sides), {
        pause: 'unavailable',
        pause_code: 'exchange.incarnation_mismatch',
        paused_at: ago(5),
      }),
  },
  {
    ...atHere,
    what: 'an older database was restored here',
    ...{ code: 'ID-01', severity: 'critical', evidence: ['sn_sb_connection', 'outbound_reason'], row: 12 },
    make: (sides) => set(connection(sides), down('outbound', 'quarantined'), down('inbound', 'quarantined')),
  },
  {
    ...atHere,
    what: 'the peer knows a later one of this instance',
    ...{ code: 'ID-01', severity: 'critical', evidence: ['sn_sb_connection', 'outbound_reason'], row: 12 },
    make: (sides) => set(connection(sides), down('outbound', 'incarnation_behind'), down('inbound', 'incarnation_behind')),
  },
  {
    ...atHere,
    what: 'a copy of the peer calls with its credential',
    ...{ code: 'ID-02', severity: 'critical', evidence: ['sn_sb_connection', 'stale_incarnation'], row: 13 },
    make: (sides) =>
      set(connection(sides), { peer_incarnation: '1.500', stale_incarnation: '1.90', stale_incarnation_at: ago(60) }),
  },
  {
    ...atHere,
    what: 'the connection still calls the address from before the clone',
    ...{ code: 'ID-01', severity: 'warning', evidence: ['sn_sb_connection', 'peer_url'], row: 13 },
    make(sides) {
      connection(sides).peer_url = 'https://production.example';
      credential(sides).token_url = 'https://production.example/oauth_token.do';
    },
  },
  {
    ...atHere,
    what: 'two peers say that they are the same instance',
    ...{ code: 'ID-02', severity: 'critical', evidence: ['sn_sb_connection', 'peer_instance_id'], row: 13 },
    make: (sides) =>
      void sides.provider.sn_sb_connection?.push({
        ...connection(sides),
        sys_id: 'c'.repeat(32),
        connection_id: 'SBC0001002',
        peer_url: 'https://copy.example',
      }),
  },
  {
    ...atHere,
    what: 'a registration hangs in Work in Progress',
    ...{ code: 'REG-01', severity: 'error', evidence: ['sn_sb_pro_registration', 'registration_state'], row: 5 },
    make: (sides) =>
      void sides.provider.sn_sb_pro_registration?.push({
        sys_id: 'b'.repeat(32),
        number: 'SBREG0001002',
        connection_id: 'SBC0001002',
        registration_state: 'work_in_progress',
        step: 'minted',
        step_at: ago(3600),
        step_error: '',
      }),
  },
  {
    ...atHere,
    what: 'a registration has ended incomplete, and says why',
    ...{ code: 'REG-01', severity: 'info', evidence: ['sn_sb_pro_registration', 'registration_state'], row: 6 },
    make: (sides) =>
      void sides.provider.sn_sb_pro_registration?.push({
        sys_id: 'b'.repeat(32),
        number: 'SBREG0001002',
        connection_id: 'SBC0001002',
        registration_state: 'closed_incomplete',
        step: '',
        step_at: ago(3600),
        step_error: 'The proof of the consumer was wrong',
      }),
  },
  {
    ...atHere,
    what: 'the consumer was invited under another address',
    ...{ code: 'REG-01', severity: 'error', evidence: ['sn_sb_onboarding', 'step'], row: 7 },
    make(sides) {
      connection(sides).state = 'pending';
      sides.provider.sn_sb_onboarding?.push({
        sys_id: 'a'.repeat(32),
        connection: connection(sides).sys_id ?? '',
        step: 'minted',
        step_at: ago(20),
        step_error: 'exchange.invitation_other_instance',
      });
    },
  },
];
