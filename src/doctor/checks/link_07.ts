// Remote Process Sync does not let rows move: after a clone, after retries ran out, or because somebody turned it off.
import { type Check, changeOf, evidenceOf, isOnboarded } from '../check.ts';
import { directions } from '../outage.ts';

export const link07: Check = {
  code: 'LINK-07',
  title: 'Remote Process Sync is not Active',
  severity: 'error',
  needs: ['sn_sb_connection', 'ih_sync_remote_system', 'sn_sb_rps_connection', 'ih_sync_remote_system.outbound_state'],
  vendorCheck: 'Remote system inbound/outbound state',
  look({ facts, link }) {
    const { remoteSystem } = link;
    if (!isOnboarded(link)) return [];
    if (!remoteSystem) {
      if (facts.isPartial('ih_sync_remote_system') || facts.isPartial('sn_sb_rps_connection')) return [];
      return [
        {
          severity: 'critical',
          summary: `The remote system of ${link.number} is gone`,
          evidence: [evidenceOf('sn_sb_connection', link.row, 'connection_id', 'with a row in sn_sb_rps_connection')],
          fix: `Offboard ${link.number} and register again`,
          about: 'missing',
        },
      ];
    }
    const off = directions.filter((name) => {
      const state = remoteSystem[`${name}_state`];
      return state !== undefined && state !== 'active';
    });
    if (off.length === 0) return [];
    return [
      {
        summary: `Remote Process Sync is not Active: ${off.map((name) => `${name} is ${remoteSystem[`${name}_state`] || 'empty'}`).join(', ')}`,
        evidence: off.map((name) => evidenceOf('ih_sync_remote_system', remoteSystem, `${name}_state`, 'active')),
        fix: 'Validate and Activate Remote System, once you know why it was turned off',
        changes: [
          changeOf('ih_sync_remote_system', remoteSystem, Object.fromEntries(off.map((name) => [`${name}_state`, 'active']))),
        ],
        about: 'state',
      },
    ];
  },
};
