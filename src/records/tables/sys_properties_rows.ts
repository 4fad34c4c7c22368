// The properties that something in this program reads, with what they do. A property that nothing reads is not listed.

import { exchangePropertyRows } from './exchange_property_rows.ts';
import { oauthPropertyRows } from './oauth_property_rows.ts';
import { property } from './property_row.ts';
import { scriptingPropertyRows } from './scripting_property_rows.ts';

export const propertyRows: readonly Readonly<Record<string, string>>[] = [
  property('com.snc.platform.security.oauth.is.active', 'boolean', 'true', 'OAuth and OpenID Connect tokens are accepted'),
  property(
    'com.snc.platform.security.oauth.debug',
    'boolean',
    'false',
    'Writes DEBUG lines about tokens to the localhost log; needs glide.auth.debug.enabled too',
  ),
  property('glide.auth.debug.enabled', 'boolean', 'false', 'Writes DEBUG lines about authentication to the localhost log'),
  property(
    'glide.rest.debug',
    'boolean',
    'false',
    'Writes the user agent and the parameters of every call to the localhost log; of parameters that are no words of the API the names',
  ),
  property('glide.authenticate.only.allow.active.user.login', 'boolean', 'true', 'Inactive users cannot sign in'),
  property(
    'glide.authenticate.api.user.reset_password.mandatory',
    'boolean',
    'false',
    'Users who must set a new password cannot call APIs until they did',
  ),
  property(
    'glide.user.max_unlock_attempts',
    'integer',
    '5',
    'Wrong passwords after which a user is locked out; 0 turns locking off',
  ),
  property(
    'glide.user.unlock_timeout_in_mins',
    'integer',
    '15',
    'Minutes after which a locked-out user may try again; 0: never by itself',
  ),
  property('glide.basicauth.update_last_login_time', 'boolean', 'true', 'Basic authentication stamps the last login of the user'),
  property('glide.oauth.update_last_login_time', 'boolean', 'true', 'Bearer tokens stamp the last login of the user'),
  property(
    'glide.integration.update_last_login_time.window.seconds',
    'integer',
    '60',
    'The last login is stamped at most once in this many seconds',
  ),
  property(
    'glide.invalid_query.returns_no_rows',
    'boolean',
    'false',
    'A query with a term that cannot be understood answers no rows, instead of ignoring the term',
  ),
  property(
    'glide.export.escape_formulas',
    'boolean',
    'true',
    "Lists as CSV get a ' before texts that a spreadsheet would take for formulas",
  ),
  property(
    'glide.import_set_row.dynamically_add_fields',
    'boolean',
    'true',
    'Staging tables get a column for every field that the Import Set API is sent and they do not have',
  ),
  property(
    'glide.rest.choice.allow_non_existing_value',
    'boolean',
    'false',
    'Values that are not among the choices of a field are stored',
  ),
  property(
    'glide.rest.apis.disabled',
    'string',
    '',
    'APIs that nobody can call, by title or name and separated by commas: Table API, now/import',
  ),
  property('causeway.query.max_seconds', 'integer', '60', 'Seconds after which a query of a list or of figures is cancelled'),
  property(
    'causeway.retention.syslog_transaction_days',
    'integer',
    '7',
    'Days for which the log of calls is kept; 0 keeps everything',
  ),
  property(
    'causeway.retention.sys_audit_days',
    'integer',
    '365',
    'Days for which it is kept who changed what; 0 keeps everything',
  ),
  property(
    'causeway.metadata.readable_by_all',
    'boolean',
    'true',
    'Every user reads which tables, fields and choices there are; false: only holders of personalize_dictionary, or of roles that the rules name',
  ),
  property('glide.attachment.extensions', 'string', '', 'Endings of files that may be attached, separated by commas; empty: any'),
  property(
    'glide.attachment.role',
    'string',
    '',
    'Roles of which one is needed to attach files, separated by commas; empty: none',
  ),
  property('com.glide.attachment.max_size', 'integer', '1024', 'Largest attachment in megabytes'),
  property(
    'compat.release',
    'string',
    'current',
    'Release whose wording is used where releases differ: current, or tokyo and older',
  ),
  ...oauthPropertyRows,
  ...exchangePropertyRows,
  ...scriptingPropertyRows,
  property(
    'sn_transport.compat_auth_errors',
    'boolean',
    'false',
    'While the peer refuses to authenticate us, waiting messages go to Error, as on the original, instead of staying Ready',
  ),
  property(
    'sn_transport.lane_policy',
    'string',
    'hold',
    'What an Error does to later messages of its lane: hold keeps them back, skip lets them pass and records the gap',
  ),
  property(
    'sn_transport.backoff_seconds',
    'string',
    '0,5,30,120,600,1800,3600',
    'Waits between attempts of a message, in seconds; the last one repeats',
  ),
  property(
    'sn_transport.retention_hours',
    'integer',
    '72',
    'Age at which a message that still fails goes to Error; nothing is deleted',
  ),
  property('sn_transport.batch_rows', 'integer', '100', 'Messages in one POST at most'),
  property('sn_transport.batch_bytes', 'integer', '1048576', 'Bytes in one POST at most'),
  property('sn_transport.parallel_posts', 'integer', '4', 'POSTs under way to one peer at most'),
  property('sn_transport.breaker_failures', 'integer', '5', 'POSTs that fail one after another before the circuit breaker opens'),
  property(
    'sn_transport.processed_days',
    'integer',
    '7',
    'Days after which processed and skipped messages and attempts are removed; 0 keeps them',
  ),
];
