// The transport says that rows may move, and the connection does not work: the sign of an authentication that was set up wrong.
import { type Check, evidenceOf } from '../check.ts';
import { directions, mayPass } from '../outage.ts';

export const link01: Check = {
  code: 'LINK-01',
  title: 'Remote Process Sync is Active and the connection is Down',
  severity: 'error',
  needs: ['sn_sb_connection', 'sn_sb_connection.outbound_status', 'ih_sync_remote_system', 'sn_sb_rps_connection'],
  vendorCheck: 'Connection status',
  look({ facts, link }) {
    const { row, remoteSystem } = link;
    const down = directions.filter((name) => row[`${name}_status`] === 'down' && remoteSystem?.[`${name}_state`] === 'active');
    if (down.length === 0 || down.every((name) => mayPass(link, name, facts))) return [];
    return [
      {
        summary: down
          .map((name) => `${name} is Active in Remote Process Sync and Down in fact (${row[`${name}_reason`]})`)
          .join('; '),
        evidence: down.flatMap((name) => [
          evidenceOf('sn_sb_connection', row, `${name}_status`, 'up'),
          evidenceOf('ih_sync_remote_system', remoteSystem ?? {}, `${name}_state`, ''),
        ]),
        fix: 'Follow the reason: another finding names the record. Remote Process Sync itself needs no repair',
        about: 'connection',
      },
    ];
  },
};
