// Both ends of a healthy connection as doctor sees them, for faults that are quicker made in rows than in two instances.
import { type Examination, examine } from '../../../src/doctor/examine.ts';
import { wireMoment } from '../../../src/kit/clock.ts';
import { makeRowsReader, type Rows } from './rows.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');
export const number = 'SBC0001001';
export const ago = (seconds: number): string => wireMoment(now - seconds * 1000);

const hex = (seed: string): string => Buffer.from(seed).toString('hex').padEnd(32, '0').slice(0, 32);
export const urls = { provider: 'https://provider.example', consumer: 'https://consumer.example' } as const;
export type Name = keyof typeof urls;
const otherOf = { provider: 'consumer', consumer: 'provider' } as const;

const features = 'lanes,ack,gap,heartbeat';
const property = (name: string, value: string) => ({ sys_id: hex(name), name, value });

export const healthySide = (side: Name): Rows => {
  const own = (what: string): string => hex(`${side} ${what}`);
  const peer = otherOf[side];
  const leg = (direction: string) => ({
    [`${direction}_status`]: 'up',
    [`${direction}_reason`]: '',
    [`${direction}_detail`]: '',
    [`${direction}_since`]: ago(86_400),
    [`${direction}_auth_state`]: 'valid',
    [`${direction}_auth_reason`]: '',
    [`${direction}_auth_detail`]: '',
  });
  const user = { user: own('user'), 'user.user_name': `sb_user.${number}` };
  const entity = {
    active: 'true',
    sys_created_on: ago(86_400 * 30),
    client_secret: '********',
    former_secret_used: '',
    former_secret_until: '',
    default_grant_type: 'client_credentials',
  };
  return {
    sn_sb_connection: [
      {
        sys_id: own('connection'),
        connection_id: number,
        name: `${peer} company`,
        company: own('company'),
        peer_url: urls[peer],
        state: 'onboarded',
        active: 'true',
        auth_method: 'client_credentials',
        peer_auth_method: 'client_credentials',
        integration_user: own('user'),
        inbound_client: own('client'),
        outbound_credential: own('credential'),
        remote_connection: hex(`${peer} connection`),
        peer_instance_id: hex(`${peer} id`),
        clock_skew_ms: '12',
        hb_rtt_ms: '40',
        waiting_count: '0',
        ...leg('outbound'),
        ...leg('inbound'),
      },
    ],
    sn_sb_rps_connection: [{ sys_id: own('rps'), connection: own('connection'), remote_system: own('system') }],
    ih_sync_remote_system: [
      {
        sys_id: own('system'),
        name: `Service Exchange ${number}`,
        external_id: hex(`${peer} connection`),
        outbound_state: 'active',
        inbound_state: 'active',
      },
    ],
    sn_sb_service_bridge_settings: [
      {
        sys_id: own('settings'),
        connection: own('connection'),
        provider_version: '2.4.17',
        consumer_version: '2.4.17',
        provider_features: features,
        consumer_features: features,
      },
    ],
    sys_properties: [property('glide.oauth.inbound.client.credential.grant_type.enabled', 'true')],
    oauth_entity: [
      {
        sys_id: own('client'),
        name: `Service Bridge Client ${number}`,
        type: 'client',
        client_id: `${side} id`,
        token_url: '',
        ...user,
        ...entity,
      },
      {
        sys_id: own('credential'),
        name: `Service Bridge Provider ${number}`,
        type: 'oauth_provider',
        client_id: `${peer} id`,
        token_url: `${urls[peer]}/oauth_token.do`,
        user: '',
        'user.user_name': '',
        ...entity,
      },
    ],
    sys_user: [{ sys_id: own('user'), user_name: `sb_user.${number}`, active: 'true', locked_out: 'false' }],
    sys_user_has_role: [{ sys_id: own('held'), user: own('user'), 'role.name': 'sn_sb.integration' }],
    sys_user_role: [{ sys_id: own('role'), name: 'sn_sb.integration' }],
    core_company: [{ sys_id: own('company'), name: `${peer} company` }],
    sn_transport_profile: [
      { sys_id: own('connection'), connection: own('connection'), pause: '', pause_code: '', pause_detail: '', paused_at: '' },
    ],
    sn_transport_lane: [
      lane(side, 'outbound', { last_seq: '9', done_seq: '9', peer_seq: '9' }),
      lane(side, 'inbound', { last_seq: '9', done_seq: '9' }),
    ],
    sn_transport_queue: [],
    sn_transport_attempt: [],
    sn_sb_pro_registration: [],
    sn_sb_onboarding: [],
  };
};

/** A lane at rest, unless `values` say otherwise. */
export const lane = (side: Name, direction: 'outbound' | 'inbound', values: Record<string, string>, name = 'incident/1') => ({
  sys_id: hex(`${side[0]} ${direction[0]} ${name}`),
  connection: hex(`${side} connection`),
  direction,
  name,
  lane_rank: '2',
  state: 'idle',
  due_at: '0',
  last_seq: '0',
  done_seq: '0',
  peer_seq: '0',
  error_seq: '0',
  gap_count: '0',
  lease: '',
  waiting_since: '0',
  ...values,
});

export const message = (side: Name, values: Record<string, string>) => ({
  sys_id: hex(`${side} message ${values.seq ?? ''}${values.lane ?? ''}`),
  connection: hex(`${side} connection`),
  message_id: `m-${values.seq ?? '1'}`,
  direction: 'outbound',
  kind: 'record',
  state: 'ready',
  lane: '',
  seq: '1',
  error_class: '',
  error_code: '',
  error_detail: '',
  sys_created_on: ago(60),
  ...values,
});

export interface Sides {
  provider: Rows;
  consumer: Rows;
}

export const healthyPair = (): Sides => ({ provider: healthySide('provider'), consumer: healthySide('consumer') });

/** The first row of a table of one side. */
export const first = (rows: Rows, table: string): Record<string, string> => {
  const [row] = rows[table] ?? [];
  if (!row) throw new Error(`no row of ${table}`);
  return row;
};

/** Doctor runs at the provider, and looks at the consumer as well unless told otherwise. */
export const examinePair = (sides: Sides, isAlone = false): Promise<Examination> =>
  examine({
    here: makeRowsReader(urls.provider, sides.provider, now),
    ...(isAlone ? {} : { peer: makeRowsReader(urls.consumer, sides.consumer, now) }),
  });
