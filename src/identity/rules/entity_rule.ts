// Saving an OIDC entity: a client id that is filled in, and no second active entity for the same issuer and client id: with two, the
// wrong one may be picked and a good token is refused for its signature (auth.md §12, pain 5).
import { Fault } from '../../kit/fault.ts';
import type { Records, Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { isPlaceholder } from './placeholders.ts';

type Lookup = Pick<Records, 'within'>;

const duplicate = (clientId: string): Fault =>
  new Fault('conflict', 'identity.entity_duplicate', 'Duplicate OIDC entity', {
    explanation: `Another active entity has the client id ${clientId} for the same issuer`,
  });

/** One issuer: said to be the same by the metadata, or read from the same place. */
const isSameIssuer = (one: Row | undefined, other: Row | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  (one.oidc_url === other.oidc_url || (Boolean(one.discovered_issuer) && one.discovered_issuer === other.discovered_issuer));

const refuseDuplicate = async (
  lookup: Lookup,
  transaction: Transaction,
  entity: Row,
  configuration: Row | undefined,
): Promise<void> => {
  const within = lookup.within(transaction);
  const clientId = entity.client_id ?? '';
  if (clientId === '' || configuration?.active !== 'true') return;
  for (const other of await within.findBy('oauth_oidc_entity', { client_id: clientId }, { limit: 1_000 })) {
    if (other.sys_id === entity.sys_id || other.active !== 'true' || other.client_id !== clientId) continue;
    const [others] = await within.findBy(
      'oidc_provider_configuration',
      { sys_id: other.oidc_provider_configuration ?? '' },
      { limit: 1 },
    );
    if (others?.active === 'true' && isSameIssuer(configuration, others.sys_id === configuration.sys_id ? configuration : others))
      throw duplicate(clientId);
  }
};

export const makeEntityRules = (lookup: Lookup): readonly Rule[] => [
  {
    name: 'identity: OIDC entity',
    tables: ['oauth_oidc_entity'],
    async check(transaction, { operation, before, values }) {
      const next: Row = { ...before, ...values };
      if (operation === 'delete' || next.active !== 'true') return;
      const clientId = next.client_id ?? '';
      if (clientId === '' || isPlaceholder(clientId)) {
        throw new Fault('bad_request', 'identity.entity_invalid', 'Invalid OIDC entity', {
          explanation: `An active entity needs the client id that the provider gave the application${
            clientId === '' ? '' : `; ${clientId.slice(0, 100).toWellFormed()} reads like a placeholder`
          }`,
        });
      }
      const [configuration] = await lookup
        .within(transaction)
        .findBy('oidc_provider_configuration', { sys_id: next.oidc_provider_configuration || 'none' }, { limit: 1 });
      await refuseDuplicate(lookup, transaction, next, configuration);
    },
  },
  {
    name: 'identity: entities of a configuration',
    tables: ['oidc_provider_configuration'],
    async check(transaction, { operation, before, values }) {
      const next: Row = { ...before, ...values };
      if (operation !== 'update' || next.active !== 'true') return;
      const within = lookup.within(transaction);
      for (const entity of await within.findBy(
        'oauth_oidc_entity',
        { oidc_provider_configuration: next.sys_id ?? '' },
        { limit: 1_000 },
      )) {
        if (entity.active === 'true') await refuseDuplicate(lookup, transaction, entity, next);
      }
    },
  },
];
