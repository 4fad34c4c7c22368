// The classes of configuration items that clients ask for by name, from hardware down to single kinds of servers, and services.
import type { TableDefinition } from '../definition.ts';

export const cmdbCiHardware: TableDefinition = {
  name: 'cmdb_ci_hardware',
  label: 'Hardware',
  extends: 'cmdb_ci',
  extendable: true,
  fields: [
    { element: 'default_gateway', label: 'Default Gateway', type: 'string', maxLength: 40 },
    { element: 'hardware_status', label: 'Hardware status', type: 'string', default: 'installed' },
    { element: 'hardware_substatus', label: 'Hardware substatus', type: 'string' },
  ],
};

export const cmdbCiComputer: TableDefinition = {
  name: 'cmdb_ci_computer',
  label: 'Computer',
  extends: 'cmdb_ci_hardware',
  extendable: true,
  fields: [
    { element: 'host_name', label: 'Host name', type: 'string', maxLength: 255 },
    { element: 'os', label: 'Operating System', type: 'string', maxLength: 255 },
    { element: 'os_version', label: 'OS Version', type: 'string', maxLength: 255 },
    { element: 'os_service_pack', label: 'OS Service Pack', type: 'string', maxLength: 255 },
    { element: 'os_domain', label: 'OS Domain', type: 'string' },
    { element: 'os_address_width', label: 'OS Address Width (bits)', type: 'integer' },
    { element: 'cpu_name', label: 'CPU name', type: 'string', maxLength: 255 },
    { element: 'cpu_manufacturer', label: 'CPU manufacturer', type: 'reference', reference: 'core_company' },
    { element: 'cpu_type', label: 'CPU type', type: 'string', maxLength: 255 },
    { element: 'cpu_speed', label: 'CPU speed (MHz)', type: 'decimal' },
    { element: 'cpu_count', label: 'CPU count', type: 'integer' },
    { element: 'cpu_core_count', label: 'CPU core count', type: 'integer' },
    { element: 'cpu_core_thread', label: 'CPU core thread', type: 'integer' },
    { element: 'ram', label: 'RAM (MB)', type: 'integer' },
    { element: 'disk_space', label: 'Disk space (GB)', type: 'decimal' },
    { element: 'form_factor', label: 'Form factor', type: 'string' },
    { element: 'chassis_type', label: 'Chassis type', type: 'string' },
    { element: 'virtual', label: 'Is Virtual', type: 'boolean' },
    { element: 'object_id', label: 'Object ID', type: 'string', maxLength: 255 },
    { element: 'cd_rom', label: 'CD-ROM', type: 'boolean' },
    { element: 'cd_speed', label: 'CD speed', type: 'integer' },
    { element: 'floppy', label: 'Floppy', type: 'string' },
  ],
  indexes: [{ columns: ['host_name'] }],
};

export const cmdbCiServer: TableDefinition = {
  name: 'cmdb_ci_server',
  label: 'Server',
  extends: 'cmdb_ci_computer',
  extendable: true,
  fields: [
    {
      element: 'classification',
      label: 'Classification',
      type: 'string',
      default: 'Production',
      choice: 2,
      choices: {
        Production: 'Production',
        Development: 'Development',
        'Disaster recovery': 'Disaster recovery',
        QA: 'QA',
        Test: 'Test',
      },
    },
    { element: 'used_for', label: 'Used for', type: 'string' },
    { element: 'host_id', label: 'Host ID', type: 'string', maxLength: 255 },
    { element: 'firewall_status', label: 'Firewall status', type: 'string' },
    { element: 'dr_backup', label: 'DR backup', type: 'reference', reference: 'cmdb_ci_server' },
  ],
  indexes: [{ columns: ['dr_backup'] }],
};

const kindOfServer = (name: string, label: string): TableDefinition => ({
  name,
  label,
  extends: 'cmdb_ci_server',
  extendable: true,
  fields: [],
});

export const cmdbCiLinuxServer = kindOfServer('cmdb_ci_linux_server', 'Linux Server');
export const cmdbCiWinServer = kindOfServer('cmdb_ci_win_server', 'Windows Server');
export const cmdbCiEsxServer = kindOfServer('cmdb_ci_esx_server', 'ESX Server');

export const cmdbCiService: TableDefinition = {
  name: 'cmdb_ci_service',
  label: 'Service',
  extends: 'cmdb_ci',
  extendable: true,
  fields: [
    {
      element: 'busines_criticality',
      label: 'Business criticality',
      type: 'string',
      choice: 1,
      choices: {
        '1 - most critical': '1 - most critical',
        '2 - somewhat critical': '2 - somewhat critical',
        '3 - less critical': '3 - less critical',
        '4 - not critical': '4 - not critical',
      },
    },
    { element: 'service_classification', label: 'Service classification', type: 'string', default: 'Business Service' },
    { element: 'used_for', label: 'Used for', type: 'string', default: 'Production' },
    { element: 'number', label: 'Number', type: 'string' },
    { element: 'version', label: 'Version', type: 'string' },
    { element: 'price_model', label: 'Price model', type: 'string' },
    { element: 'published', label: 'Published', type: 'boolean' },
    { element: 'sla', label: 'SLA', type: 'string', maxLength: 255 },
  ],
};
