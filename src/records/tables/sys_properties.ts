// Settings that an admin changes while the instance runs.
import type { TableDefinition } from '../definition.ts';
import { propertyRows } from './sys_properties_rows.ts';

export const sysProperties: TableDefinition = {
  name: 'sys_properties',
  label: 'System Property',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, unique: true, mandatory: true },
    { element: 'value', label: 'Value', type: 'string', maxLength: 4000 },
    { element: 'sealed_value', label: 'Sealed value', type: 'password2', readOnly: true },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      default: 'string',
      choices: {
        string: 'string',
        boolean: 'true | false',
        integer: 'integer',
        choicelist: 'choice list',
        color: 'color',
        date_format: 'date format',
        image: 'image',
        password: 'password',
        password2: 'password2',
        short_string: 'short string',
        time_format: 'time format',
        timezone: 'timezone',
        uploaded_image: 'uploaded image',
      },
    },
    { element: 'description', label: 'Description', type: 'string', maxLength: 512 },
    { element: 'suffix', label: 'Suffix', type: 'string', maxLength: 100 },
    { element: 'choices', label: 'Choices', type: 'string', maxLength: 1000 },
    { element: 'is_private', label: 'Private', type: 'boolean' },
    { element: 'ignore_cache', label: 'Ignore cache', type: 'boolean' },
    { element: 'read_roles', label: 'Read roles', type: 'user_roles', maxLength: 255 },
    { element: 'write_roles', label: 'Write roles', type: 'user_roles', maxLength: 255 },
  ],
  access: { read: ['admin'] },
  // A type of password, a private mark or read roles each mean that not everybody may see the value.
  rowAccess: { read: 'is_private!=true^typeNOT INpassword,password2^read_rolesISEMPTY' },
  rows: propertyRows,
};
