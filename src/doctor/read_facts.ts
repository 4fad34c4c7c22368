// Reads one side once, connection by connection, so that a large instance is asked politely. Adding what a check looks at: a line here and
// in facts.ts.
import { readWireMoment } from '../kit/clock.ts';
import type { Facts, Link, SideName } from './facts.ts';
import type { Reader, SeenRow } from './reader.ts';
import { makeSpyglass, type Spyglass } from './spyglass.ts';

const connectionFields = [
  ...['connection_id', 'number', 'name', 'company', 'peer_url', 'state', 'active', 'auth_method', 'peer_auth_method'],
  ...['sys_class_name', 'integration_user', 'inbound_client', 'outbound_credential', 'remote_connection'],
  ...['outbound_status', 'outbound_reason', 'outbound_detail', 'outbound_since', 'outbound_auth_state', 'outbound_auth_reason'],
  ...['inbound_status', 'inbound_reason', 'inbound_detail', 'inbound_since', 'inbound_auth_state', 'inbound_auth_reason'],
  ...['outbound_auth_detail', 'inbound_auth_detail', 'peer_instance_id', 'peer_incarnation', 'peer_version', 'clock_skew_ms'],
  ...['stale_incarnation', 'stale_incarnation_at'],
  ...['hb_rtt_ms', 'waiting_count', 'last_error', 'last_error_at'],
];
const entityFields = [
  ...['name', 'type', 'user', 'user.user_name', 'active', 'token_url', 'default_grant_type', 'client_id', 'sys_created_on'],
];
/** Only our own instances have these. */
const ownEntityFields = [...entityFields, 'client_secret', 'former_secret_used', 'former_secret_until'];
const laneFields = [
  'name',
  'direction',
  'state',
  'last_seq',
  'done_seq',
  'peer_seq',
  'error_seq',
  'gap_count',
  'lease',
  'due_at',
];
const messageFields = ['message_id', 'direction', 'kind', 'state', 'lane', 'seq', 'error_class', 'error_code', 'error_detail'];
const propertyNames = [
  'glide.oauth.inbound.client.credential.grant_type.enabled',
  'sn_sb.slow_seconds',
  'sn_sb.secret_days',
  'sn_sb.version',
  'sn_transport.retention_hours',
];
const mostErrors = 200;
const mostLanes = 500;
/** A worker that looks finds an ended lease within seconds. */
const leaseGraceMs = 60_000;

/** Only what cannot end a term of an encoded query, or begin another. */
const isPlain = (text: string): boolean => /^[\w.:-]+$/.test(text);
const isWord = (text: string, number: string): boolean => text.split(/[^\w.-]+/).includes(number);

/** `numbers`: only these connections; every one where it is undefined. */
export const readFacts = async (reader: Reader, side: SideName, numbers?: readonly string[]): Promise<Facts> => {
  const glass = makeSpyglass(reader);
  const { see } = glass;
  const [connections, rps, systems, settings, properties, registrations, onboardings, integrationRoles] = await Promise.all([
    see('sn_sb_connection', { query: '', fields: connectionFields }),
    see('sn_sb_rps_connection', { query: '', fields: ['connection', 'remote_system'] }),
    see('ih_sync_remote_system', { query: '', fields: ['name', 'external_id', 'outbound_state', 'inbound_state'] }),
    see('sn_sb_service_bridge_settings', {
      query: '',
      fields: ['connection', 'provider_version', 'consumer_version', 'provider_features', 'consumer_features'],
    }),
    see('sys_properties', { query: `nameIN${propertyNames.join(',')}`, fields: ['name', 'value'] }),
    see('sn_sb_pro_registration', {
      query: '',
      fields: ['number', 'connection_id', 'registration_state', 'step', 'step_at', 'step_error', 'code_expires', 'connection'],
      silent: true,
    }),
    see('sn_sb_onboarding', { query: '', fields: ['connection', 'step', 'step_at', 'step_error'], silent: true }),
    see('sys_user_role', { query: 'name=sn_sb.integration', fields: ['name'], silent: true }),
    see('sn_transport_lane', { query: '', fields: ['name'], limit: 1, silent: true }),
  ]);
  const links: Link[] = [];
  for (const row of connections) {
    const number = row.connection_id || row.number || row.name || '';
    if (number === '' || (numbers && !numbers.includes(number))) continue;
    const remote = rps.find((each) => each.connection === row.sys_id)?.remote_system;
    links.push({
      ...(await readLink(glass, row, number, reader.now())),
      remoteSystem: systems.find((system) => system.sys_id === remote),
      settings: settings.find((each) => each.connection === row.sys_id),
      onboarding: onboardings.find((each) => each.connection === row.sys_id),
    });
  }
  return {
    side,
    instance: reader.name,
    now: reader.now(),
    links,
    registrations: registrations.filter((each) => !numbers || numbers.includes(each.connection_id ?? '')),
    properties: new Map(properties.map((row) => [row.name ?? '', row.value ?? ''])),
    propertyIds: new Map(properties.map((row) => [row.name ?? '', row.sys_id ?? ''])),
    integrationRole: integrationRoles[0]?.sys_id ?? '',
    sees: glass.sees,
    isPartial: glass.isPartial,
    blind: glass.blind,
    whyBlind: glass.whyBlind,
  };
};

type LinkAlone = Omit<Link, 'remoteSystem' | 'settings' | 'onboarding'>;

const readLink = async (glass: Spyglass, row: SeenRow, number: string, now: number): Promise<LinkAlone> => {
  const { see } = glass;
  const sysId = row.sys_id ?? '';
  const own = `connection=${sysId}`;
  // Only our own instances answer with asterisks where a secret stands; of others it is not asked for.
  const isOurs = glass.sees('sn_transport_lane');
  const ids = [row.inbound_client, row.outbound_credential].filter((id): id is string => isPlain(id ?? ''));
  const byName = isPlain(number) ? `nameLIKE${number}` : '';
  const registry = [byName, ids.length > 0 ? `sys_idIN${ids.join(',')}` : ''].filter((term) => term !== '').join('^OR');
  const user = isPlain(row.integration_user ?? '') ? `sys_id=${row.integration_user}` : `user_name=sb_user.${number}`;
  const [entities, users, companies, profiles, legacies, changes, attempts] = await Promise.all([
    registry === '' ? [] : see('oauth_entity', { query: registry, fields: isOurs ? ownEntityFields : entityFields }),
    see('sys_user', { query: user, fields: ['user_name', 'active', 'locked_out'] }),
    isPlain(row.company ?? '') ? see('core_company', { query: `sys_id=${row.company}`, fields: ['name'] }) : [],
    see('sn_transport_profile', { query: own, fields: ['pause', 'pause_code', 'pause_detail', 'paused_at'] }),
    row.auth_method === 'password'
      ? see('causeway_legacy_credential', { query: own, fields: ['user_name', 'refresh_expires'], silent: true })
      : [],
    see('causeway_auth_change', {
      query: `open_for=${sysId}`,
      fields: ['operation', 'kind', 'step', 'step_at', 'step_error'],
      silent: true,
    }),
    see('sn_transport_attempt', {
      query: `${own}^outcome=answered^ORDERBYDESCsys_id`,
      fields: ['duration_ms'],
      limit: 100,
      silent: true,
    }),
  ]);
  const holder = users[0];
  const roles = holder ? await see('sys_user_has_role', { query: `user=${holder.sys_id}`, fields: ['role.name'] }) : [];
  // By name alone another connection's records would count whose number begins with this one.
  const named = entities.filter((entity) => isWord(entity.name ?? '', number));
  // While credentials are being changed the references may be those of a moment before: they count where no name does.
  const referred = entities.filter(({ sys_id: id = '', type }) => ids.includes(id) && !named.some((each) => each.type === type));
  const mine = [...named, ...referred];
  return {
    row,
    number,
    clients: mine.filter((entity) => entity.type === 'client'),
    providers: mine.filter((entity) => entity.type === 'oauth_provider' || entity.type === 'consumer'),
    withoutSecret: mine.filter((entity) => entity.client_secret === '').map((entity) => entity.sys_id ?? ''),
    user: holder,
    roles: roles.map((role) => role['role.name'] ?? ''),
    company: companies[0],
    legacy: legacies[0],
    profile: profiles[0],
    authChange: changes[0],
    roundTrips: attempts.map((attempt) => Number(attempt.duration_ms)),
    ...(await readQueue(glass, own, now)),
  };
};

type QueueFacts = Pick<Link, 'errors' | 'waitingSince' | 'oldest' | 'heldLanes' | 'blockers' | 'stuckLanes' | 'sentLanes'>;

const readQueue = async ({ see, sees }: Spyglass, own: string, now: number): Promise<QueueFacts> => {
  const lanes = (query: string, limit: number): Promise<readonly SeenRow[]> =>
    see('sn_transport_lane', { query: `${own}^${query}`, fields: [...laneFields, 'waiting_since'], limit, silent: true });
  const messages = (query: string, limit: number): Promise<readonly SeenRow[]> =>
    see('sn_transport_queue', { query, fields: [...messageFields, 'sys_created_on'], limit });
  const [sentLanes, heldLanes, stuckLanes, waiting] = await Promise.all([
    lanes('direction=outbound^peer_seq>0^ORDERBYDESCpeer_seq', mostLanes),
    lanes('state=held', 50),
    lanes(`state=leased^due_at<${now - leaseGraceMs}`, 50),
    lanes('direction=outbound^stateINwaiting,leased,held^lane_rank>0^ORDERBYwaiting_since', 1),
  ]);
  // Lanes and classes of errors are ours, and found by an index; another instance has the state alone.
  const isOurs = sees('sn_transport_lane');
  const first = waiting[0];
  const errors = await messages(isOurs ? `${own}^error_classISNOTEMPTY^state=error` : `${own}^state=error`, mostErrors);
  const ready = isOurs
    ? first && isPlain(first.sys_id ?? '')
      ? await messages(`lane=${first.sys_id}^seq>${Number(first.done_seq)}^ORDERBYseq`, 1)
      : []
    : await messages(`${own}^state=ready^direction=outbound^ORDERBYsys_created_on`, 1);
  const blockers = new Map<string, SeenRow>();
  for (const { sys_id: lane = '', error_seq: seq } of heldLanes.slice(0, 5)) {
    const [blocker] = await messages(`lane=${lane}^seq=${Number(seq)}`, 1);
    if (blocker) blockers.set(lane, blocker);
  }
  const oldest = ready[0];
  const since = isOurs ? Number(first?.waiting_since || 0) : readWireMoment(oldest?.sys_created_on ?? '') || 0;
  return { errors, waitingSince: since, oldest, heldLanes, blockers, stuckLanes, sentLanes };
};

const namesAtOnce = 100;

/**
 * How far the lanes of the peer have come here, by name; undefined for those that were not asked for. To be read after the peer's own
 * marks: of a busy pair what was delivered there has then arrived here.
 */
export const readArrived = async (
  reader: Reader,
  link: Link,
  names: readonly string[],
): Promise<ReadonlyMap<string, number> | undefined> => {
  const glass = makeSpyglass(reader);
  const arrived = new Map<string, number>();
  const safe = names.filter((name) => /^[\w.:/-]+$/.test(name));
  for (let at = 0; at < safe.length; at += namesAtOnce) {
    const asked = safe.slice(at, at + namesAtOnce);
    const query = `connection=${link.row.sys_id}^direction=inbound^nameIN${asked.join(',')}`;
    const rows = await glass.see('sn_transport_lane', { query, fields: ['name', 'last_seq'], limit: namesAtOnce });
    if (glass.blind().length > 0) return undefined;
    for (const name of asked) arrived.set(name, 0);
    for (const row of rows) arrived.set(row.name ?? '', Number(row.last_seq || 0));
  }
  return arrived;
};
