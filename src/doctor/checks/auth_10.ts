// A connection has two registry records on each side, one for each way, and both are whole.
import { type Check, evidenceOf, type Found, isOnboarded } from '../check.ts';

export const auth10: Check = {
  code: 'AUTH-10',
  title: 'A connection does not have one whole OAuth Client and one whole OAuth Provider record',
  severity: 'error',
  needs: ['oauth_entity', 'oauth_entity.type'],
  vendorCheck: 'Stale OAuth records',
  look({ facts, link }) {
    if (!isOnboarded(link)) return [];
    const { clients, providers, withoutSecret } = link;
    const all = [...clients, ...providers];
    const found: Found[] = [];
    const isShort = clients.length < 1 || providers.length < 1;
    const isUnknown = isShort && facts.isPartial('oauth_entity');
    if ((clients.length !== 1 || providers.length !== 1) && !isUnknown) {
      const own = [link.row.inbound_client, link.row.outbound_credential];
      const stale = all.filter((entity) => !own.includes(entity.sys_id));
      found.push({
        severity: isShort ? 'critical' : 'error',
        summary: `The connection has ${clients.length} OAuth Client and ${providers.length} OAuth Provider records instead of one of each`,
        evidence: (stale.length > 0 && !isShort ? stale : all).map((entity) =>
          evidenceOf('oauth_entity', entity, 'type', 'one record of each type'),
        ),
        fix: isShort
          ? `The missing record cannot be made again by itself: offboard ${link.number} and register again`
          : 'Delete the record that the connection does not use: another attempt left it behind',
        about: 'count',
      });
    }
    for (const entity of all.filter((each) => each.client_id === '' || withoutSecret.includes(each.sys_id ?? ''))) {
      const field = entity.client_id === '' ? 'client_id' : 'client_secret';
      found.push({
        severity: 'critical',
        summary: `"${entity.name}" has no ${field === 'client_id' ? 'client id' : 'secret'}: the registration was not finished`,
        evidence: [evidenceOf('oauth_entity', entity, field, 'not empty')],
        fix: `Register again: causeway exchange offboard ${link.number}, then invite and accept`,
        about: entity.sys_id ?? '',
      });
    }
    return found;
  },
};
