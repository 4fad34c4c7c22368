// Finds clients by their client id and checks their secrets. A secret is opened only to be compared and never leaves this file.
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import { equalSecrets } from '../kit/fingerprint.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';
import { type Client, clientOf } from './client.ts';

export interface Clients {
  /** Exact match, active or not; undefined when no OAuth Client has this id. */
  find(clientId: string): Promise<Client | undefined>;
  bySysId(sysId: string): Promise<Client | undefined>;
  /**
   * True for the secret of the registry row, and until its overlap ends for the one before. Constant time. The row says from then on
   * whether the one before is still in use, so that an administrator need not wait for the end of the overlap to hear of it.
   */
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
  const noteUse = (client: Client, isFormer: boolean): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const [row] = await within.findBy('oauth_entity', { sys_id: client.sysId }, { limit: 1, forUpdate: true });
      if (row === undefined) return;
      const used = isFormer ? wireMoment(clock.now()) : '';
      await within.update(systemCaller, 'oauth_entity', client.sysId, { former_secret_used: used });
    });
  return {
    find,
    bySysId: async (sysId) => withScopes((await records.findBy('oauth_entity', { sys_id: sysId }))[0]),
    async secretFits(client, secret) {
      const retired = await records.findBy('oauth_retired_secret', { oauth_entity: client.sysId });
      const fits = (sealed: string): boolean => sealed !== '' && equalSecrets(openSecret(sealed), secret);
      // One that was sealed under an instance key that is lost must not stand in the way of the one that was entered since.
      const formerFits = (sealed: string): boolean => {
        try {
          return fits(sealed);
        } catch (error) {
          if (isFault(error, 'kit.seal_foreign') || isFault(error, 'kit.seal_broken')) return false;
          throw error;
        }
      };
      const isCurrent = fits(client.sealedSecret);
      // Every stored secret is compared, so that time does not tell which one fitted.
      const former = retired
        .filter((row) => readWireMoment(row.expires ?? '') > clock.now())
        .map((row) => formerFits(row.client_secret ?? ''));
      const isFormer = !isCurrent && former.includes(true);
      if ((isCurrent && client.isLate) || (isFormer && !client.isLate)) await noteUse(client, isFormer);
      return isCurrent || isFormer;
    },
  };
};
