// Views: named sets of fields for lists and forms, which `sysparm_view` asks for. http/table/view_fields.ts reads them.
import type { FieldDefinition, TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];
const access = { read: 'any', create: keepers, write: keepers, delete: keepers } as const;

const view: FieldDefinition = {
  element: 'view',
  label: 'View',
  type: 'reference',
  reference: 'sys_ui_view',
  whenGone: 'delete',
  mandatory: true,
};
const table: FieldDefinition = { element: 'name', label: 'Table', type: 'table_name', maxLength: 80, mandatory: true };

/** A field of a list or a section: its name, which may be a dot-walk, and its place. */
const place = (owner: FieldDefinition): readonly FieldDefinition[] => [
  { ...owner, type: 'reference', whenGone: 'delete', mandatory: true },
  { element: 'element', label: 'Element', type: 'string', maxLength: 255, display: true, mandatory: true },
  { element: 'position', label: 'Position', type: 'integer', default: '0' },
];

export const sysUiView: TableDefinition = {
  name: 'sys_ui_view',
  label: 'View',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, unique: true, mandatory: true },
    { element: 'title', label: 'Title', type: 'string', maxLength: 80, display: true },
  ],
  access,
};

export const sysUiList: TableDefinition = {
  name: 'sys_ui_list',
  label: 'List',
  audited: true,
  fields: [table, view],
  indexes: [{ columns: ['view', 'name'], unique: true }],
  access,
};

export const sysUiListElement: TableDefinition = {
  name: 'sys_ui_list_element',
  label: 'List Element',
  audited: true,
  fields: place({ element: 'list_id', label: 'List', type: 'reference', reference: 'sys_ui_list' }),
  indexes: [{ columns: ['list_id'] }],
  access,
};

export const sysUiSection: TableDefinition = {
  name: 'sys_ui_section',
  label: 'Form Section',
  audited: true,
  fields: [
    table,
    view,
    { element: 'caption', label: 'Caption', type: 'string', maxLength: 80, display: true },
    { element: 'position', label: 'Position', type: 'integer', default: '0' },
  ],
  indexes: [{ columns: ['view', 'name'] }],
  access,
};

export const sysUiElement: TableDefinition = {
  name: 'sys_ui_element',
  label: 'Section Element',
  audited: true,
  fields: place({ element: 'sys_ui_section', label: 'Section', type: 'reference', reference: 'sys_ui_section' }),
  indexes: [{ columns: ['sys_ui_section'] }],
  access,
};
