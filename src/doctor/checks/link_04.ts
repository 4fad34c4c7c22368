// Each side keeps the row id of the other: after a copy or a new registration they may not match, or there is no other any more.
import { type Check, changeOf, evidenceOf, isOnboarded } from '../check.ts';

const originOf = (text: string | undefined): string => URL.parse(text ?? '')?.origin ?? '';

export const link04: Check = {
  code: 'LINK-04',
  title: 'The external ids of the two sides do not mirror each other',
  severity: 'error',
  needs: ['sn_sb_connection', 'ih_sync_remote_system', 'sn_sb_rps_connection', 'ih_sync_remote_system.external_id'],
  vendorCheck: 'Stale connections',
  look({ link, other, others }) {
    if (!isOnboarded(link)) return [];
    const isThatPeer = others !== undefined && originOf(link.row.peer_url) === originOf(others.instance);
    if (isThatPeer && !other && others.sees('sn_sb_connection') && !others.isPartial('sn_sb_connection'))
      return [
        {
          severity: 'critical',
          summary: `${others.instance} has no connection ${link.number}: it was ended there, or its database is an older one`,
          evidence: [evidenceOf('sn_sb_connection', link.row, 'peer_url', 'an instance that knows this connection')],
          fix: 'End it here as well, and register again',
          commands: [`causeway exchange offboard ${link.number} --dry-run`],
          about: 'gone',
        },
      ];
    const { remoteSystem } = link;
    const expected = other?.link.row.sys_id ?? link.row.remote_connection ?? '';
    // The original keeps the id of the peer's remote system, ours that of its connection.
    const mirrors = [expected, other?.link.remoteSystem?.sys_id];
    if (!remoteSystem || expected === '' || mirrors.includes(remoteSystem.external_id)) return [];
    return [
      {
        summary: 'The remote system has another external id than the connection of the peer',
        evidence: [evidenceOf('ih_sync_remote_system', remoteSystem, 'external_id', expected)],
        fix: 'Set the external id to the sys_id of the connection on the other side',
        changes: [changeOf('ih_sync_remote_system', remoteSystem, { external_id: expected })],
      },
    ];
  },
};
