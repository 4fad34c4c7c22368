// Makes an invitation: what it says, what must hold before it is made, and that there is one at a time for a peer and channel.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { type Caller, systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { readChannel, readPeerUrl } from '../connection/names.ts';
import { isBelowFloor } from '../credential/auth_method.ts';
import type { Handshake } from '../handshake/handshake.ts';
import { requireGrantFor } from './preflight.ts';

export interface InviteRequest {
  company: string;
  peer: string;
  channel?: string;
  /** The older way, by password and refresh token; it is taken in any case where the version of one side knows no other. */
  legacy?: boolean;
  /** Turns the grant on where it is off; without it the invitation is refused then. */
  enableGrant?: boolean;
  /** Only says what it would do. */
  dryRun?: boolean;
}

export interface Invited {
  /** '' of a dry run. */
  code: string;
  connectionId: string;
  expires: string;
  peer: string;
  /** What was done, or would be. */
  plan: readonly string[];
}

/** Throws `exchange.bad_invitation`, `exchange.own_invitation`, `exchange.already_connected`, `exchange.grant_disabled`. */
export type Invite = (caller: Caller, request: InviteRequest) => Promise<Invited>;

export interface InviteParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  properties: Properties;
  handshake: Pick<Handshake, 'own'>;
  ownUrl: () => string;
  ownName: () => Promise<string>;
  /** sys_id of the company of this name, made where there is none. */
  companyOf: (name: string) => Promise<string>;
  codeOf: (registration: Row) => Promise<string>;
  end: (registration: Row, reason: string) => Promise<void>;
}

export const makeInvite = (parts: InviteParts): Invite => {
  const { records, clock, ids, properties, handshake, ownUrl, ownName, companyOf, end } = parts;
  return async (_caller, request) => {
    const peer = readPeerUrl(request.peer);
    const channel = readChannel(request.channel ?? 'default');
    const company = request.company.trim();
    if (peer === undefined || channel === undefined || company === '' || company.length > 80) {
      throw new Fault('bad_request', 'exchange.bad_invitation', 'The invitation cannot be made', {
        explanation: 'company must be a name of at most 80 characters, peer an address such as https://consumer.example.com.',
      });
    }
    if (peer === ownUrl()) throw new Fault('bad_request', 'exchange.own_invitation', 'An instance cannot register with itself');
    const { version } = await handshake.own();
    const method = request.legacy === true || isBelowFloor(version) ? 'password' : 'client_credentials';
    const wish = { enable: request.enableGrant === true, dryRun: true };
    const plan = await requireGrantFor(method, { records, properties }, wish);
    const [taken] = await records.findBy('sn_sb_connection', { peer_url: peer, channel }, { limit: 1 });
    if (taken) {
      throw new Fault('conflict', 'exchange.already_connected', 'There is a connection to this instance already', {
        explanation: `It is ${taken.connection_id}; a second one needs another channel.`,
      });
    }
    // One open invitation for a peer and channel: a new one ends the old.
    const open = { consumer_url: peer, channel, registration_state: 'open' };
    const replaced = await records.findBy('sn_sb_pro_registration', open);
    for (const old of replaced) plan.push(`end the open invitation ${old.connection_id} of this peer and channel`);
    const hours = Math.min(8_760, Math.max(1, await properties.number('sn_sb.invitation_hours', 72)));
    const expires = wireMoment(clock.now() + hours * 3_600_000);
    const words = method === 'password' ? 'by password and refresh tokens' : 'by client credentials';
    plan.push(`invite ${company} at ${peer}, channel ${channel}, ${words}, until ${expires} UTC`);
    if (request.dryRun === true) return { code: '', connectionId: '', expires, peer, plan };
    await requireGrantFor(method, { records, properties }, { ...wish, dryRun: false });
    for (const old of replaced) await end(old, 'Replaced by a newer invitation');
    const connectionId = `SBC${String(Number.parseInt(ids.randomHex(10), 16) % 10_000_000).padStart(7, '0')}`;
    const made = await records.insert(systemCaller, 'sn_sb_pro_registration', {
      short_description: `Registration of ${company}`,
      provider_name: await ownName(),
      consumer_name: company,
      company: await companyOf(company),
      consumer_url: peer,
      channel,
      connection_id: connectionId,
      provider_version: version,
      auth_method: method,
      provider_url: ownUrl(),
      code_expires: expires,
      registration_state: 'open',
      step: 'invited',
      step_at: wireMoment(clock.now()),
    });
    const [registration] = await records.findBy('sn_sb_pro_registration', { sys_id: made.sysId }, { limit: 1 });
    const code = await parts.codeOf(registration ?? {});
    return { code, connectionId, expires, peer, plan };
  };
};
