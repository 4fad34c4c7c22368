// How configuration items hang together: kinds of ties, and the ties themselves.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

const kinds: readonly (readonly [parent: string, child: string])[] = [
  ['Depends on', 'Used by'],
  ['Runs on', 'Runs'],
  ['Hosted on', 'Hosts'],
  ['Contains', 'Contained by'],
  ['Connects to', 'Connected by'],
  ['Members', 'Member of'],
];

export const cmdbRelType: TableDefinition = {
  name: 'cmdb_rel_type',
  label: 'CI Relationship Type',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'parent_descriptor', label: 'Parent descriptor', type: 'string' },
    { element: 'child_descriptor', label: 'Child descriptor', type: 'string' },
  ],
  indexes: [{ columns: ['name'] }],
  access: { read: 'any', create: ['admin'], write: ['admin'], delete: ['admin'] },
  rows: kinds.map(([parent, child]) => ({
    sys_id: seedId('cmdb_rel_type', parent, child),
    name: `${parent}::${child}`,
    parent_descriptor: parent,
    child_descriptor: child,
  })),
};

export const cmdbRelCi: TableDefinition = {
  name: 'cmdb_rel_ci',
  label: 'CI Relationship',
  fields: [
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'cmdb_ci', mandatory: true, whenGone: 'delete' },
    { element: 'child', label: 'Child', type: 'reference', reference: 'cmdb_ci', mandatory: true, whenGone: 'delete' },
    { element: 'type', label: 'Type', type: 'reference', reference: 'cmdb_rel_type', mandatory: true, whenGone: 'restrict' },
    { element: 'port', label: 'Port', type: 'integer' },
    { element: 'connection_strength', label: 'Connection strength', type: 'string', default: 'always' },
    { element: 'percent_outage', label: 'Percent outage', type: 'integer' },
  ],
  indexes: [{ columns: ['parent'] }, { columns: ['child'] }, { columns: ['type'] }],
  access: { read: 'any', create: ['itil'], write: ['itil'], delete: ['itil'] },
};
