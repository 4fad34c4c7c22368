// The rules of scripted REST rows, for the list that instance.ts fills.
import type { Rule } from '../../../records/records.ts';
import { endpointsTopic } from '../topic.ts';
import { definitionRule } from './definition_rule.ts';
import { operationRule } from './operation_rule.ts';
import type { RuleParts } from './saved.ts';
import { versionRule } from './version_rule.ts';

export const makeEndpointRules = (parts: RuleParts): readonly Rule[] => [
  definitionRule(parts),
  versionRule(parts),
  operationRule(parts),
  {
    name: 'scripted REST APIs changed',
    tables: ['sys_ws_definition', 'sys_ws_version', 'sys_ws_operation'],
    applied: (transaction) => transaction.bump(endpointsTopic),
  },
];
