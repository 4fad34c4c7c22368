// The rules that imports bring to the record layer.
import type { Rule } from '../../records/records.ts';
import { mapsTopic } from '../transform/transform_map.ts';
import { mapAuthorRules } from './map_authors.ts';
import { provisionRoleRules } from './provision_roles.ts';

export const importRules: readonly Rule[] = [
  ...mapAuthorRules,
  ...provisionRoleRules,
  {
    name: 'drop cached transform maps',
    tables: ['sys_transform_map', 'sys_transform_entry', 'sys_transform_script'],
    applied: (transaction) => transaction.bump(mapsTopic),
  },
];
