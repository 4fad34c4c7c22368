// Makes the demo's provider and the instance known to each other: the five steps of README.md, through the Table API.
// It must stay what a person with the README would type.
import type { TableClient } from './table_client.ts';

export interface Registered {
  entity: string;
  configuration: string;
}

const name = 'Demo provider';

/** Safe to repeat: a registration left by an earlier run is brought up to date. */
export const registerProvider = async (parts: {
  table: TableClient;
  metadataUrl: string;
  clientId: string;
  clientSecret: string;
}): Promise<Registered> => {
  const { table } = parts;
  const configuration = await table.put('oidc_provider_configuration', `name=${name}`, {
    name,
    oidc_url: parts.metadataUrl,
    user_claim: 'preferred_username',
    user_field: 'user_name',
    enable_jti_verification: 'true',
    jti_claim: 'jti',
    active: 'true',
  });
  const entity = await table.put('oauth_oidc_entity', `name=${name}`, {
    name,
    client_id: parts.clientId,
    client_secret: parts.clientSecret,
    oidc_provider_configuration: configuration.sys_id ?? '',
    active: 'true',
  });
  return { entity: entity.sys_id ?? '', configuration: configuration.sys_id ?? '' };
};
