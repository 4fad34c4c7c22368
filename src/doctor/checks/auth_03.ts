// Client credentials are refused by the whole instance while its property is off.
import type { Check } from '../check.ts';

const name = 'glide.oauth.inbound.client.credential.grant_type.enabled';

export const auth03: Check = {
  code: 'AUTH-03',
  title: 'The client credentials grant is turned off',
  severity: 'critical',
  needs: ['sys_properties'],
  look({ facts, link }) {
    if (link.row.auth_method === 'password' || (facts.properties.get(name) ?? '').trim().toLowerCase() === 'true') return [];
    const value = facts.properties.get(name) ?? '';
    return [
      {
        summary: `The peer cannot authenticate here: ${name} is not true`,
        evidence: [{ table: 'sys_properties', sysId: '', record: name, field: 'value', value, expected: 'true' }],
        fix: `Set ${name} to true`,
        changes: [{ table: 'sys_properties', sysId: `name=${name}`, record: name, values: { value: 'true' } }],
      },
    ];
  },
};
