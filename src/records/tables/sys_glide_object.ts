// Field types, as rows that dictionary entries refer to by name.
import type { TableDefinition } from '../definition.ts';
import { fieldTypeFamilies } from '../field_types/index.ts';
import { seedId } from '../seed_id.ts';

const labelOf = (name: string): string => {
  const words = name.replace(/^glide_/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const sysGlideObject: TableDefinition = {
  name: 'sys_glide_object',
  label: 'Field class',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, unique: true, mandatory: true },
    { element: 'label', label: 'Label', type: 'string', maxLength: 80, display: true },
    { element: 'scalar_type', label: 'Extends', type: 'string', maxLength: 80 },
    { element: 'scalar_length', label: 'Length', type: 'integer' },
    { element: 'visible', label: 'Visible', type: 'boolean', default: 'true' },
  ],
  access: { read: 'any' },
  rows: fieldTypeFamilies.flatMap((family) =>
    family.names.map((name) => ({
      sys_id: seedId('sys_glide_object', name),
      name,
      label: labelOf(name),
      scalar_type: family.names[0] ?? name,
      scalar_length: String(family.maxLength),
    })),
  ),
};
