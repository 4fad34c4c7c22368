// Versions of a scripted REST API: numbered from 1, at most one of them the default, and the first takes over the operations there are.
import type { Row, Rule } from '../../../records/records.ts';
import { operationUri } from '../addresses.ts';
import { lockDefinition, type RuleParts, refused, setColumn } from './saved.ts';

const most = 20_000;
const highest = 999_999;

const nextAfter = (versions: readonly Row[]): number => Math.max(0, ...versions.map((row) => Number(row.version) || 0)) + 1;

export const versionRule = ({ records }: RuleParts): Rule => ({
  name: 'what a version of a scripted REST API may be',
  tables: ['sys_ws_version'],
  async check(transaction, { operation, before, values }) {
    if (operation === 'delete') return;
    const within = records().within(transaction);
    const definition = values.web_service_definition ?? '';
    if (operation === 'update' && (before.web_service_definition !== definition || before.version !== values.version))
      throw refused('Version', 'API and number of a version stay as they were made');
    await lockDefinition(within, definition);
    const others = await within.findBy('sys_ws_version', { web_service_definition: definition }, { limit: most });
    const number = values.version ? Number(values.version) : nextAfter(others);
    if (!Number.isInteger(number) || number < 1 || number > highest)
      throw refused('Version number', `A whole number from 1 to ${highest}`);
    values.version = String(number);
    values.version_id = `v${number}`;
  },
  async applied(transaction, { operation, sysId, after, caller }) {
    if (operation === 'delete') return;
    const within = records().within(transaction);
    const definitionId = after.web_service_definition ?? '';
    if (after.is_default === 'true') {
      const defaults = await within.findBy('sys_ws_version', { web_service_definition: definitionId, is_default: 'true' });
      for (const other of defaults) {
        if (other.sys_id !== sysId) await within.update(caller, 'sys_ws_version', other.sys_id ?? '', { is_default: 'false' });
      }
    }
    const definition = await lockDefinition(within, definitionId);
    if (operation !== 'insert' || definition.is_versioned === 'true') return;
    const { namespace = '', service_id: serviceId = '' } = definition;
    await within.update(caller, 'sys_ws_definition', definitionId, { is_versioned: 'true' });
    const unversioned = await within.findBy('sys_ws_operation', { web_service_definition: definitionId }, { limit: most });
    for (const row of unversioned) {
      if (row.web_service_version) continue;
      const about = { table: 'sys_ws_operation', sysId: row.sys_id ?? '' };
      const uri = operationUri({ namespace, serviceId, version: after.version_id ?? '' }, row.relative_path ?? '');
      await setColumn(transaction, { ...about, column: 'web_service_version', value: sysId });
      await setColumn(transaction, { ...about, column: 'operation_uri', value: uri });
    }
  },
});
