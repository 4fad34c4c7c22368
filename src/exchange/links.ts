// The connections of the exchange, put together: registration, credentials, handshake, health, heartbeats. Read this first. It gives the
// transport its book and its listener, and wants of it a way to put a heartbeat on the queue.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Outbound } from '../kit/outbound.ts';
import { deriveKey } from '../kit/seal.ts';
import type { Properties } from '../records/properties.ts';
import type { Records, Row, Rule } from '../records/records.ts';
import type { Store } from '../store/store.ts';
import { type AuthChanges, makeAuthChanges } from './auth_change/auth_changes.ts';
import { connectionRules, makeBook, makeConnectionCache } from './connection/book.ts';
import { makeMethodRule } from './credential/method_rule.ts';
import { makeTokenClient, type TokenClient } from './credential/token_client.ts';
import { type Handshake, makeHandshake } from './handshake/handshake.ts';
import { type Heartbeat, makeHeartbeat } from './heartbeat/heartbeat.ts';
import { makeHear } from './incarnation/hear.ts';
import type { Incarnation } from './incarnation/incarnation.ts';
import { admitAnybody, demandActive, makeAdmitPeer, makeStandstill } from './incarnation/standstill.ts';
import { makeSuccession, type Succession } from './incarnation/succession.ts';
import { makeOffboard, type Offboard } from './offboard/offboard.ts';
import { type ConsumerSide, makeConsumerSide } from './registration/consumer_side.ts';
import { makeProviderSide, type ProviderSide } from './registration/provider_side.ts';
import { makeIsForgotten } from './registration/whether_known.ts';
import { makeResume, type Resume, type ResumeParts } from './resume/resume.ts';
import type { ConnectionBook, ConnectionView, LinkEvents } from './seams.ts';
import { makeStatusKeeper, type StatusKeeper } from './status/status_keeper.ts';
import type { Transport } from './transport.ts';

export interface LinksParts {
  store: Store;
  records: Records;
  clock: Clock;
  ids: Ids;
  /** From 0 to 1. */
  random: () => number;
  log: LocalhostLog;
  outbound: Outbound;
  properties: Properties;
  instanceKey: Buffer;
  openSecret: (sealed: string, context: string) => string;
  incarnation: Incarnation;
  sayAgain: ResumeParts['sayAgain'];
  tellLoss: ResumeParts['tellLoss'];
  /** Public origin of this instance. */
  ownUrl: () => string;
  /** Ends the tokens of a client of ours. */
  revokeTokens: (match: { client: string }) => Promise<unknown>;
  /** Name of this process, the same after a restart and different from every other process on the same database. */
  worker: string;
  /** The transport is made after this, of what this gives. */
  transport: () => Transport;
}

/** A credential that our own endpoints refused: `entity` is the sys_id of the registry record. */
export interface HeardRefusal {
  readonly reason: string;
  readonly leg: string;
  readonly entity?: string;
  readonly detail?: string;
}

export interface Links {
  readonly book: ConnectionBook;
  readonly events: LinkEvents;
  readonly rules: readonly Rule[];
  readonly heartbeat: Heartbeat;
  readonly handshake: Handshake;
  readonly provider: ProviderSide;
  readonly consumer: ConsumerSide;
  readonly offboard: Offboard;
  readonly status: StatusKeeper;
  readonly authChanges: AuthChanges;
  readonly tokens: TokenClient;
  readonly resume: Resume;
  readonly succession: Succession;
  /** At once, whatever the interval: what a connection stands on has changed. */
  changed(connection: string): void;
  /** Throws Fault where this connection may not be received from now: this instance, or the peer, is not who it was. */
  admitPeer(connection: ConnectionView, incarnation: string): Promise<void>;
  /** Told of every refusal of our token endpoint: one that concerns a peer's client marks the inbound leg at once. */
  heardRefusal(refusal: HeardRefusal): void;
  start(): void;
  stop(): Promise<void>;
}

/** The words of status and doctor for what the token endpoint calls otherwise. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['application_user_missing', 'user_not_bound'],
  ['client_bad_secret', 'client_refused'],
  ['entity_inactive', 'client_inactive'],
]);

export const makeLinks = (parts: LinksParts): Links => {
  const { records, log } = parts;
  const cache = makeConnectionCache(parts);
  const { incarnation } = parts;
  const self = {
    get instanceId() {
      return incarnation.instanceId;
    },
    incarnation: incarnation.text,
  };
  const isQuarantined = (): boolean => incarnation.quarantine() !== undefined;
  const standstillOf = makeStandstill(incarnation);
  const standsStill = (connection: Row): boolean => standstillOf(connection) !== undefined;

  const status = makeStatusKeeper({
    ...parts,
    standstillOf,
    summary: () => parts.transport().summary(),
    async recovered(connection) {
      await records.write((transaction) => parts.transport().endPause(transaction, connection));
    },
  });
  const tokens = makeTokenClient({ ...parts, events: status, isForgotten: makeIsForgotten(parts) });
  const goOn = async (connection: string): Promise<void> => {
    await records.write((transaction) => parts.transport().endPause(transaction, connection));
    changed(connection);
  };
  const hear = makeHear({ ...parts, own: incarnation, cameBack: (connection) => void goOn(connection).catch(complain) });
  const handshake = makeHandshake({ ...parts, tokens, status, self, hear, lookAgain: (connection) => look(connection) });
  const resume = makeResume({ ...parts, tokens, goOn });
  const heartbeat = makeHeartbeat({
    ...parts,
    connections: cache,
    handshake,
    status,
    enqueue: () => parts.transport().enqueue,
    reached: (connection) => parts.transport().reached(connection),
    unreached: (connection, failure) => parts.transport().unreached(connection, failure),
    isQuarantined,
    standsStill,
    resume: resume.run,
  });

  const complain = (error: unknown): void =>
    void log.write({ level: 'warning', text: `Exchange: a connection was not looked at: ${(error as Error).message}` });
  const look = (connection: string): void => void heartbeat.beat(connection).catch(complain);
  const changed = (connection: string): void => {
    parts.transport().wake(connection);
    look(connection);
  };

  /** Whoever edits a registry record or user of a connection sees at once what it does to it. */
  const watch: Rule = {
    name: 'exchange: what a connection stands on has changed',
    tables: ['oauth_entity', 'ih_sync_remote_system', 'sys_user'],
    async applied(transaction, { operation, sysId, changed: elements }) {
      const isMarkOnly = elements.every((element) => /^(last_login|former_secret_|sys_)/.test(element));
      if (operation !== 'update' || isMarkOnly) return;
      transaction.afterCommit(() => {
        void cache
          .all()
          .then((all) => {
            for (const { row, remoteSystem } of all) {
              const ids = [row.inbound_client, row.outbound_credential, row.integration_user, remoteSystem?.sys_id];
              if (row.state === 'onboarded' && ids.includes(sysId)) changed(row.sys_id ?? '');
            }
          })
          .catch(complain);
      });
    },
  };

  const loginKey = deriveKey(parts.instanceKey, 'exchange passwords of integration users');
  const side = { ...parts, self, handshake, changed, loginKey };
  const provider = makeProviderSide({ ...side, key: deriveKey(parts.instanceKey, 'exchange invitations') });
  const consumer = makeConsumerSide(side);
  const authChanges = makeAuthChanges({ ...parts, tokens, handshake, changed });
  const book = makeBook({ ...parts, cache, tokens, incarnation: self.incarnation, standsStill });

  const offboard = makeOffboard({ ...parts, tokens, changed });
  const succession = makeSuccession({ ...parts, standstillOf, offboard, changed });

  return {
    book,
    events: {
      ...status,
      failed(connection, event) {
        status.failed(connection, event);
        if (event.class === 'transient') heartbeat.hasten(connection);
      },
    },
    rules: [...connectionRules, makeMethodRule({ records }), watch],
    heartbeat,
    handshake,
    provider: {
      ...provider,
      async invite(...asked) {
        demandActive(incarnation);
        return provider.invite(...asked);
      },
      async step(body) {
        admitAnybody(incarnation);
        return provider.step(body);
      },
    },
    consumer: {
      ...consumer,
      async accept(...asked) {
        demandActive(incarnation);
        return consumer.accept(...asked);
      },
      async planAccept(request) {
        demandActive(incarnation);
        return consumer.planAccept(request);
      },
    },
    offboard,
    status,
    authChanges,
    tokens,
    resume,
    succession,
    changed,
    admitPeer: makeAdmitPeer(incarnation, standstillOf),
    heardRefusal({ reason, leg, entity, detail }) {
      if (!leg.startsWith('token:') || !entity) return;
      void cache
        .all()
        .then((all) => {
          const known = all.find(({ row }) => row.inbound_client === entity);
          if (known?.row.state !== 'onboarded') return;
          const event = { state: 'refused' as const, reason: reasons.get(reason) ?? reason, detail: detail ?? '' };
          status.inbound(known.row.sys_id ?? '', event);
        })
        .catch(complain);
    },
    start() {
      heartbeat.start();
      consumer.start();
      authChanges.start();
    },
    async stop() {
      await Promise.all([heartbeat.stop(), consumer.stop(), authChanges.stop()]);
      await status.close();
    },
  };
};
