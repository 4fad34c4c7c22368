// The integration user must be there, able to sign in, and hold its role.
import { type Check, changeOf, evidenceOf, type Found } from '../check.ts';

const roles = ['sn_sb.integration', 'sn_sb.admin', 'sb_admin', 'ih_process_sync_api', 'admin'];
const prefix = 'sb_user.';

export const auth04: Check = {
  code: 'AUTH-04',
  title: 'The integration user is missing, inactive, locked, renamed or without its role',
  severity: 'critical',
  needs: ['sys_user', 'sys_user.active'],
  vendorCheck: 'Integration user prefix',
  look({ facts, link }) {
    const { user } = link;
    const called = user?.user_name || `${prefix}${link.number}`;
    if (!user) {
      // Whoever may not see every user cannot say that one is missing.
      if (facts.isPartial('sys_user')) return [];
      return [
        {
          summary: `The integration user ${called} does not exist`,
          evidence: [evidenceOf('sn_sb_connection', link.row, 'integration_user', `the user ${called}`)],
          fix: `Restore the user ${called} from a backup, or offboard ${link.number} and register again`,
          about: 'user',
        },
      ];
    }
    const found: Found[] = [];
    if (user.active === 'false')
      found.push({
        summary: `The integration user ${called} is not active`,
        evidence: [evidenceOf('sys_user', user, 'active', 'true')],
        fix: `Activate ${called}, after asking why it was turned off`,
        changes: [changeOf('sys_user', user, { active: 'true' })],
        about: 'active',
      });
    if (user.locked_out === 'true')
      found.push({
        summary: `The integration user ${called} is locked out`,
        evidence: [evidenceOf('sys_user', user, 'locked_out', 'false')],
        fix: `Unlock ${called}, after asking why it was locked`,
        changes: [changeOf('sys_user', user, { locked_out: 'false' })],
        about: 'locked_out',
      });
    if (
      facts.sees('sys_user_has_role') &&
      !facts.isPartial('sys_user_has_role') &&
      !link.roles.some((role) => roles.includes(role))
    )
      found.push({
        summary: `The integration user ${called} has lost its role`,
        evidence: [{ ...evidenceOf('sys_user', user, 'roles', 'sn_sb.integration'), value: link.roles.join(', ') }],
        fix: `Give ${called} the role sn_sb.integration`,
        changes: facts.integrationRole
          ? [
              {
                kind: 'insert',
                table: 'sys_user_has_role',
                record: `${called} / sn_sb.integration`,
                values: { user: user.sys_id ?? '', role: facts.integrationRole },
                shown: { user: called, role: 'sn_sb.integration' },
              },
            ]
          : [],
        about: 'role',
      });
    if (user.user_name !== undefined && !user.user_name.startsWith(prefix))
      found.push({
        severity: 'warning',
        summary: `The integration user of ${link.number} is called ${called}; its name must begin with ${prefix}`,
        evidence: [evidenceOf('sys_user', user, 'user_name', `${prefix}${link.number}`)],
        fix: `Rename it to ${prefix}${link.number}`,
        changes: [changeOf('sys_user', user, { user_name: `${prefix}${link.number}` })],
        about: 'user_name',
      });
    return found;
  },
};
