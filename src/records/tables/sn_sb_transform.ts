// How values of one side are said on the other: a list of pairs for a field, and what becomes of a value that is in no pair.
import type { TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

const access = { read: exchangeReaders, create: exchangeKeepers, write: exchangeKeepers, delete: exchangeKeepers };

export const snSbTransform: TableDefinition = {
  name: 'sn_sb_transform',
  label: 'Transform',
  extendable: true,
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    // Empty: all companies. One for a company beats one for all.
    { element: 'company', label: 'Company', type: 'reference', reference: 'core_company' },
    { element: 'provider_table', label: 'Provider table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'provider_field', label: 'Provider field', type: 'string', maxLength: 255, mandatory: true },
    { element: 'consumer_table', label: 'Consumer table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'consumer_field', label: 'Consumer field', type: 'string', maxLength: 255, mandatory: true },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 20,
      default: 'both',
      choices: { inbound: 'Inbound', outbound: 'Outbound', both: 'Inbound and outbound' },
    },
    {
      element: 'unmapped',
      label: 'Value in no line',
      type: 'string',
      maxLength: 20,
      default: 'pass',
      choices: { pass: 'Passes as it is', reject: 'Is refused', default: 'Becomes the default' },
    },
    { element: 'default_value', label: 'Default value', type: 'string', maxLength: 1000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'false' },
  ],
  indexes: [
    {
      columns: ['sys_class_name', 'company', 'provider_table', 'provider_field', 'consumer_table', 'consumer_field', 'type'],
      unique: true,
    },
  ],
  access,
};

export const snSbProTransform: TableDefinition = {
  name: 'sn_sb_pro_transform',
  label: 'Provider Transform',
  extends: 'sn_sb_transform',
  fields: [],
};

export const snSbConTransform: TableDefinition = {
  name: 'sn_sb_con_transform',
  label: 'Consumer Transform',
  extends: 'sn_sb_transform',
  fields: [],
};

export const snSbTransformLine: TableDefinition = {
  name: 'sn_sb_transform_line',
  label: 'Transform Line',
  audited: true,
  fields: [
    {
      element: 'transform',
      label: 'Transform',
      type: 'reference',
      reference: 'sn_sb_transform',
      mandatory: true,
      whenGone: 'delete',
    },
    { element: 'provider_value', label: 'Provider value', type: 'string', maxLength: 1000 },
    { element: 'provider_label', label: 'Provider label', type: 'string', maxLength: 1000 },
    { element: 'consumer_value', label: 'Consumer value', type: 'string', maxLength: 1000 },
    { element: 'consumer_label', label: 'Consumer label', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['transform'] }],
  access,
};
