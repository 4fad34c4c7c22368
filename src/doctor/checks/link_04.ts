// Each side keeps the row id of the other: after a copy or a new registration they may not match.
import { type Check, changeOf, evidenceOf, isOnboarded } from '../check.ts';

export const link04: Check = {
  code: 'LINK-04',
  title: 'The external ids of the two sides do not mirror each other',
  severity: 'error',
  needs: ['ih_sync_remote_system'],
  look({ link, other }) {
    if (!isOnboarded(link) || !link.remoteSystem) return [];
    const expected = other?.link.row.sys_id ?? link.row.remote_connection ?? '';
    if (expected === '' || link.remoteSystem.external_id === expected) return [];
    return [
      {
        summary: 'The remote system has another external id than the connection of the peer',
        evidence: [evidenceOf('ih_sync_remote_system', link.remoteSystem, 'external_id', expected)],
        fix: 'Set the external id to the sys_id of the connection on the other side',
        changes: [changeOf('ih_sync_remote_system', link.remoteSystem, { external_id: expected })],
      },
    ];
  },
};
