// The rules that imports bring to the record layer.
import type { Dictionary } from '../../records/dictionary.ts';
import type { Rule } from '../../records/records.ts';
import { mapsTopic } from '../transform/transform_map.ts';
import { makeCoalesceIndexRule } from './coalesce_index.ts';
import { mapAuthorRules } from './map_authors.ts';
import { provisionRoleRules } from './provision_roles.ts';

/** The dictionary is asked for when a rule runs: the record layer is made with the rules. */
export const makeImportRules = (dictionary: () => Dictionary): readonly Rule[] => [
  makeCoalesceIndexRule(dictionary),
  ...mapAuthorRules,
  ...provisionRoleRules,
  {
    name: 'drop cached transform maps',
    tables: ['sys_transform_map', 'sys_transform_entry', 'sys_transform_script'],
    applied: (transaction) => transaction.bump(mapsTopic),
  },
];
