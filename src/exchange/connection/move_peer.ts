// The peer lives at another address from now on: the connection and what asks for tokens there change together. Said by an administrator alone:
// what somebody with the peer's credential claims must not lead messages elsewhere.
import { Fault, isFault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import { tokenPath } from './connection_records.ts';
import { readPeerUrl } from './names.ts';
import { noConnection } from './no_connection.ts';

export interface MovePlan {
  readonly connection_id: string;
  readonly from: string;
  readonly to: string;
  readonly applied: boolean;
}

/** Throws `exchange.bad_address`, `exchange.own_invitation`, `exchange.already_connected`, `exchange.no_connection`. */
export const movePeer = async (
  records: Records,
  connection: Row,
  given: { peer: string; ownUrl: string; dryRun: boolean },
): Promise<MovePlan> => {
  const to = readPeerUrl(given.peer);
  if (to === undefined)
    throw new Fault('bad_request', 'exchange.bad_address', 'This is no address of an instance', {
      explanation: 'peer must be an address such as https://consumer.example.com.',
    });
  if (to === given.ownUrl) throw new Fault('conflict', 'exchange.own_invitation', 'An instance cannot be connected with itself');
  const { sys_id: sysId = '', channel = '', peer_url: from = '', connection_id = '' } = connection;
  const [taken] = await records.findBy('sn_sb_connection', { peer_url: to, channel }, { limit: 1 });
  if (taken && taken.sys_id !== sysId) throw alreadyThere(taken.connection_id ?? '');
  const plan = { connection_id, from, to };
  if (given.dryRun || from === to) return { ...plan, applied: false };
  await records
    .write(async (transaction) => {
      const within = records.within(transaction);
      const [now] = await within.findBy('sn_sb_connection', { sys_id: sysId }, { forUpdate: true });
      if (!now) throw noConnection();
      await within.update(systemCaller, 'sn_sb_connection', sysId, { peer_url: to });
      // While credentials are being changed there are two pairs, and both ask the same peer.
      const changes = await within.findBy('causeway_auth_change', { open_for: sysId });
      const ids = [now.outbound_credential, ...changes.flatMap((change) => [change.new_credential, change.old_credential])];
      for (const id of new Set(ids)) {
        const [entity] = id ? await within.findBy('oauth_entity', { sys_id: id }) : [];
        if (entity) await within.update(systemCaller, 'oauth_entity', id ?? '', { token_url: `${to}${tokenPath}` });
      }
    })
    .catch((error: unknown) => {
      throw isFault(error, 'store.duplicate') ? alreadyThere('') : error;
    });
  return { ...plan, applied: true };
};

const alreadyThere = (number: string): Fault =>
  new Fault('conflict', 'exchange.already_connected', 'There is a connection to this instance already', {
    explanation: number === '' ? null : `It is ${number}.`,
  });
