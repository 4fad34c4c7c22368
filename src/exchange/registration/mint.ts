// The consumer's half as an invitation asks for it, in one transaction with the row that says how far it has come. Must not call the provider.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { hashPassword } from '../../kit/password.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, RecordsInTransaction } from '../../records/records.ts';
import { createConnection } from '../connection/connection_records.ts';
import { integrationUserName } from '../connection/names.ts';
import { type AuthMethod, isBelowFloor } from '../credential/auth_method.ts';
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

export interface Mint {
  /** Answers the connection's sys_id. Throws `exchange.invitation_expired`, `exchange.already_connected`, and what the grant check throws. */
  make(invitation: Invitation, secret: string, request: AcceptRequest): Promise<string>;
  /** What it would do; throws the same. */
  plan(invitation: Invitation, request: AcceptRequest): Promise<string[]>;
}

const requireFree = async ({ findBy }: Pick<RecordsInTransaction, 'findBy'>, invitation: Invitation): Promise<void> => {
  const [number] = await findBy('sn_sb_connection', { connection_id: invitation.connectionId });
  const [peer] = await findBy('sn_sb_connection', { peer_url: invitation.url, channel: invitation.channel });
  const taken = number ?? peer;
  if (!taken) return;
  throw new Fault('conflict', 'exchange.already_connected', 'There is a connection to this instance already', {
    explanation: `It is ${taken.connection_id}.`,
  });
};

export const makeMint = (parts: {
  records: Records;
  clock: Clock;
  ids: Ids;
  properties: Properties;
  handshake: Pick<Handshake, 'own'>;
  ownUrl: () => string;
  companyOf: CompanyNames['companyOf'];
  /** Password of our integration user, of the registration. */
  loginOf: (registration: string) => string;
}): Mint => {
  const { records, clock, ids, handshake, ownUrl, companyOf, loginOf } = parts;

  const examine = async (invitation: Invitation, request: AcceptRequest, dryRun: boolean) => {
    if (clock.now() > invitation.expiresAt)
      throw new Fault('conflict', 'exchange.invitation_expired', 'This invitation has expired', {
        explanation: 'Ask for a new one.',
      });
    const { version } = await handshake.own();
    const isOlder = invitation.method === 'password' || isBelowFloor(version) || isBelowFloor(invitation.version);
    const method: AuthMethod = isOlder ? 'password' : 'client_credentials';
    const plan = await requireGrantFor(method, parts, { enable: request.enableGrant === true, dryRun });
    return { isOlder, method, plan, name: request.company?.trim() || invitation.company };
  };

  return {
    async plan(invitation, request) {
      const { isOlder, plan, name } = await examine(invitation, request, true);
      await requireFree(records, invitation);
      const words = isOlder ? 'password and refresh tokens' : 'client credentials';
      return [
        ...plan,
        `connect to ${name} at ${invitation.url} as ${invitation.connectionId}, channel ${invitation.channel}, by ${words}`,
        `make the integration user ${integrationUserName(invitation.connectionId)} with the role sn_sb.integration, and its two registry records`,
        `tell the provider that this instance is ${ownUrl()}`,
      ];
    },

    async make(invitation, secret, request) {
      const { isOlder, method, name } = await examine(invitation, request, false);
      const company = await companyOf(name);
      const inbound = { id: ids.randomHex(32), secret: ids.randomToken(32) };
      const passwordHash = isOlder ? await hashPassword(loginOf(invitation.registration)) : '';
      return records.write(async (transaction) => {
        const within = records.within(transaction);
        await requireFree(within, invitation);
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
    },
  };
};
