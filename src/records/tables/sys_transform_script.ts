// Scripts of a transform map, by the moment at which they run.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const transformMoments = [
  'onStart',
  'onBefore',
  'onAfter',
  'onReject',
  'onForeignInsert',
  'onChoiceCreate',
  'onComplete',
] as const;

export const sysTransformScript: TableDefinition = {
  name: 'sys_transform_script',
  label: 'Transform Script',
  audited: true,
  fields: [
    { element: 'map', label: 'Map', type: 'reference', reference: 'sys_transform_map', whenGone: 'delete', mandatory: true },
    {
      element: 'when',
      label: 'When',
      type: 'string',
      display: true,
      mandatory: true,
      choice: 3,
      choices: Object.fromEntries(transformMoments.map((when) => [when, when])),
    },
    { element: 'order', label: 'Order', type: 'integer', default: '100' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'script', label: 'Script', type: 'script', maxLength: 65_000, attributes: 'no_truncate=true' },
  ],
  indexes: [{ columns: ['map', 'order'] }],
  access: { read: importKeepers, create: ['import_admin'], write: ['import_admin'], delete: ['import_admin'] },
};
