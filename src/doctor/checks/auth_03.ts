// Client credentials are refused by the whole instance while its property is off.
import { type Change, type Check, isPeerLegacy } from '../check.ts';

const name = 'glide.oauth.inbound.client.credential.grant_type.enabled';

export const auth03: Check = {
  code: 'AUTH-03',
  title: 'The client credentials grant is turned off',
  severity: 'critical',
  needs: ['sys_properties', 'sys_properties.value'],
  look({ facts, link }) {
    const value = facts.properties.get(name);
    if (isPeerLegacy(link) || (value ?? '').trim().toLowerCase() === 'true') return [];
    if (value === undefined && facts.isPartial('sys_properties')) return [];
    const sysId = facts.propertyIds.get(name) ?? '';
    const change: Change =
      sysId === ''
        ? { kind: 'insert', table: 'sys_properties', record: name, values: { name, type: 'boolean', value: 'true' } }
        : { kind: 'update', table: 'sys_properties', sysId, record: name, values: { value: 'true' } };
    return [
      {
        summary: `The peer cannot authenticate here: ${name} is not true`,
        evidence: [{ table: 'sys_properties', sysId, record: name, field: 'value', value: value ?? '', expected: 'true' }],
        fix: `Set the property ${name} to true`,
        changes: [change],
        about: 'property',
      },
    ];
  },
};
