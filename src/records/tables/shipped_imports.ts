// The standard import set tables with their maps: what an instance can take from outside from the first day on. A map acts as the system, so
// whoever may put rows into one of these tables may write the table behind it anyway.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

interface ShippedEntry {
  readonly to: string;
  /** 'filled': a row without a value is skipped. 'any': no value is a value to look by. */
  readonly coalesce?: 'filled' | 'any';
  /** What becomes of a choice or a referenced record that does not exist. */
  readonly unknown?: 'create' | 'ignore';
}

interface ShippedImport {
  readonly label: string;
  readonly target: string;
  /** Roles that may put rows in. */
  readonly create: readonly string[];
  /** Source field → where it goes; '' where it is kept for customers' own scripts. */
  readonly fields: Readonly<Record<string, ShippedEntry | ''>>;
  readonly script?: string;
}

const key = (to: string): ShippedEntry => ({ to, coalesce: 'filled' });
const part = (to: string): ShippedEntry => ({ to, coalesce: 'any' });

const imports: Readonly<Record<string, ShippedImport>> = {
  imp_notification: {
    label: 'Notification',
    target: 'incident',
    create: ['itil'],
    fields: {
      uuid: key('correlation_id'),
      message: { to: 'short_description' },
      comments: { to: 'comments' },
      category: { to: 'category' },
      assignment_group: { to: 'assignment_group' },
      severity: { to: 'severity', unknown: 'ignore' },
      state: { to: 'incident_state', unknown: 'ignore' },
      source: { to: 'cmdb_ci', unknown: 'ignore' },
      ...{ corrective_message: '', duration: '', expires_on: '', timestamp: '', type: '' },
    },
  },
  imp_computer: {
    label: 'Computer',
    target: 'cmdb_ci_computer',
    create: ['itil'],
    fields: {
      serial_number: key('serial_number'),
      name: { to: 'name' },
      operating_system: { to: 'os' },
      cpu_count: { to: 'cpu_count' },
      cpu_speed: { to: 'cpu_speed' },
      cpu_type: { to: 'cpu_type' },
      disk_space: { to: 'disk_space' },
      ram: { to: 'ram' },
      manufacturer: { to: 'manufacturer' },
      model_id: { to: 'model_id' },
    },
  },
  imp_user: {
    label: 'User',
    target: 'sys_user',
    // By a mail address any user can be meant, an administrator too.
    create: ['admin'],
    fields: {
      email: key('email'),
      first_name: { to: 'first_name' },
      last_name: { to: 'last_name' },
      user_id: { to: 'user_name' },
      phone: { to: 'phone' },
      department: { to: 'department' },
      location: { to: 'location' },
    },
    script: `if (action == 'insert' && target.user_name.nil()) target.user_name = source.first_name + '.' + source.last_name;`,
  },
  imp_location: {
    label: 'Location',
    target: 'cmn_location',
    create: ['user_admin'],
    fields: {
      name: key('name'),
      street: part('street'),
      city: part('city'),
      state: part('state'),
      zip: part('zip'),
      country: { to: 'country' },
    },
  },
};

const labelOf = (element: string): string => {
  const words = element.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const lengthOf = (element: string): number => (element === 'comments' ? 4000 : element === 'message' ? 80 : 40);

export const shippedImportTables: readonly TableDefinition[] = Object.entries(imports).map(
  ([name, { label, fields, create }]) => ({
    name,
    label,
    extends: 'sys_import_set_row',
    fields: Object.keys(fields).map((element) => ({
      element,
      label: labelOf(element),
      type: 'string',
      maxLength: lengthOf(element),
    })),
    access: {
      read: ['import_admin', 'import_transformer', ...create],
      create,
      write: ['import_admin'],
      delete: ['import_admin'],
    },
  }),
);

const mapId = (source: string): string => seedId('sys_transform_map', source);

export const shippedMaps: readonly Readonly<Record<string, string>>[] = Object.entries(imports).map(
  ([source_table, { label, target, script }]) => ({
    sys_id: mapId(source_table),
    name: label,
    source_table,
    target_table: target,
    ...(script === undefined ? {} : { run_script: 'true', script }),
  }),
);

export const shippedEntries: readonly Readonly<Record<string, string>>[] = Object.entries(imports).flatMap(
  ([source_table, { target, fields }]) =>
    Object.entries(fields).flatMap(([source_field, entry]) =>
      entry === ''
        ? []
        : [
            {
              sys_id: seedId('sys_transform_entry', source_table, source_field),
              map: mapId(source_table),
              source_table,
              target_table: target,
              source_field,
              target_field: entry.to,
              coalesce: String(entry.coalesce !== undefined),
              coalesce_empty_fields: String(entry.coalesce === 'any'),
              choice_action: entry.unknown ?? 'create',
            },
          ],
    ),
);
