// The handshake: both sides say who they are and how they see the two legs. Asked with a fresh token, it proves the whole way that
// messages take, and through the peer's answer one side learns of the other leg. Must not move rows.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { codeHeader } from '../carriers/http.ts';
import { storePeerFacts } from '../connection/connection_records.ts';
import { grantOf, methodOfLink } from '../credential/auth_method.ts';
import type { TokenClient } from '../credential/token_client.ts';
import { protocolVersion } from '../envelope/write_batch.ts';
import type { Hear } from '../incarnation/hear.ts';
import { isBehind } from '../incarnation/lineage.ts';
import type { StatusKeeper } from '../status/status_keeper.ts';
import { factsOf, type Hello, ownFeatures, readHello, speaksProtocol } from './hello.ts';

export const handshakePath = '/api/sn_sb/exchange/v1/handshake';

export interface OwnIdentity {
  readonly instanceId: string;
  incarnation(): string;
}

export interface HandshakeParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  outbound: Outbound;
  properties: Properties;
  tokens: TokenClient;
  status: StatusKeeper;
  self: OwnIdentity;
  /** Whether the peer is still the one that is known. */
  hear: Hear;
  /** The peer says that it refuses us: look for ourselves, now. */
  lookAgain: (connection: string) => void;
}

export interface Handshake {
  /** Calls the peer with a fresh token. Throws `exchange.auth_refused`, `exchange.handshake_failed`, `exchange.protocol_unknown`. */
  ask(connection: Row): Promise<Hello>;
  /** What the peer gets when it calls us; its body is what it said. Throws `exchange.bad_handshake`. */
  answer(connection: Row, body: unknown): Promise<Hello>;
  own(): Promise<{ version: string; features: readonly string[] }>;
}

export const makeHandshake = (parts: HandshakeParts): Handshake => {
  const { records, clock, ids, outbound, tokens, status, self } = parts;

  const own = async () => ({ version: (await parts.properties.get('sn_sb.version')) || '0', features: ownFeatures });

  const hello = async (connection: Row, nonce: string): Promise<Hello> => {
    const credential = await entity(records, connection.outbound_credential);
    return {
      nonce,
      protocol: protocolVersion,
      instanceId: self.instanceId,
      incarnation: self.incarnation(),
      knows: connection.peer_incarnation ?? '',
      ...(await own()),
      auth: grantOf(credential),
      client: credential?.client_id ?? '',
      connection: connection.sys_id ?? '',
      now: clock.now(),
      outbound: leg(connection, 'outbound'),
      inbound: leg(connection, 'inbound'),
    };
  };

  const entity = async (reader: Pick<Records, 'findBy'>, sysId: string | undefined): Promise<Row | undefined> =>
    (await reader.findBy('oauth_entity', { sys_id: sysId ?? '' }, { limit: 1 }))[0];

  const leg = (row: Row, direction: 'outbound' | 'inbound') => ({
    state: row[`${direction}_auth_state`] || 'unknown',
    reason: row[`${direction}_auth_reason`] ?? '',
    detail: row[`${direction}_auth_detail`] ?? '',
  });

  /** Answers whether the peer is the one that is known, and not an older one of itself. */
  const remember = async (connection: Row, said: Hello): Promise<boolean> => {
    const facts = factsOf(said);
    const isKnown =
      connection.peer_version === facts.version &&
      connection.peer_features === facts.features.join(',') &&
      connection.peer_auth_method === said.auth &&
      connection.peer_instance_id === facts.instanceId;
    // Who the peer is was settled when the two registered: a stranger with its credential is not remembered, ID-02 names it.
    const isStranger = (connection.peer_instance_id ?? '') !== '' && connection.peer_instance_id !== facts.instanceId;
    if (isStranger) return true;
    const isCurrent = !isBehind(said.incarnation, connection.peer_incarnation);
    if (isCurrent && !isKnown) await keep(connection, said);
    await parts.hear(connection, said);
    return isCurrent;
  };

  const keep = async (connection: Row, said: Hello): Promise<void> => {
    const mine = await own();
    await records.write(async (transaction) => {
      const within = records.within(transaction);
      // Credentials may have changed since the peer was asked: what counts is the one in use now.
      const [now] = await within.findBy('sn_sb_connection', { sys_id: connection.sys_id ?? '' }, { forUpdate: true });
      if (!now) return;
      await storePeerFacts({ records }, transaction, now, factsOf(said), mine);
      // And a peer that is about to change its own, or has done so since it spoke, spoke of others.
      if (said.client !== '' && said.client !== (await entity(within, now.inbound_client))?.client_id) return;
      const method = methodOfLink(grantOf(await entity(within, now.outbound_credential)), said.auth);
      await within.update(systemCaller, 'sn_sb_connection', now.sys_id ?? '', {
        peer_auth_method: said.auth,
        auth_method: method,
      });
    });
  };

  const current = async (connection: Row): Promise<Row> =>
    (await records.findBy('sn_sb_connection', { sys_id: connection.sys_id ?? '' }, { limit: 1 }))[0] ?? connection;

  return {
    own,
    async ask(given) {
      const connection = await current(given);
      const token = await tokens.token(connection, { fresh: true });
      const nonce = ids.randomToken(16);
      const startedAt = clock.now();
      const answer = await outbound.send({
        url: `${connection.peer_url}${handshakePath}`,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(await hello(connection, nonce)),
        timeLimitMs: 10_000,
      });
      if (answer.status === 401 || answer.status === 403) {
        await tokens.refused(connection, token);
        status.refused(connection.sys_id ?? '', {
          reason: 'token_refused',
          detail: `The peer gave a token and did not take it: status ${answer.status}`,
        });
      }
      if (answer.status !== 200)
        throw new Fault(
          'unavailable',
          answer.headers.get(codeHeader) === 'exchange.incarnation_mismatch'
            ? 'exchange.incarnation_mismatch'
            : 'exchange.handshake_failed',
          `The peer answered the handshake with status ${answer.status}`,
        );
      const said = readAnswer(answer.body.toString('utf8'));
      if (!said || said.nonce !== nonce)
        throw new Fault('unavailable', 'exchange.handshake_failed', 'The peer answered with something else than a handshake');
      if (!speaksProtocol(said))
        throw new Fault(
          'unavailable',
          'exchange.protocol_unknown',
          `The peer speaks version ${said.protocol.slice(0, 10)} of the protocol`,
        );
      if (!(await remember(connection, said)))
        throw new Fault(
          'unavailable',
          'exchange.incarnation_mismatch',
          `The peer is ${said.incarnation}, and was ${connection.peer_incarnation}: nothing is sent until it is adopted there`,
        );
      const middle = startedAt + (clock.now() - startedAt) / 2;
      status.mark(connection.sys_id ?? '', {
        clock_skew_ms: String(Math.round(said.now - middle)),
        last_probe: wireMoment(clock.now()),
      });
      // The peer knows whether it can call us: that is the inbound leg, seen from its other end.
      if (said.outbound.state === 'refused')
        status.inbound(connection.sys_id ?? '', { state: 'refused', reason: said.outbound.reason, detail: said.outbound.detail });
      return said;
    },

    async answer(given, body) {
      const said = readHello(body);
      if (!said) throw new Fault('bad_request', 'exchange.bad_handshake', 'The body is not a handshake');
      if (!speaksProtocol(said)) {
        throw new Fault('bad_request', 'exchange.protocol_unknown', 'This version of the protocol is not spoken here', {
          explanation: `Spoken here: ${protocolVersion}`,
        });
      }
      const connection = await current(given);
      await remember(connection, said);
      // It came with a token that was fetched for this very call.
      status.inbound(connection.sys_id ?? '', { state: 'valid', reason: '', detail: '' });
      if (said.inbound.state === 'refused' && connection.outbound_auth_state !== 'refused')
        parts.lookAgain(connection.sys_id ?? '');
      // It knows why it refuses us, which its token endpoint does not say.
      if (said.inbound.state === 'refused' && connection.outbound_auth_reason === 'refused' && said.inbound.reason !== '')
        status.refused(connection.sys_id ?? '', {
          reason: said.inbound.reason,
          detail: said.inbound.detail || (connection.outbound_auth_detail ?? ''),
        });
      return hello({ ...connection, inbound_auth_state: 'valid', inbound_auth_reason: '', inbound_auth_detail: '' }, said.nonce);
    },
  };
};

const readAnswer = (body: string): Hello | undefined => {
  try {
    return readHello((JSON.parse(body) as { result?: unknown }).result);
  } catch {
    return undefined;
  }
};
