// The registry as the checks need it: each OIDC entity with its provider configuration, claim validations and scopes, found by client id.
// Must not reach out: which issuer a configuration stands for is asked of its metadata elsewhere.
import type { Records, Row } from '../../records/records.ts';
import type { Topics } from '../parts.ts';
import { registrationsTopic } from '../topics.ts';
import type { ClaimValidation } from './claim_holds.ts';

export interface Registration {
  readonly entity: string;
  readonly entityName: string;
  readonly clientId: string;
  readonly skewSeconds: number;
  readonly scopes: ReadonlySet<string>;
  readonly configuration: string;
  readonly configurationName: string;
  /** Entity and configuration both. */
  readonly isActive: boolean;
  /** Tokens of users with guarded roles are refused. */
  readonly barsAdmins: boolean;
  readonly metadataUrl: string;
  readonly cacheLifeMs: number;
  readonly userClaim: string;
  readonly userField: string;
  /** Unknown users are made from their claims. */
  readonly provisions: boolean;
  /** Known users are brought up to date from theirs. */
  readonly updatesOnLogin: boolean;
  readonly usesJti: boolean;
  readonly jtiClaim: string;
  /** What the metadata said when the configuration was saved; '' when it could not be read. */
  readonly discoveredIssuer: string;
  readonly validations: readonly ClaimValidation[];
}

export interface RegistrationList {
  readonly version: number;
  readonly all: readonly Registration[];
  readonly byClientId: ReadonlyMap<string, readonly Registration[]>;
}

export interface Registrations {
  current(): Promise<RegistrationList>;
  /** Counter of what `current` was made from; a changed one says that everything derived is stale. */
  version(): number;
}

export const defaultSkewSeconds = 300;
const mostSkewSeconds = 3_600;
const defaultLifeMinutes = 120;
const mostLifeMinutes = 43_200;
const mostRows = 5_000;

const within = (text: string | undefined, fallback: number, least: number, most: number): number => {
  const number = text === undefined || text.trim() === '' ? fallback : Number(text);
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : fallback;
};

const groupBy = (rows: readonly Row[], field: string): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row[field] ?? '';
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
};

const makeRegistration = (
  entity: Row,
  configuration: Row | undefined,
  validations: readonly Row[],
  scopes: readonly Row[],
): Registration => ({
  entity: entity.sys_id ?? '',
  entityName: entity.name ?? '',
  clientId: entity.client_id ?? '',
  skewSeconds: within(entity.clock_skew, defaultSkewSeconds, 0, mostSkewSeconds),
  scopes: new Set(scopes.map((scope) => scope.oauth_entity_scope ?? '').filter(Boolean)),
  configuration: configuration?.sys_id ?? '',
  configurationName: configuration?.name ?? '',
  isActive: entity.active === 'true' && configuration !== undefined && configuration.active === 'true',
  barsAdmins: entity.bars_admins === 'true' || configuration?.bars_admins === 'true',
  metadataUrl: configuration?.oidc_url ?? '',
  cacheLifeMs: within(configuration?.oidc_config_cache_life_span, defaultLifeMinutes, 1, mostLifeMinutes) * 60_000,
  userClaim: configuration?.user_claim ?? '',
  userField: configuration?.user_field ?? '',
  provisions: configuration?.auto_provision === 'true',
  updatesOnLogin: configuration?.update_on_login === 'true',
  usesJti: configuration?.enable_jti_verification === 'true',
  jtiClaim: configuration?.jti_claim || 'jti',
  discoveredIssuer: configuration?.discovered_issuer ?? '',
  validations: validations.map((row) => ({
    claim: row.claim_name ?? '',
    type: row.value_type || 'string',
    value: row.claim_value ?? '',
  })),
});

export const makeRegistrations = (parts: { records: Pick<Records, 'findBy'>; topics: Topics }): Registrations => {
  const { records, topics } = parts;
  let loaded: { version: number; list: Promise<RegistrationList> } | undefined;

  const load = async (version: number): Promise<RegistrationList> => {
    const everything = (table: string) => records.findBy(table, {}, { limit: mostRows });
    const [entities, configurations, validations, scopes] = await Promise.all([
      everything('oauth_oidc_entity'),
      everything('oidc_provider_configuration'),
      everything('oidc_claim_validation'),
      everything('oauth_entity_scope'),
    ]);
    const configurationOf = new Map(configurations.map((row) => [row.sys_id ?? '', row]));
    const validationsOf = groupBy(
      validations.filter((row) => row.active !== 'false'),
      'oidc_provider_configuration',
    );
    const scopesOf = groupBy(scopes, 'oauth_entity');
    const all = entities.map((entity) => {
      const configuration = configurationOf.get(entity.oidc_provider_configuration ?? '');
      return makeRegistration(
        entity,
        configuration,
        validationsOf.get(configuration?.sys_id ?? '') ?? [],
        scopesOf.get(entity.sys_id ?? '') ?? [],
      );
    });
    const byClientId = new Map<string, Registration[]>();
    for (const registration of all) {
      if (registration.clientId)
        byClientId.set(registration.clientId, [...(byClientId.get(registration.clientId) ?? []), registration]);
    }
    return { version, all, byClientId };
  };

  return {
    version: () => topics.topic(registrationsTopic),
    current() {
      const version = topics.topic(registrationsTopic);
      if (loaded?.version === version) return loaded.list;
      const list = load(version);
      const mine = { version, list };
      loaded = mine;
      list.catch(() => {
        if (loaded === mine) loaded = undefined;
      });
      return list;
    },
  };
};
