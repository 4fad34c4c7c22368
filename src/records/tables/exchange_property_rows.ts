// The properties of the exchange's connections, with what they do.
import { property } from './property_row.ts';

export const exchangePropertyRows: readonly Readonly<Record<string, string>>[] = [
  property('sn_sb.version', 'string', '2.4.17', 'Version of Service Exchange that this instance tells its peers; for rehearsals'),
  property('sn_sb.company', 'string', '', 'Name under which this instance presents itself to its peers; empty: its host name'),
  property('sn_sb.ping_seconds', 'integer', '60', 'Seconds between heartbeats and probes of a connection that works'),
  property('sn_sb.ping_failing_seconds', 'integer', '10', 'Seconds between heartbeats and probes of a connection that does not'),
  property(
    'sn_sb.slow_seconds',
    'integer',
    '900',
    'Round trip, or age of the oldest waiting message, from which a connection is Slow',
  ),
  property(
    'sn_sb.auth_grace_seconds',
    'integer',
    '3600',
    'Seconds for which the old credentials of a connection are kept after new ones were proven',
  ),
  property('sn_sb.invitation_hours', 'integer', '72', 'Hours for which an invitation code may be accepted'),
  property('sn_sb.doctor_seconds', 'integer', '60', 'Seconds between the scheduled checks; 0 turns them off'),
  property(
    'sn_sb.secret_days',
    'integer',
    '365',
    'Age of a secret of a connection, in days, from which doctor advises a new one',
  ),
];
