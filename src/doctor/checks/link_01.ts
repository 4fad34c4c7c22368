// The transport says that rows may move, and the connection does not work: the sign of an authentication that was set up wrong.
import { type Check, evidenceOf } from '../check.ts';

const directions = ['outbound', 'inbound'] as const;

export const link01: Check = {
  code: 'LINK-01',
  title: 'Remote Process Sync is Active and the connection is Down',
  severity: 'error',
  needs: ['sn_sb_connection', 'ih_sync_remote_system'],
  look: ({ link }) =>
    directions
      .filter((name) => link.row[`${name}_status`] === 'down' && link.remoteSystem?.[`${name}_state`] === 'active')
      .map((name) => ({
        summary: `${name} is Active in Remote Process Sync and Down in fact: ${link.row[`${name}_reason`]}`,
        evidence: [
          evidenceOf('ih_sync_remote_system', link.remoteSystem ?? {}, `${name}_state`, 'active'),
          evidenceOf('sn_sb_connection', link.row, `${name}_status`, 'up'),
        ],
        fix: 'Follow the reason: the other findings name the record',
      })),
};
