// The provider's answer to a consumer that comes with the code: whether this claim may be taken, and our half of the connection. May be
// repeated: the same consumer hears the same pair again. Must not call the consumer.
import { type Clock, readWireMoment, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { hashPassword } from '../../kit/password.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { type ClientPair, createConnection, storePeer } from '../connection/connection_records.ts';
import { integrationUserName } from '../connection/names.ts';
import { isBelowFloor, readMethod } from '../credential/auth_method.ts';
import { loginPassword } from '../credential/legacy_login.ts';
import type { Handshake, OwnIdentity } from '../handshake/handshake.ts';
import { type Claim, readClaim } from './claim.ts';
import type { CompanyNames } from './company_names.ts';
import { requireGrantFor } from './preflight.ts';

export interface TakeClaimParts extends CompanyNames {
  records: Records;
  clock: Clock;
  ids: Ids;
  properties: Properties;
  self: OwnIdentity;
  handshake: Pick<Handshake, 'own'>;
  /** Of passwords of integration users; derived from the instance key. */
  loginKey: Buffer;
  openSecret: (sealed: string, context: string) => string;
}

export const notOpen = (state: string): Fault =>
  new Fault('conflict', 'exchange.registration_closed', 'This registration is not open', {
    explanation: state === 'closed_complete' ? 'It was completed.' : 'It was ended. Ask for a new invitation.',
  });

/** Throws Fault for who came too late, second, from elsewhere, or from here. */
const requireRightful = (registration: Row, said: Claim, { clock, self }: TakeClaimParts): void => {
  const isOpen = registration.registration_state === 'open';
  if (!isOpen && registration.claimed_by !== said.peer.instanceId) {
    throw new Fault('conflict', 'exchange.invitation_used', 'This invitation was accepted by another instance');
  }
  if (isOpen && clock.now() > readWireMoment(registration.code_expires ?? '')) {
    throw new Fault('conflict', 'exchange.invitation_expired', 'This invitation has expired', {
      explanation: 'Ask for a new one.',
    });
  }
  if (said.peer.instanceId === self.instanceId)
    throw new Fault('conflict', 'exchange.own_invitation', 'An instance cannot register with itself');
  if (said.url !== registration.consumer_url) {
    throw new Fault('conflict', 'exchange.invitation_other_instance', 'This invitation is for another instance', {
      explanation: `It was made for ${registration.consumer_url}, and ${said.url} wants to accept it.`,
    });
  }
};

/** Answers what the consumer has to know of our half. */
export const makeTakeClaim =
  (parts: TakeClaimParts) =>
  async (registration: Row, payload: unknown): Promise<unknown> => {
    const { records, clock, ids, properties, handshake, companyOf, ownName } = parts;
    const said = readClaim(payload);
    requireRightful(registration, said, parts);
    const method = said.login ? 'password' : 'client_credentials';
    const own = await handshake.own();
    const isOlder =
      readMethod(registration.auth_method) === 'password' || isBelowFloor(own.version) || isBelowFloor(said.peer.version);
    if (isOlder && method !== 'password')
      throw new Fault('bad_request', 'exchange.bad_registration', 'This connection is made with the older way to authenticate');
    await requireGrantFor(method, { records, properties });
    const sysId = registration.sys_id ?? '';
    const fresh: ClientPair = { id: ids.randomHex(32), secret: ids.randomToken(32) };
    const password = method === 'password' ? loginPassword(parts.loginKey, sysId) : '';
    const passwordHash = password === '' ? '' : await hashPassword(password);
    const name = registration.consumer_name || said.company;
    const company = await companyOf(name);
    const { connection, pair } = await records.write(async (transaction) => {
      const within = records.within(transaction);
      const [locked] = await within.findBy('sn_sb_pro_registration', { sys_id: sysId }, { forUpdate: true });
      if (!locked || !['open', 'work_in_progress'].includes(locked.registration_state ?? ''))
        throw notOpen(locked?.registration_state ?? '');
      let [row] = locked.connection ? await within.findBy('sn_sb_connection', { sys_id: locked.connection }) : [];
      row ??= await createConnection(parts, transaction, {
        role: 'provider',
        connectionId: locked.connection_id ?? '',
        peerUrl: said.url,
        channel: locked.channel ?? '',
        name,
        company,
        inbound: fresh,
        method,
        passwordHash,
      });
      const stored = await storePeer(parts, transaction, row, {
        pair: said.client,
        login: said.login,
        peer: said.peer,
        own,
      });
      const [client] = await within.findBy('oauth_entity', { sys_id: stored.inbound_client ?? '' });
      await within.update(systemCaller, 'sn_sb_pro_registration', sysId, {
        registration_state: 'work_in_progress',
        state: '2',
        claimed_by: said.peer.instanceId,
        connection: stored.sys_id ?? '',
        step: 'delivered',
        step_at: wireMoment(clock.now()),
        step_error: '',
      });
      const secret = parts.openSecret(client?.client_secret ?? '', 'oauth_entity.client_secret');
      return { connection: stored, pair: { id: client?.client_id ?? '', secret } };
    });
    return {
      client: pair,
      ...(password === '' ? {} : { login: { user: integrationUserName(connection.connection_id ?? ''), password } }),
      company: await ownName(),
      peer: {
        ...own,
        instanceId: parts.self.instanceId,
        incarnation: parts.self.incarnation(),
        connection: connection.sys_id ?? '',
      },
    };
  };
