// What a scripted REST API may be called, and what follows from its name: its base path and the paths of its operations.
import type { Row, Rule } from '../../../records/records.ts';
import type { Transaction } from '../../../store/store.ts';
import { baseUri, isNamespace, isServiceId, operationUri } from '../addresses.ts';
import { type RuleParts, refused, requireMediaTypes, setColumn } from './saved.ts';

const companyProperty = 'glide.appcreator.company.code';

const most = 20_000;

export const definitionRule = ({ records, reserved }: RuleParts): Rule => {
  const namespaceFor = async (transaction: Transaction, values: Row): Promise<string> => {
    if (values.namespace) return values.namespace;
    if (values.sys_scope && values.sys_scope !== 'global') return values.sys_scope;
    const [company] = await records().within(transaction).findBy('sys_properties', { name: companyProperty });
    return company?.value ?? '';
  };

  const writeUris = async (transaction: Transaction, definition: Row): Promise<void> => {
    const within = records().within(transaction);
    const { sys_id: sysId = '', namespace = '', service_id: serviceId = '' } = definition;
    const versions = new Map(
      (await within.findBy('sys_ws_version', { web_service_definition: sysId }, { limit: most })).map((row) => [
        row.sys_id ?? '',
        row.version_id ?? '',
      ]),
    );
    for (const operation of await within.findBy('sys_ws_operation', { web_service_definition: sysId }, { limit: most })) {
      const version = versions.get(operation.web_service_version ?? '') ?? '';
      await setColumn(transaction, {
        table: 'sys_ws_operation',
        sysId: operation.sys_id ?? '',
        column: 'operation_uri',
        value: operationUri({ namespace, serviceId, version }, operation.relative_path ?? ''),
      });
    }
  };

  return {
    name: 'what a scripted REST API may be',
    tables: ['sys_ws_definition'],
    async check(transaction, { operation, values }) {
      if (operation === 'delete') return;
      const namespace = await namespaceFor(transaction, values);
      if (!isNamespace(namespace)) throw refused('API namespace', 'Lower-case letters, digits and single underscores');
      if (reserved.includes(namespace)) throw refused('API namespace', `${namespace} is the namespace of built-in APIs`);
      const serviceId = values.service_id ?? '';
      if (!isServiceId(serviceId))
        throw refused('API ID', 'Letters, digits, underscores, dots and hyphens, and nothing that looks like a version');
      values.namespace = namespace;
      values.base_uri = baseUri(namespace, serviceId);
      requireMediaTypes('Supported request formats', values.consumes);
      requireMediaTypes('Supported response formats', values.produces);
    },
    async applied(transaction, { operation, after, changed }) {
      if (operation === 'update' && changed.includes('base_uri')) await writeUris(transaction, after);
    },
  };
};
