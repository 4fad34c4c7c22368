// The two pairs of a change, as registry records: the new one is made beside the old, takes its place, and gives it back when it must.
// Only the pair in use carries the number of the connection, so that whoever searches by it finds two records at any time.
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { type ClientPair, clientValues, credentialValues } from '../connection/connection_records.ts';
import { inboundClientName, outboundCredentialName } from '../connection/names.ts';

const laterName = (kind: 'Client' | 'Provider', operation: string, age: 'new' | 'old'): string =>
  `Service Bridge ${kind}, ${age} of change ${operation}`;

const noteOf = (operation: string) => `Change ${operation}.`;

/** For the peer to call us with. Answers its sys_id. */
export const mintClient = async (
  records: Records,
  transaction: Transaction,
  { connection, operation, pair }: { connection: Row; operation: string; pair: ClientPair },
): Promise<string> => {
  const values = clientValues(connection.connection_id ?? '', connection.integration_user ?? '', pair, 'client_credentials');
  const name = laterName('Client', operation, 'new');
  const made = await records
    .within(transaction)
    .insert(systemCaller, 'oauth_entity', { ...values, name, comments: `${values.comments} ${noteOf(operation)}` });
  return made.sys_id ?? '';
};

/** What the peer minted for us. Answers its sys_id. */
export const storeCredential = async (
  records: Records,
  transaction: Transaction,
  { connection, operation, pair }: { connection: Row; operation: string; pair: ClientPair },
): Promise<string> => {
  const values = credentialValues(connection.connection_id ?? '', connection.peer_url ?? '', pair, 'client_credentials');
  const name = laterName('Provider', operation, 'new');
  const made = await records
    .within(transaction)
    .insert(systemCaller, 'oauth_entity', { ...values, name, comments: `${values.comments} ${noteOf(operation)}` });
  return made.sys_id ?? '';
};

const usePair = async (
  records: Records,
  transaction: Transaction,
  given: { change: Row; connection: Row; used: 'new' | 'old'; method: string },
): Promise<void> => {
  const within = records.within(transaction);
  const { change, connection, used } = given;
  const left = used === 'new' ? 'old' : 'new';
  const number = connection.connection_id ?? '';
  const operation = change.operation ?? '';
  const rename = async (sysId: string | undefined, name: string): Promise<void> => {
    const [row] = sysId ? await within.findBy('oauth_entity', { sys_id: sysId }) : [];
    if (row && row.name !== name) await within.update(systemCaller, 'oauth_entity', row.sys_id ?? '', { name });
  };
  await rename(change[`${left}_client`], laterName('Client', operation, left));
  await rename(change[`${left}_credential`], laterName('Provider', operation, left));
  await rename(change[`${used}_client`], inboundClientName(number));
  await rename(change[`${used}_credential`], outboundCredentialName(number));
  await within.update(systemCaller, 'sn_sb_connection', connection.sys_id ?? '', {
    inbound_client: change[`${used}_client`] ?? '',
    outbound_credential: change[`${used}_credential`] ?? '',
    auth_method: given.method,
    peer_auth_method: given.method,
  });
};

/** Safe to repeat. */
export const useNewPair = (records: Records, transaction: Transaction, change: Row, connection: Row): Promise<void> =>
  usePair(records, transaction, { change, connection, used: 'new', method: 'client_credentials' });

/** Safe to repeat; nothing to do where the new pair was never in use: as the connection is now, whatever the caller knew of it. */
export const useOldPair = async (records: Records, transaction: Transaction, change: Row, { sys_id }: Row): Promise<void> => {
  const [connection] = await records
    .within(transaction)
    .findBy('sn_sb_connection', { sys_id: sys_id ?? '' }, { forUpdate: true });
  if (!connection || !change.new_client) return;
  const isNew = connection.outbound_credential === change.new_credential || connection.inbound_client === change.new_client;
  if (!isNew) return;
  await usePair(records, transaction, { change, connection, used: 'old', method: change.old_method ?? '' });
};

/** Removes a pair for good, tokens first. Safe to repeat. */
export const removePair = async (
  { records, revokeTokens }: { records: Records; revokeTokens: (match: { client: string }) => Promise<unknown> },
  change: Row,
  which: 'new' | 'old',
): Promise<void> => {
  const [client, credential] = [change[`${which}_client`] ?? '', change[`${which}_credential`] ?? ''];
  if (client !== '') await revokeTokens({ client });
  await records.write(async (transaction) => {
    const within = records.within(transaction);
    for (const sysId of [client, credential].filter((each) => each !== '')) {
      const [row] = await within.findBy('oauth_entity', { sys_id: sysId });
      if (row) await within.remove(systemCaller, 'oauth_entity', sysId);
    }
  });
};

/** After an upgrade nobody signs in as the integration user any more: what was needed for it goes too. Safe to repeat. */
export const removeLogin = async (records: Records, connection: Row): Promise<void> => {
  await records.write(async (transaction) => {
    const within = records.within(transaction);
    for (const row of await within.findBy('causeway_legacy_credential', { connection: connection.sys_id ?? '' }))
      await within.remove(systemCaller, 'causeway_legacy_credential', row.sys_id ?? '');
    const [user] = await within.findBy('sys_user', { sys_id: connection.integration_user ?? '' });
    if (user)
      await within.update(systemCaller, 'sys_user', user.sys_id ?? '', { user_password: null, web_service_access_only: 'true' });
  });
};
