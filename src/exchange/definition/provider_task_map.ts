// What travels of a provider task: agreed once for all of them, where a remote task has a definition that two organisations wrote. Pure.
import type { Row } from '../../records/records.ts';
import type { Direction, MappedField, Side } from './field_map.ts';
import { hasFeature } from './needed_features.ts';

/** Stands on the wire where a remote task names its definition. */
export const providerTaskKey = 'provider_task';

const providerTaskDefinition: Row = Object.freeze({
  sys_id: providerTaskKey,
  provider_definition: providerTaskKey,
  name: 'Provider task',
  provider_table: 'sn_sb_pro_provider_task',
  consumer_table: 'sn_sb_con_provider_task',
  state: 'published',
  conflict_winner: 'latest',
  send_attachments: 'true',
  maintain_sys_id: 'true',
});

const withApproval: Row = Object.freeze({ ...providerTaskDefinition, approvals: 'true' });

/** As both ends of this connection understand it. */
export const providerTaskFor = (connection: Row): Row =>
  hasFeature(connection, 'task_approvals') ? withApproval : providerTaskDefinition;

const both = (element: string, label: string, syncWhen = 'insert_or_update'): MappedField => ({
  name: element,
  label,
  source: element,
  target: element,
  syncWhen,
});

const toProvider = [
  both('state', 'State'),
  both('short_description', 'Short description', 'insert'),
  both('description', 'Description', 'insert'),
  both('comments', 'Additional comments'),
];

const toConsumer = [
  both('state', 'State'),
  both('short_description', 'Short description'),
  both('description', 'Description'),
  both('priority', 'Priority'),
  both('close_notes', 'Close notes'),
  both('comments', 'Additional comments'),
];

const approval = both('approval', 'Approval');

export const providerTaskFields = ({ approvals }: Row, side: Side, direction: Direction): MappedField[] => [
  ...((side === 'provider') === (direction === 'outbound') ? toConsumer : toProvider),
  ...(approvals === 'true' || direction === 'inbound' ? [approval] : []),
];
