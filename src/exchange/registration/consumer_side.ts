// The consumer's half of a registration: accepts a code and takes step after step until both sides are active. How far it came is a row,
// so that a killed process goes on where it stood; abort removes what it made and tells the provider.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import { every, type Timer } from '../../kit/timer.ts';
import { type Caller, systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { activateConnection, storePeer } from '../connection/connection_records.ts';
import { integrationUserName } from '../connection/names.ts';
import { noConnection } from '../connection/no_connection.ts';
import { removeConnection } from '../connection/remove_connection.ts';
import { loginPassword } from '../credential/legacy_login.ts';
import type { Handshake, OwnIdentity } from '../handshake/handshake.ts';
import { makeAskProvider } from './ask_provider.ts';
import { readClaim } from './claim.ts';
import { makeCompanyNames } from './company_names.ts';
import { readCode } from './invitation_code.ts';
import { type AcceptRequest, makeMint } from './mint.ts';

export interface ConsumerParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  log: LocalhostLog;
  outbound: Outbound;
  properties: Properties;
  self: OwnIdentity;
  handshake: Handshake;
  ownUrl: () => string;
  openSecret: (sealed: string, context: string) => string;
  /** Of passwords of integration users; derived from the instance key. */
  loginKey: Buffer;
  changed: (connection: string) => void;
}

export interface ConsumerSide {
  /** Makes our half, and goes as far as it can; the rest is tried again by itself. Answers the connection's sys_id. */
  accept(caller: Caller, request: AcceptRequest): Promise<string>;
  /** What accepting would do. Throws what it would throw before the provider is called. */
  planAccept(request: AcceptRequest): Promise<readonly string[]>;
  /** Goes on. Throws what stopped it. */
  advance(connection: string): Promise<void>;
  /** `force`: also where the provider cannot be told now. */
  abort(connection: string, options: { force: boolean }): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const retryMs = 5_000;
const ended = new Set(['exchange.registration_closed', 'exchange.invitation_unknown']);

export const makeConsumerSide = (parts: ConsumerParts): ConsumerSide => {
  const { records, clock, log, handshake } = parts;
  const running = makeSingleFlight<void>();
  let timer: Timer | undefined;

  const onboardingOf = async (connection: string): Promise<Row | undefined> =>
    (await records.findBy('sn_sb_onboarding', { connection }, { limit: 1 }))[0];

  const connectionOf = async (sysId: string): Promise<Row> => {
    const [row] = await records.findBy('sn_sb_connection', { sys_id: sysId }, { limit: 1 });
    if (!row) throw noConnection();
    return row;
  };

  const note = async (onboarding: Row, values: Record<string, string | null>): Promise<void> => {
    await records.write((transaction) =>
      records.within(transaction).update(systemCaller, 'sn_sb_onboarding', onboarding.sys_id ?? '', values),
    );
  };

  const tell = makeAskProvider(parts);
  const { ownName, companyOf } = makeCompanyNames(parts);
  const loginOf = (registration: string): string => loginPassword(parts.loginKey, registration);

  const claim = async (onboarding: Row, connection: Row): Promise<void> => {
    const [client] = await records.findBy('oauth_entity', { sys_id: connection.inbound_client ?? '' }, { limit: 1 });
    const secret = parts.openSecret(client?.client_secret ?? '', 'oauth_entity.client_secret');
    const own = await handshake.own();
    const isOlder = connection.auth_method === 'password';
    const told = await tell(onboarding, connection, 'claim', {
      url: onboarding.own_url,
      company: await ownName(),
      client: { id: client?.client_id ?? '', secret },
      ...(isOlder
        ? {
            login: {
              user: integrationUserName(connection.connection_id ?? ''),
              password: loginOf(onboarding.registration ?? ''),
            },
          }
        : {}),
      peer: {
        ...own,
        instanceId: parts.self.instanceId,
        incarnation: parts.self.incarnation(),
        connection: connection.sys_id ?? '',
      },
    });
    const said = readClaim(told);
    if (isOlder !== (said.login !== undefined))
      throw new Fault('conflict', 'exchange.provider_refused', 'The provider takes another way to authenticate');
    await records.write(async (transaction) => {
      await storePeer({ records }, transaction, connection, {
        pair: said.client,
        login: said.login,
        peer: said.peer,
        own,
      });
      const within = records.within(transaction);
      await within.update(systemCaller, 'sn_sb_con_provider_connection', connection.sys_id ?? '', { state: 'validated' });
      await within.update(systemCaller, 'sn_sb_onboarding', onboarding.sys_id ?? '', stepValues('delivered'));
    });
  };

  const mint = makeMint({ ...parts, companyOf, loginOf });

  const stepValues = (step: string) => ({ step, step_at: wireMoment(clock.now()), step_error: '' });

  const prove = async (onboarding: Row, connection: Row): Promise<void> => {
    await handshake.ask(connection);
    await tell(onboarding, connection, 'prove', {});
    await records.write(async (transaction) => {
      await activateConnection({ records, clock }, transaction, connection);
      await records.within(transaction).update(systemCaller, 'sn_sb_onboarding', onboarding.sys_id ?? '', stepValues('active'));
    });
    parts.changed(connection.sys_id ?? '');
  };

  const remove = async (connection: Row): Promise<void> => {
    await records.write((transaction) => removeConnection({ records }, transaction, connection));
    parts.changed(connection.sys_id ?? '');
  };

  const takeSteps = async (sysId: string): Promise<void> => {
    for (;;) {
      const onboarding = await onboardingOf(sysId);
      if (!onboarding || onboarding.step === 'done') return;
      const connection = await connectionOf(sysId);
      try {
        if (onboarding.step === 'minted') await claim(onboarding, connection);
        else if (onboarding.step === 'delivered') await prove(onboarding, connection);
        else if (onboarding.step === 'active') {
          await tell(onboarding, connection, 'confirm', {});
          await note(onboarding, { ...stepValues('done'), code_secret: null });
        } else if (onboarding.step === 'aborting') {
          await tell(onboarding, connection, 'abort', {}).catch((error: unknown) => {
            if (!isFault(error) || !ended.has(error.code)) throw error;
          });
          await remove(connection);
        }
      } catch (error) {
        if (!isFault(error)) throw error;
        // The provider has ended it: nothing of our half is left behind.
        if (ended.has(error.code) && onboarding.step !== 'active') await remove(connection);
        else
          await note(onboarding, {
            step_error: `${error.code}: ${[error.message, error.explanation].filter(Boolean).join('. ')}`.slice(0, 1000),
          });
        throw error;
      }
    }
  };

  const advance = (sysId: string): Promise<void> => running.run(sysId, () => takeSteps(sysId));

  const look = async (): Promise<void> => {
    for (const step of ['minted', 'delivered', 'active', 'aborting']) {
      for (const onboarding of await records.findBy('sn_sb_onboarding', { step })) {
        await advance(onboarding.connection ?? '').catch((error: unknown) => {
          if (!isFault(error)) throw error;
        });
      }
    }
  };

  const complain = (error: unknown): void =>
    void log.write({ level: 'warning', text: `Exchange: an onboarding failed: ${(error as Error).message}` });

  const readForeign = (code: string): ReturnType<typeof readCode> => {
    const read = readCode(code);
    if (read.invitation.url === parts.ownUrl())
      throw new Fault('conflict', 'exchange.own_invitation', 'An instance cannot register with itself');
    return read;
  };

  return {
    advance,
    planAccept: async (request) => mint.plan(readForeign(request.code).invitation, request),
    async accept(_caller, request) {
      const { invitation, secret } = readForeign(request.code);
      const [same] = await records.findBy('sn_sb_onboarding', { registration: invitation.registration }, { limit: 1 });
      if (same) {
        await advance(same.connection ?? '');
        return same.connection ?? '';
      }
      const sysId = await mint.make(invitation, secret, request);
      await advance(sysId);
      return sysId;
    },

    async abort(sysId, { force }) {
      const connection = await connectionOf(sysId);
      const onboarding = await onboardingOf(sysId);
      if (!onboarding || onboarding.step === 'done' || onboarding.step === 'active') {
        throw new Fault('conflict', 'exchange.nothing_to_abort', 'This connection is not being registered', {
          explanation: 'One that works is ended by offboarding.',
        });
      }
      await running.underWay(sysId)?.catch(() => undefined);
      await note(onboarding, stepValues('aborting'));
      try {
        await advance(sysId);
      } catch (error) {
        if (!isFault(error) || !force) throw error;
        await remove(connection);
      }
    },

    start() {
      timer = every(clock, retryMs, look, complain);
    },
    async stop() {
      // No further look; what is under way is waited for below.
      void timer?.stop();
      await running.settled();
    },
  };
};
