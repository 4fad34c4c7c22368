// The integration user must be there, able to sign in, and hold its role.
import { type Check, changeOf, evidenceOf } from '../check.ts';

const roles = ['sn_sb.integration', 'sn_sb.admin', 'ih_process_sync_api', 'admin'];

export const auth04: Check = {
  code: 'AUTH-04',
  title: 'The integration user is missing, inactive, locked or without its role',
  severity: 'critical',
  needs: ['sys_user'],
  look({ facts, link }) {
    const { user } = link;
    const called = `sb_user.${link.number}`;
    if (!user) return [{ summary: `The integration user ${called} does not exist`, fix: `Restore or create the user ${called}` }];
    const found = [];
    if (user.active === 'false') {
      found.push({
        summary: `The integration user ${called} is not active`,
        evidence: [evidenceOf('sys_user', user, 'active', 'true')],
        fix: `Activate ${called}, after asking why it was turned off`,
        changes: [changeOf('sys_user', user, { active: 'true' })],
      });
    }
    if (user.locked_out === 'true') {
      found.push({
        summary: `The integration user ${called} is locked out`,
        evidence: [evidenceOf('sys_user', user, 'locked_out', 'false')],
        fix: `Unlock ${called}, after asking why it was locked`,
        changes: [changeOf('sys_user', user, { locked_out: 'false' })],
      });
    }
    if (facts.sees('sys_user_has_role') && !link.roles.some((role) => roles.includes(role)))
      found.push({
        summary: `The integration user ${called} has lost its role`,
        fix: `Give ${called} the role sn_sb.integration`,
      });
    return found;
  },
};
