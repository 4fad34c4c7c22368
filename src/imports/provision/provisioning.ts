// How a provider configuration wants users made: read from its row, its data source and that source's maps. Reads only.
import { Fault } from '../../kit/fault.ts';
import type { Records, Row } from '../../records/records.ts';
import type { TransformMap, TransformMaps } from '../transform/transform_map.ts';

export interface Provisioning {
  readonly configuration: Row;
  readonly source: Row;
  readonly table: string;
  readonly userField: string;
  readonly userClaim: string;
  readonly updatesOnLogin: boolean;
  /** sys_ids of sys_user_role. */
  readonly roles: readonly string[];
}

export const cannotProvision = (detail: string, cause?: unknown): Fault =>
  new Fault('unauthenticated', 'imports.provision_failed', 'The user could not be provisioned', { detail, cause });

/** undefined when users are not made for this configuration. Throws `imports.provision_failed` when it is set up wrongly. */
export const readProvisioning = async (
  records: Pick<Records, 'findBy'>,
  configuration: string,
): Promise<Provisioning | undefined> => {
  const [row] = await records.findBy('oidc_provider_configuration', { sys_id: configuration }, { limit: 1 });
  if (!row || (row.auto_provision !== 'true' && row.update_on_login !== 'true')) return undefined;
  const [source] = row.provision_data_source
    ? await records.findBy('sys_data_source', { sys_id: row.provision_data_source }, { limit: 1 })
    : [];
  if (!source) throw cannotProvision(`configuration ${row.name} names no data source to provision from`);
  if (source.type !== 'OIDC' || source.active !== 'true')
    throw cannotProvision(`data source ${source.name} is not an active one of type OIDC`);
  return {
    configuration: row,
    source,
    table: source.import_set_table_name ?? '',
    userField: row.user_field ?? '',
    userClaim: row.user_claim ?? '',
    updatesOnLogin: row.update_on_login === 'true',
    roles: (row.provision_roles ?? '')
      .split(',')
      .map((role) => role.trim())
      .filter((role) => role !== ''),
  };
};

/** The one active map from the staging table to sys_user. Throws `imports.provision_failed`. */
export const userMap = async (maps: TransformMaps, table: string): Promise<TransformMap> => {
  const found = (await maps.of(table)).filter((map) => map.targetTable === 'sys_user');
  const [map] = found;
  if (map && found.length === 1) return map;
  throw cannotProvision(`${found.length} active transform maps lead from ${table} to sys_user; one is needed`);
};
