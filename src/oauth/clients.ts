// Finds clients by their client id and checks their secrets. A secret is opened only to be compared and never leaves this file.
import { type Clock, readWireMoment } from '../kit/clock.ts';
import { equalSecrets } from '../kit/fingerprint.ts';
import type { Records } from '../records/records.ts';
import { type Client, clientOf } from './client.ts';

export interface Clients {
  /** Exact match, active or not; undefined when no OAuth Client has this id. */
  find(clientId: string): Promise<Client | undefined>;
  bySysId(sysId: string): Promise<Client | undefined>;
  /** True for the secret of the registry row, and until its overlap ends for the one before. Constant time. */
  secretFits(client: Client, secret: string): Promise<boolean>;
}

export const makeClients = ({
  records,
  clock,
  openSecret,
}: {
  records: Records;
  clock: Clock;
  /** Opens a stored `oauth_entity.client_secret`. */
  openSecret: (sealed: string) => string;
}): Clients => {
  const withScopes = async (row: Readonly<Record<string, string>> | undefined): Promise<Client | undefined> => {
    if (row === undefined || clientOf(row, []) === undefined) return undefined;
    const scopes = await records.findBy('oauth_entity_scope', { oauth_entity: row.sys_id ?? '' });
    return clientOf(
      row,
      scopes
        .map((scope) => scope.oauth_entity_scope ?? '')
        .filter((scope) => scope !== '')
        .sort(),
    );
  };
  const find = async (clientId: string): Promise<Client | undefined> => {
    // A registration at somebody else's server may carry the same id; text columns may compare without case, ids never do.
    const rows = await records.findBy('oauth_entity', { client_id: clientId });
    const fitting = rows.filter((row) => row.client_id === clientId && clientOf(row, []) !== undefined);
    // Of two clients with one id neither is certain; the rules of the registry do not let it come to that.
    return fitting.length === 1 ? withScopes(fitting[0]) : undefined;
  };
  return {
    find,
    bySysId: async (sysId) => withScopes((await records.findBy('oauth_entity', { sys_id: sysId }))[0]),
    async secretFits(client, secret) {
      const retired = await records.findBy('oauth_retired_secret', { oauth_entity: client.sysId });
      const sealed = [
        client.sealedSecret,
        ...retired.filter((row) => readWireMoment(row.expires ?? '') > clock.now()).map((row) => row.client_secret ?? ''),
      ].filter((text) => text !== '');
      // Every stored secret is compared, so that time does not tell which one fitted.
      let fits = false;
      for (const text of sealed) fits = equalSecrets(openSecret(text), secret) || fits;
      return fits;
    },
  };
};
