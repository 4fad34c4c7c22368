// A connection to one peer: the base of both kinds. What is kept per direction stands here apart, axis by axis: whether the transport may
// move rows is in ih_sync_remote_system, the credential and the health are here, and nothing folds them into one. Kept by exchange/.
import type { FieldDefinition, TableDefinition } from '../definition.ts';

export const exchangeReaders = ['sn_sb.admin', 'sn_sb.read'] as const;
export const exchangeKeepers = ['sn_sb.admin'] as const;

const health = { not_onboarded: 'Not onboarded', up: 'Up', slow: 'Slow', down: 'Down', error: 'Error' };
const credential = { unknown: 'Unknown', valid: 'Valid', expired: 'Expired', refused: 'Refused' };

const perDirection = (direction: 'outbound' | 'inbound', label: string): FieldDefinition[] => [
  {
    element: `${direction}_status`,
    label: `${label} status`,
    type: 'string',
    maxLength: 20,
    readOnly: true,
    default: 'not_onboarded',
    choices: health,
  },
  { element: `${direction}_reason`, label: `${label} reason`, type: 'string', maxLength: 100, readOnly: true },
  { element: `${direction}_detail`, label: `${label} detail`, type: 'string', maxLength: 1000, readOnly: true },
  { element: `${direction}_since`, label: `${label} since`, type: 'glide_date_time', readOnly: true },
  {
    element: `${direction}_auth_state`,
    label: `${label} credential`,
    type: 'string',
    maxLength: 20,
    readOnly: true,
    default: 'unknown',
    choices: credential,
  },
  { element: `${direction}_auth_reason`, label: `${label} credential reason`, type: 'string', maxLength: 100, readOnly: true },
  { element: `${direction}_auth_detail`, label: `${label} credential detail`, type: 'string', maxLength: 1000, readOnly: true },
  { element: `${direction}_auth_since`, label: `${label} credential since`, type: 'glide_date_time', readOnly: true },
];

export const snSbConnection: TableDefinition = {
  name: 'sn_sb_connection',
  label: 'Service Exchange Connection',
  extendable: true,
  audited: true,
  fields: [
    {
      element: 'connection_id',
      label: 'Connection ID',
      type: 'string',
      maxLength: 40,
      display: true,
      unique: true,
      mandatory: true,
      readOnly: true,
    },
    { element: 'name', label: 'Name', type: 'string', maxLength: 100 },
    { element: 'company', label: 'Company', type: 'reference', reference: 'core_company' },
    { element: 'peer_url', label: 'Instance URL', type: 'url', maxLength: 1024, mandatory: true, readOnly: true },
    { element: 'channel', label: 'Channel', type: 'string', maxLength: 40, default: 'default', readOnly: true },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      maxLength: 40,
      default: 'pending',
      readOnly: true,
      choices: {
        pending: 'Pending',
        awaiting_validation: 'Awaiting Validation',
        validated: 'Validated',
        validation_failed: 'Validation Failed',
        onboarded: 'Onboarded',
        offboarding: 'Offboarding',
        offboarded_by_peer: 'Offboarded by peer',
      },
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    {
      element: 'auth_method',
      label: 'Authentication',
      type: 'string',
      maxLength: 40,
      readOnly: true,
      default: 'client_credentials',
      choices: { client_credentials: 'Client Credentials', password: 'Resource Owner Password Credentials' },
    },
    // What the peer said of its own leg; `auth_method` is about both.
    { element: 'peer_auth_method', label: 'Authentication of the peer', type: 'string', maxLength: 40, readOnly: true },
    { element: 'integration_user', label: 'Integration user', type: 'reference', reference: 'sys_user', readOnly: true },
    { element: 'inbound_client', label: 'OAuth Client', type: 'reference', reference: 'oauth_entity', readOnly: true },
    { element: 'outbound_credential', label: 'OAuth Provider', type: 'reference', reference: 'oauth_entity', readOnly: true },
    { element: 'remote_connection', label: 'Remote connection', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'peer_instance_id', label: 'Peer instance ID', type: 'token_id', maxLength: 40, readOnly: true },
    { element: 'peer_incarnation', label: 'Peer incarnation', type: 'token_id', maxLength: 40, readOnly: true },
    // Of this instance, where the peer knows a later one than it is: it was restored, and nothing moves until it is adopted.
    { element: 'known_incarnation', label: 'Incarnation known to the peer', type: 'token_id', maxLength: 40, readOnly: true },
    // An older one than the peer's was presented with the peer's credential: somewhere a copy runs.
    { element: 'stale_incarnation', label: 'Older incarnation seen', type: 'token_id', maxLength: 40, readOnly: true },
    { element: 'stale_incarnation_at', label: 'Older incarnation seen at', type: 'glide_date_time', readOnly: true },
    // After an adoption: lanes are compared with the peer before anything is sent.
    { element: 'resume_due', label: 'Lanes to be compared', type: 'boolean', default: 'false', readOnly: true },
    { element: 'resume_report', label: 'Lanes compared', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'peer_version', label: 'Peer version', type: 'string', maxLength: 40, readOnly: true },
    { element: 'peer_features', label: 'Peer features', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'clock_skew_ms', label: 'Clock skew (ms)', type: 'longint', readOnly: true },
    ...perDirection('outbound', 'Outbound'),
    ...perDirection('inbound', 'Inbound'),
    { element: 'outbound_token_expires', label: 'Token expires', type: 'glide_date_time', readOnly: true },
    { element: 'hb_sent', label: 'Heartbeat sent', type: 'glide_date_time', readOnly: true },
    { element: 'hb_acked', label: 'Heartbeat answered', type: 'glide_date_time', readOnly: true },
    { element: 'hb_received', label: 'Heartbeat received', type: 'glide_date_time', readOnly: true },
    { element: 'hb_rtt_ms', label: 'Round trip (ms)', type: 'longint', readOnly: true },
    { element: 'last_probe', label: 'Last probe', type: 'glide_date_time', readOnly: true },
    { element: 'last_delivered', label: 'Last delivery', type: 'glide_date_time', readOnly: true },
    { element: 'last_received', label: 'Last receipt', type: 'glide_date_time', readOnly: true },
    { element: 'waiting_count', label: 'Waiting messages', type: 'integer', default: '0', readOnly: true },
    { element: 'last_error', label: 'Last error', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'last_error_at', label: 'Last error at', type: 'glide_date_time', readOnly: true },
  ],
  indexes: [
    { columns: ['peer_url', 'channel'], unique: true },
    { columns: ['integration_user'], unique: true },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: exchangeKeepers, delete: ['nobody'] },
};
