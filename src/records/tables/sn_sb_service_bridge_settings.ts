// What the two sides told each other of themselves: versions and features. A pair, one row on each side.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbServiceBridgeSettings: TableDefinition = {
  name: 'sn_sb_service_bridge_settings',
  label: 'Service Exchange Settings',
  extendable: true,
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'delete',
      unique: true,
      readOnly: true,
    },
    { element: 'provider_version', label: 'Provider version', type: 'string', maxLength: 40, readOnly: true },
    { element: 'consumer_version', label: 'Consumer version', type: 'string', maxLength: 40, readOnly: true },
    { element: 'provider_features', label: 'Provider features', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'consumer_features', label: 'Consumer features', type: 'string', maxLength: 1000, readOnly: true },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: ['nobody'], delete: ['nobody'] },
};

export const snSbProServiceBridgeSettings: TableDefinition = {
  name: 'sn_sb_pro_service_bridge_settings',
  label: 'Provider Settings',
  extends: 'sn_sb_service_bridge_settings',
  fields: [],
};

export const snSbConServiceBridgeSettings: TableDefinition = {
  name: 'sn_sb_con_service_bridge_settings',
  label: 'Consumer Settings',
  extends: 'sn_sb_service_bridge_settings',
  fields: [],
};
