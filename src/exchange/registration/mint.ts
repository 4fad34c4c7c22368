// The consumer's half as an invitation asks for it, in one transaction with the row that says how far it has come. Must not call the provider.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { hashPassword } from '../../kit/password.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records } from '../../records/records.ts';
import { createConnection } from '../connection/connection_records.ts';
import { isBelowFloor } from '../credential/auth_method.ts';
import type { Handshake } from '../handshake/handshake.ts';
import type { CompanyNames } from './company_names.ts';
import type { Invitation } from './invitation_code.ts';
import { requireGrantFor } from './preflight.ts';

export interface AcceptRequest {
  code: string;
  /** Local name of the provider; as the invitation says it where not given. */
  company?: string;
  enableGrant?: boolean;
}

/** Answers the connection's sys_id. Throws `exchange.invitation_expired`, `exchange.already_connected`, and what the grant check throws. */
export type Mint = (invitation: Invitation, secret: string, request: AcceptRequest) => Promise<string>;

export const makeMint =
  (parts: {
    records: Records;
    clock: Clock;
    ids: Ids;
    properties: Properties;
    handshake: Pick<Handshake, 'own'>;
    ownUrl: () => string;
    companyOf: CompanyNames['companyOf'];
    /** Password of our integration user, of the registration. */
    loginOf: (registration: string) => string;
  }): Mint =>
  async (invitation, secret, request) => {
    const { records, clock, ids, properties, handshake, ownUrl, companyOf, loginOf } = parts;
    if (clock.now() > invitation.expiresAt)
      throw new Fault('conflict', 'exchange.invitation_expired', 'This invitation has expired', {
        explanation: 'Ask for a new one.',
      });
    const { version } = await handshake.own();
    const isOlder = invitation.method === 'password' || isBelowFloor(version) || isBelowFloor(invitation.version);
    const method = isOlder ? 'password' : 'client_credentials';
    await requireGrantFor(method, properties, request.enableGrant === true ? records : undefined);
    const name = request.company?.trim() || invitation.company;
    const company = await companyOf(name);
    const inbound = { id: ids.randomHex(32), secret: ids.randomToken(32) };
    const passwordHash = isOlder ? await hashPassword(loginOf(invitation.registration)) : '';
    return records.write(async (transaction) => {
      const within = records.within(transaction);
      const [number] = await within.findBy('sn_sb_connection', { connection_id: invitation.connectionId });
      const [peer] = await within.findBy('sn_sb_connection', { peer_url: invitation.url, channel: invitation.channel });
      const taken = number ?? peer;
      if (taken) {
        throw new Fault('conflict', 'exchange.already_connected', 'There is a connection to this instance already', {
          explanation: `It is ${taken.connection_id}.`,
        });
      }
      const connection = await createConnection({ records }, transaction, {
        role: 'consumer',
        connectionId: invitation.connectionId,
        peerUrl: invitation.url,
        channel: invitation.channel,
        name,
        company,
        inbound,
        method,
        passwordHash,
      });
      await within.update(systemCaller, 'sn_sb_con_provider_connection', connection.sys_id ?? '', {
        remote_registration: invitation.registration,
      });
      await within.insert(systemCaller, 'sn_sb_onboarding', {
        connection: connection.sys_id ?? '',
        registration: invitation.registration,
        code_secret: secret,
        code_expires: wireMoment(invitation.expiresAt),
        own_url: ownUrl(),
        step: 'minted',
        step_at: wireMoment(clock.now()),
        step_error: '',
      });
      return connection.sys_id ?? '';
    });
  };
