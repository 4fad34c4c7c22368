// The side that changes the credentials of both: mints beside the old, has the peer store, proves both ways, and only then flips. Whatever
// fails before takes everything back; the old pair is untouched until the new one has worked for a while. Every step is a row first.
import { type Clock, readWireMoment, sleep, wireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { noConnection } from '../connection/no_connection.ts';
import type { Handshake } from '../handshake/handshake.ts';
import type { AskPeer } from './ask_peer.ts';
import type { Changes } from './changes.ts';
import { mintClient, removeLogin, removePair, storeCredential, useNewPair, useOldPair } from './pairs.ts';
import type { ChangeKind } from './preflight.ts';

export interface LeadParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  properties: Properties;
  handshake: Pick<Handshake, 'ask'>;
  changes: Changes;
  peer: AskPeer;
  openSecret: (sealed: string, context: string) => string;
  revokeTokens: (match: { client: string }) => Promise<unknown>;
  changed: (connection: string) => void;
}

export interface Lead {
  /** Answers the operation. Throws `exchange.auth_change_rolled_back` with what stopped it. */
  run(connection: Row, kind: ChangeKind, askedBy: string): Promise<string>;
  /** Goes on from where it stands. Throws what stopped it. */
  advance(operation: string): Promise<void>;
  /** Takes it back. Throws `exchange.auth_change_settled`. */
  abort(operation: string): Promise<void>;
  isRunning(operation: string): boolean;
  /** Every change that this process works at. */
  settled(): Promise<unknown>;
}

const beforeGrace = ['minted', 'stored', 'proven', 'flipped', 'aborting'];
const flipTries = 3;
const pauseMs = 500;

const wordsOf = (error: unknown): string =>
  isFault(error) ? [error.message, error.explanation].filter(Boolean).join(': ') : (error as Error).message;

export const makeLead = (parts: LeadParts): Lead => {
  const { records, clock, ids, changes, peer } = parts;
  const running = makeSingleFlight<void>();

  const connectionOf = async (change: Row): Promise<Row> => {
    const [row] = await records.findBy('sn_sb_connection', { sys_id: change.connection ?? '' }, { limit: 1 });
    if (!row) throw noConnection();
    return row;
  };

  const say = (connection: Row, change: Row, step: string, payload: Readonly<Record<string, unknown>> = {}) =>
    peer.ask(connection, { step, operation: change.operation ?? '', payload });

  const deliver = async (change: Row, connection: Row): Promise<void> => {
    const said = await say(connection, change, 'mint', { kind: change.kind, client: await mintedPair(change) });
    const { id, secret } = (said.client ?? {}) as { id?: unknown; secret?: unknown };
    if (typeof id !== 'string' || typeof secret !== 'string' || id === '' || secret === '')
      throw new Fault('conflict', 'exchange.auth_change_refused', 'The peer gave no credential');
    const operation = change.operation ?? '';
    await changes.move(change, ['minted'], 'stored', async (transaction) => ({
      new_credential: await storeCredential(records, transaction, { connection, operation, pair: { id, secret } }),
    }));
  };

  const mintedPair = async (change: Row): Promise<{ id: string; secret: string }> => {
    const [client] = await records.findBy('oauth_entity', { sys_id: change.new_client ?? '' }, { limit: 1 });
    const secret = parts.openSecret(client?.client_secret ?? '', 'oauth_entity.client_secret');
    return { id: client?.client_id ?? '', secret };
  };

  const flip = async (change: Row, connection: Row): Promise<void> => {
    for (let left = flipTries; ; left -= 1) {
      try {
        await say(connection, change, 'flip');
        break;
      } catch (error) {
        // Not known whether it flipped: asking again does no harm, and both pairs work meanwhile.
        if (!isFault(error) || error.kind !== 'unavailable' || left <= 1) throw error;
        await sleep(clock, pauseMs);
      }
    }
    await changes.move(change, ['proven'], 'flipped', async (transaction) => {
      await useNewPair(records, transaction, change, connection);
      return {};
    });
    parts.changed(connection.sys_id ?? '');
  };

  const settle = async (change: Row, connection: Row): Promise<void> => {
    await parts.handshake.ask(connection);
    const seconds = Math.min(86_400, Math.max(0, await parts.properties.number('sn_sb.auth_grace_seconds', 3600)));
    await say(connection, change, 'settle', { grace_seconds: seconds });
    const until = wireMoment(clock.now() + seconds * 1000);
    await changes.move(change, ['flipped'], 'grace', async () => ({ grace_until: until }));
  };

  const back = async (change: Row, why: string): Promise<void> => {
    const connection = await connectionOf(change);
    await changes.move(change, beforeGrace, 'aborting', async (transaction) => {
      await useOldPair(records, transaction, change, connection);
      return { step_error: why.slice(0, 1000) };
    });
    parts.changed(connection.sys_id ?? '');
  };

  const takeBack = async (change: Row, connection: Row): Promise<void> => {
    try {
      await say(connection, change, 'abort');
    } catch (error) {
      if (!isFault(error, 'exchange.auth_change_settled')) throw error;
      // The peer has let go of the old pair: there is no way back, and the new one was proven.
      await changes.move(change, ['aborting'], 'flipped', async (transaction) => {
        await useNewPair(records, transaction, change, connection);
        return {};
      });
      parts.changed(connection.sys_id ?? '');
      return;
    }
    await removePair(parts, change, 'new');
    await changes.move(change, ['aborting'], 'rolled_back', async () => ({ step_error: change.step_error ?? '' }));
  };

  const takeSteps = async (operation: string): Promise<void> => {
    for (;;) {
      const change = await changes.ofOperation(operation);
      if (!change) return;
      const connection = await connectionOf(change);
      try {
        if (change.step === 'minted') await deliver(change, connection);
        else if (change.step === 'stored') {
          await peer.prove(connection, change, 'probe');
          await changes.move(change, ['stored'], 'proven');
        } else if (change.step === 'proven') await flip(change, connection);
        else if (change.step === 'flipped') await settle(change, connection);
        else if (change.step === 'aborting') await takeBack(change, connection);
        else return;
      } catch (error) {
        if (!isFault(error)) throw error;
        const isFlipped = change.step === 'flipped' && error.code !== 'exchange.auth_refused';
        if (change.step === 'aborting' || isFlipped) {
          await changes.note(change, wordsOf(error));
          throw error;
        }
        await back(change, wordsOf(error));
      }
    }
  };

  const advance = (operation: string): Promise<void> => running.run(operation, () => takeSteps(operation));

  const mint = async (connection: Row, operation: string, kind: ChangeKind, askedBy: string): Promise<void> => {
    const pair = { id: ids.randomHex(32), secret: ids.randomToken(32) };
    await records.write(async (transaction) => {
      const client = await mintClient(records, transaction, { connection, operation, pair });
      const values = { operation, kind, side: 'leads', step: 'minted', new_client: client, asked_by: askedBy };
      await changes.begin(transaction, connection, values);
    });
    await takeSteps(operation);
  };

  return {
    advance,
    async run(connection, kind, askedBy) {
      const operation = ids.randomHex(32);
      const failure = await running
        .run(operation, () => mint(connection, operation, kind, askedBy))
        .then(
          () => undefined,
          (error: unknown) => {
            if (isFault(error)) return error;
            throw error;
          },
        );
      const change = await changes.ofOperation(operation);
      if (!change) throw failure ?? new Fault('conflict', 'exchange.auth_change_unknown', 'The change was ended meanwhile');
      // Flipped on both sides: what is left goes on by itself.
      if (change.step === 'flipped' || change.step === 'grace') return operation;
      throw new Fault(
        'conflict',
        'exchange.auth_change_rolled_back',
        'The credentials were not changed; the old ones are in use',
        {
          explanation: change.step_error || (failure ? wordsOf(failure) : ''),
        },
      );
    },
    async abort(operation) {
      await running.underWay(operation)?.catch(() => undefined);
      const change = await changes.ofOperation(operation);
      if (!change || change.step === 'rolled_back') return;
      if (!beforeGrace.includes(change.step ?? '')) {
        throw new Fault('conflict', 'exchange.auth_change_settled', 'The change is complete', {
          explanation: 'Both sides use the new credentials.',
        });
      }
      if (change.step !== 'aborting') await back(change, 'Taken back by an administrator');
      await advance(operation);
    },
    isRunning: (operation) => running.underWay(operation) !== undefined,
    settled: running.settled,
  };
};

/** When the old pair has been kept long enough it goes, on whichever side; safe to repeat. */
export const retire = async (
  parts: Pick<LeadParts, 'records' | 'clock' | 'changes' | 'revokeTokens'>,
  change: Row,
): Promise<void> => {
  const { records, clock, changes } = parts;
  if (change.step === 'grace') {
    const until = readWireMoment(change.grace_until ?? '');
    if (clock.now() < until) return;
    await changes.move(change, ['grace'], 'retiring');
  }
  const [connection] = await records.findBy('sn_sb_connection', { sys_id: change.connection ?? '' }, { limit: 1 });
  await removePair(parts, change, 'old');
  if (connection && change.kind === 'upgrade') await removeLogin(records, connection);
  await changes.move(change, ['retiring'], 'done');
};
