// The side that is asked to change its credentials: it answers the steps of the other, each of which may come twice. It decides nothing, and
// until it is told to flip, nothing of what it made is in use.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Records, Row } from '../../records/records.ts';
import type { AskPeer, Step } from './ask_peer.ts';
import type { Changes } from './changes.ts';
import { mintClient, removePair, storeCredential, useNewPair, useOldPair } from './pairs.ts';
import { type makePreflight, readKind } from './preflight.ts';

export interface FollowParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  changes: Changes;
  peer: AskPeer;
  preflight: ReturnType<typeof makePreflight>;
  openSecret: (sealed: string, context: string) => string;
  revokeTokens: (match: { client: string }) => Promise<unknown>;
  changed: (connection: string) => void;
}

const bad = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.bad_auth_change', 'The body is not a step of a change of credentials', { explanation });

export const readStep = (body: unknown): Step => {
  const said = (body !== null && typeof body === 'object' ? body : {}) as Record<string, unknown>;
  const { step, operation, payload } = said;
  if (typeof step !== 'string' || typeof operation !== 'string' || !/^[0-9a-f]{32}$/.test(operation))
    throw bad('It needs a step and an operation.');
  return { step, operation, payload: isObject(payload) ? payload : {} };
};

const readPair = (value: unknown): { id: string; secret: string } => {
  const { id, secret } = (value !== null && typeof value === 'object' ? value : {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof secret !== 'string' || !/^[\w-]{8,200}$/.test(id) || !/^[\w-]{8,500}$/.test(secret))
    throw bad('client must have an id and a secret.');
  return { id, secret };
};

/** A grace is the other side's to say, within reason. */
const readGraceMs = (value: unknown): number => Math.min(86_400, Math.max(0, Number(value) || 0)) * 1000;

export const makeFollow = (parts: FollowParts) => {
  const { records, clock, ids, changes, peer } = parts;

  const changeOf = async (connection: Row, operation: string): Promise<Row | undefined> => {
    const change = await changes.ofOperation(operation);
    return change?.connection === connection.sys_id ? change : undefined;
  };
  const unknown = (): Fault =>
    new Fault('conflict', 'exchange.auth_change_unknown', 'There is no such change of credentials here');

  const drop = async (change: Row, connection: Row): Promise<void> => {
    await changes.move(change, ['minted', 'proven', 'flipped', 'grace', 'aborting'], 'aborting', async (transaction) => {
      await useOldPair(records, transaction, change, connection);
      return {};
    });
    parts.changed(connection.sys_id ?? '');
    await removePair(parts, change, 'new');
    await changes.move(change, ['aborting'], 'rolled_back');
  };

  const mint = async (connection: Row, { operation, payload }: Step): Promise<unknown> => {
    const kind = readKind(payload.kind);
    if (!kind) throw bad('kind must be upgrade or rotate.');
    const pair = readPair(payload.client);
    let change = await changeOf(connection, operation);
    if (!change) {
      const failed = (await parts.preflight(connection, kind)).filter(({ ok }) => !ok);
      if (failed.length > 0) {
        throw new Fault('conflict', 'exchange.auth_change_preflight', 'This side is not ready', {
          explanation: failed.map(({ detail }) => detail).join('. '),
        });
      }
      // What another attempt began and never brought to use makes way.
      const stale = await changes.openOf(connection.sys_id ?? '');
      if (stale?.side === 'follows' && ['minted', 'proven', 'aborting'].includes(stale.step ?? '')) await drop(stale, connection);
      const own = { id: ids.randomHex(32), secret: ids.randomToken(32) };
      await records.write(async (transaction) => {
        const client = await mintClient(records, transaction, { connection, operation, pair: own });
        const credential = await storeCredential(records, transaction, { connection, operation, pair });
        const made = { new_client: client, new_credential: credential };
        await changes.begin(transaction, connection, { operation, kind, side: 'follows', step: 'minted', ...made });
      });
      change = await changeOf(connection, operation);
    }
    const [client] = await records.findBy('oauth_entity', { sys_id: change?.new_client ?? '' }, { limit: 1 });
    if (!client) throw unknown();
    const secret = parts.openSecret(client.client_secret ?? '', 'oauth_entity.client_secret');
    return { client: { id: client.client_id ?? '', secret } };
  };

  const flip = async (connection: Row, change: Row): Promise<void> => {
    if (['flipped', 'grace', 'retiring', 'done'].includes(change.step ?? '')) return;
    await changes.move(change, ['proven'], 'flipped', async (transaction) => {
      await useNewPair(records, transaction, change, connection);
      return {};
    });
    parts.changed(connection.sys_id ?? '');
  };

  const abort = async (connection: Row, change: Row | undefined): Promise<void> => {
    if (!change || change.step === 'rolled_back') return;
    if (change.step === 'retiring' || change.step === 'done')
      throw new Fault('conflict', 'exchange.auth_change_settled', 'The change is complete, and the old credential is gone');
    await drop(change, connection);
  };

  /** Answers what goes back to the other side. Throws Fault. */
  return async (connection: Row, body: unknown): Promise<unknown> => {
    const asked = readStep(body);
    const change = await changeOf(connection, asked.operation);
    switch (asked.step) {
      case 'preflight': {
        const kind = readKind(asked.payload.kind);
        if (!kind) throw bad('kind must be upgrade or rotate.');
        return { checks: await parts.preflight(connection, kind) };
      }
      case 'mint':
        return mint(connection, asked);
      case 'probe': {
        if (change?.side !== 'follows') throw unknown();
        const answer = await peer.answerProof(change, asked);
        // The other way round, before we say that it works.
        await peer.prove(connection, change, 'echo');
        if (change.step === 'minted') await changes.move(change, ['minted', 'proven'], 'proven');
        return answer;
      }
      case 'echo': {
        if (change?.side !== 'leads') throw unknown();
        return peer.answerProof(change, asked);
      }
      case 'flip':
        if (change?.side !== 'follows') throw unknown();
        await flip(connection, change);
        return {};
      case 'settle': {
        if (change?.side !== 'follows') throw unknown();
        const until = wireMoment(clock.now() + readGraceMs(asked.payload.grace_seconds));
        if (change.step === 'flipped') await changes.move(change, ['flipped'], 'grace', async () => ({ grace_until: until }));
        return {};
      }
      case 'abort':
        await abort(connection, change?.side === 'follows' ? change : undefined);
        return {};
      default:
        throw bad('There is no such step.');
    }
  };
};
