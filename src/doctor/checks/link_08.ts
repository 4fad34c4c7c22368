// The connection is switched off, ended by its peer, or has lost the company that it belongs to, as happens to clones.
import { type Check, changeOf, evidenceOf, type Found } from '../check.ts';

export const link08: Check = {
  code: 'LINK-08',
  title: 'The connection is not active, or its company is gone',
  severity: 'error',
  needs: ['sn_sb_connection', 'sn_sb_connection.state'],
  vendorCheck: 'Connection status',
  look({ facts, link }) {
    const { row } = link;
    const found: Found[] = [];
    if (row.state === 'offboarded_by_peer')
      found.push({
        severity: 'warning',
        summary: 'The other side has ended this connection',
        evidence: [evidenceOf('sn_sb_connection', row, 'state', 'onboarded')],
        fix: 'Remove it here as well',
        commands: [`causeway exchange offboard ${link.number} --dry-run`],
        about: 'offboarded',
      });
    if (row.active === 'false' && row.state === 'onboarded')
      found.push({
        summary: 'The connection was switched off: nothing is sent or taken',
        evidence: [evidenceOf('sn_sb_connection', row, 'active', 'true')],
        fix: 'Switch it on again, after asking why it was turned off',
        changes: [changeOf('sn_sb_connection', row, { active: 'true' })],
        about: 'active',
      });
    const isCompanyGone = row.company && !link.company && facts.sees('core_company') && !facts.isPartial('core_company');
    if (isCompanyGone && row.state === 'onboarded')
      found.push({
        severity: 'warning',
        summary: 'The connection points to a company that does not exist here',
        evidence: [evidenceOf('sn_sb_connection', row, 'company', 'a row of core_company')],
        fix: 'Restore the company, or choose another for the connection',
        about: 'company',
      });
    return found;
  },
};
