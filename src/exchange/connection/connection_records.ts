// The records that a connection consists of: integration user, the two registry records, remote system, settings and the connection itself.
// What is made here is removed by remove_connection.ts. Must not call the peer.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, RecordsInTransaction, Row } from '../../records/records.ts';
import { roleId } from '../../records/tables/sys_user_role.ts';
import type { Transaction } from '../../store/store.ts';
import type { AuthMethod } from '../credential/auth_method.ts';
import { type Login, storeLogin } from '../credential/legacy_login.ts';
import { inboundClientName, integrationUserName, outboundCredentialName, remoteSystemName } from './names.ts';

export type Role = 'provider' | 'consumer';

export const connectionTable: Readonly<Record<Role, string>> = {
  provider: 'sn_sb_pro_consumer_connection',
  consumer: 'sn_sb_con_provider_connection',
};

const settingsTable: Readonly<Record<Role, string>> = {
  provider: 'sn_sb_pro_service_bridge_settings',
  consumer: 'sn_sb_con_service_bridge_settings',
};

/** What we are on this connection. */
export const roleOf = (connection: Row): Role =>
  connection.sys_class_name === connectionTable.provider ? 'provider' : 'consumer';

export interface ClientPair {
  readonly id: string;
  readonly secret: string;
}

export interface PeerFacts {
  readonly instanceId: string;
  readonly incarnation: string;
  readonly version: string;
  readonly features: readonly string[];
  /** sys_id of the peer's own connection row. */
  readonly connection: string;
}

export interface ConnectionParts {
  records: Records;
  clock: Clock;
  ids: Ids;
}

export const tokenPath = '/oauth_token.do';

export const credentialValues = (
  connectionId: string,
  peerUrl: string,
  pair: ClientPair,
  method: AuthMethod,
): Record<string, string> => ({
  name: outboundCredentialName(connectionId),
  type: 'oauth_provider',
  client_id: pair.id,
  client_secret: pair.secret,
  token_url: `${peerUrl}${tokenPath}`,
  default_grant_type: method,
  comments: `Used to call the peer of connection ${connectionId}. It has no OAuth Application User.`,
});

/** The older way has no OAuth Application User: the peer signs in as one. Such a record says nothing of grants, so that it can be moved on. */
export const clientValues = (
  connectionId: string,
  user: string,
  pair: ClientPair,
  method: AuthMethod,
): Record<string, string> => ({
  name: inboundClientName(connectionId),
  type: 'client',
  client_id: pair.id,
  client_secret: pair.secret,
  user: method === 'password' ? '' : user,
  inbound_grant_type: method === 'password' ? 'default' : 'client_credentials',
  default_grant_type: method,
  comments: `Used by the peer of connection ${connectionId} to call this instance, as its integration user.`,
});

const makeUser = async (within: RecordsInTransaction, connectionId: string, passwordHash: string): Promise<string> => {
  const user = await within.insert(systemCaller, 'sys_user', {
    user_name: integrationUserName(connectionId),
    first_name: 'Service Exchange',
    last_name: connectionId,
    // The password grant wants someone who could have a session.
    web_service_access_only: passwordHash === '' ? 'true' : 'false',
    user_password: passwordHash,
    internal_integration_user: 'true',
  });
  await within.insert(systemCaller, 'sys_user_has_role', {
    user: user.sys_id ?? '',
    role: roleId('sn_sb.integration'),
    state: 'active',
  });
  return user.sys_id ?? '';
};

export interface NewConnection {
  role: Role;
  connectionId: string;
  peerUrl: string;
  channel: string;
  name: string;
  company: string;
  /** For the peer to call us with. */
  inbound: ClientPair;
  method: AuthMethod;
  /** Of the password of our integration user, where the peer signs in as it; else ''. */
  passwordHash: string;
}

/** Everything of our own side, transport still disabled. Throws `store.duplicate` where the number, or peer and channel, are taken. */
export const createConnection = async (
  { records }: Pick<ConnectionParts, 'records'>,
  transaction: Transaction,
  given: NewConnection,
): Promise<Row> => {
  const within = records.within(transaction);
  const { connectionId, role, method } = given;
  const user = await makeUser(within, connectionId, given.passwordHash);
  const client = await within.insert(systemCaller, 'oauth_entity', clientValues(connectionId, user, given.inbound, method));
  const system = await within.insert(systemCaller, 'ih_sync_remote_system', {
    name: remoteSystemName(connectionId),
    inbound_api_user: user,
    run_as_user: user,
  });
  const connection = await within.insert(systemCaller, connectionTable[role], {
    connection_id: connectionId,
    name: given.name,
    company: given.company,
    peer_url: given.peerUrl,
    channel: given.channel,
    state: 'pending',
    auth_method: method,
    peer_auth_method: method,
    integration_user: user,
    inbound_client: client.sys_id ?? '',
  });
  const sysId = connection.sys_id ?? '';
  await within.insert(systemCaller, 'sn_sb_rps_connection', { connection: sysId, remote_system: system.sys_id ?? '' });
  await within.insert(systemCaller, settingsTable[role], { connection: sysId });
  return connection;
};

/** What the peer minted for us to call it with, and who it is; `login` where the link is of the older kind. Safe to repeat. */
export const storePeer = async (
  { records }: Pick<ConnectionParts, 'records'>,
  transaction: Transaction,
  connection: Row,
  given: {
    pair: ClientPair;
    login: Login | undefined;
    peer: PeerFacts;
    own: { version: string; features: readonly string[] };
  },
): Promise<Row> => {
  const within = records.within(transaction);
  const sysId = connection.sys_id ?? '';
  const method = given.login ? 'password' : 'client_credentials';
  const values = credentialValues(connection.connection_id ?? '', connection.peer_url ?? '', given.pair, method);
  if (given.login) await storeLogin(records, transaction, { connection: sysId, login: given.login });
  let credential = connection.outbound_credential ?? '';
  if (credential === '') credential = (await within.insert(systemCaller, 'oauth_entity', values)).sys_id ?? '';
  else await within.update(systemCaller, 'oauth_entity', credential, values);
  const [rps] = await within.findBy('sn_sb_rps_connection', { connection: sysId });
  if (rps)
    await within.update(systemCaller, 'ih_sync_remote_system', rps.remote_system ?? '', { external_id: given.peer.connection });
  await storePeerFacts({ records }, transaction, connection, given.peer, given.own);
  return within.update(systemCaller, connection.sys_class_name ?? 'sn_sb_connection', sysId, {
    outbound_credential: credential,
    remote_connection: given.peer.connection,
  });
};

/** Versions and features, as the latest handshake told them. */
export const storePeerFacts = async (
  { records }: Pick<ConnectionParts, 'records'>,
  transaction: Transaction,
  connection: Row,
  peer: PeerFacts,
  own: { version: string; features: readonly string[] },
): Promise<void> => {
  const within = records.within(transaction);
  const isProvider = roleOf(connection) === 'provider';
  const [provider, consumer] = isProvider ? [own, peer] : [peer, own];
  const [settings] = await within.findBy('sn_sb_service_bridge_settings', { connection: connection.sys_id ?? '' });
  if (settings) {
    await within.update(systemCaller, 'sn_sb_service_bridge_settings', settings.sys_id ?? '', {
      provider_version: provider.version,
      consumer_version: consumer.version,
      provider_features: provider.features.join(','),
      consumer_features: consumer.features.join(','),
    });
  }
  await within.update(systemCaller, connection.sys_class_name ?? 'sn_sb_connection', connection.sys_id ?? '', {
    peer_instance_id: peer.instanceId,
    peer_incarnation: peer.incarnation,
    peer_version: peer.version,
    peer_features: peer.features.join(','),
  });
};

/** Both directions may move rows from now on. Safe to repeat. */
export const activateConnection = async (
  { records, clock }: Pick<ConnectionParts, 'records' | 'clock'>,
  transaction: Transaction,
  connection: Row,
): Promise<void> => {
  const within = records.within(transaction);
  const sysId = connection.sys_id ?? '';
  const [rps] = await within.findBy('sn_sb_rps_connection', { connection: sysId });
  const active = { outbound_state: 'active', inbound_state: 'active' };
  if (rps) await within.update(systemCaller, 'ih_sync_remote_system', rps.remote_system ?? '', active);
  const now = wireMoment(clock.now());
  await within.update(systemCaller, connection.sys_class_name ?? 'sn_sb_connection', sysId, {
    state: 'onboarded',
    outbound_auth_state: 'valid',
    inbound_auth_state: 'valid',
    outbound_status: 'up',
    inbound_status: 'up',
    outbound_since: now,
    inbound_since: now,
    hb_acked: now,
    hb_received: now,
  });
};
