// What an operation of a scripted REST API may be: a path that can be matched, and an address that no other operation answers.
import type { Row, Rule } from '../../../records/records.ts';
import { operationUri } from '../addresses.ts';
import { doOverlap, readPath, tidyPath } from '../path.ts';
import { lockDefinition, type RuleParts, refused, requireMediaTypes } from './saved.ts';

const most = 20_000;

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

const refuseOverlap = (values: Row, others: readonly Row[]): void => {
  const path = readPath(values.relative_path ?? '') ?? [];
  const rival = others.find((other) => {
    if (other.sys_id === values.sys_id || other.http_method !== values.http_method) return false;
    if ((other.web_service_version ?? '') !== (values.web_service_version ?? '')) return false;
    return doOverlap(path, readPath(other.relative_path ?? '') ?? []);
  });
  if (rival) {
    throw refused(
      'Relative path',
      `${values.http_method} ${values.relative_path} and ${rival.http_method} ${rival.relative_path} (${rival.name}) would answer the same address`,
    );
  }
};

export const operationRule = ({ records }: RuleParts): Rule => ({
  name: 'what an operation of a scripted REST API may be',
  tables: ['sys_ws_operation'],
  async check(transaction, { operation, values }) {
    if (operation === 'delete') return;
    const within = records().within(transaction);
    const definition = await lockDefinition(within, values.web_service_definition ?? '');
    const definitionId = definition.sys_id ?? '';
    values.http_method = (values.http_method ?? '').toUpperCase();
    if (!methods.has(values.http_method)) throw refused('HTTP method', `One of ${[...methods].join(', ')}`);
    values.relative_path = tidyPath(values.relative_path ?? '');
    if (!readPath(values.relative_path))
      throw refused('Relative path', 'Segments of letters, digits and marks that need no encoding, or {name}, each name once');
    requireMediaTypes('Supported request formats', values.consumes);
    requireMediaTypes('Supported response formats', values.produces);
    const versionId = values.web_service_version ?? '';
    const [version] =
      versionId === '' ? [] : await within.findBy('sys_ws_version', { sys_id: versionId, web_service_definition: definitionId });
    if (versionId !== '' && !version) throw refused('API version', 'It is no version of this API');
    if (definition.is_versioned === 'true' && !version) throw refused('API version', 'The API has versions: choose one');
    const { namespace = '', service_id: serviceId = '' } = definition;
    values.operation_uri = operationUri({ namespace, serviceId, version: version?.version_id ?? '' }, values.relative_path);
    if (values.active !== 'true') return;
    const match = { web_service_definition: definitionId, active: 'true' };
    refuseOverlap(values, await within.findBy('sys_ws_operation', match, { limit: most }));
  },
});
