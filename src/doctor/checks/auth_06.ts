// Secrets that were never changed are known to more people every year.
import { type Check, evidenceOf } from '../check.ts';
import { numberOf } from '../facts.ts';
import { ageOf } from '../outage.ts';

export const auth06: Check = {
  code: 'AUTH-06',
  title: 'A secret of the connection is old',
  severity: 'info',
  needs: ['oauth_entity', 'oauth_entity.sys_created_on'],
  look({ facts, link }) {
    const days = numberOf(facts, 'sn_sb.secret_days', 365);
    return link.clients
      .map((client) => ({ client, age: Math.floor(ageOf(client.sys_created_on, facts) / 86_400_000) }))
      .filter(({ age }) => age > days)
      .map(({ client, age }) => ({
        summary: `"${client.name}" is ${age} days old, and so may be its secret`,
        evidence: [evidenceOf('oauth_entity', client, 'sys_created_on', `at most ${days} days ago`)],
        fix: 'Give both sides new secrets, in one step that is proven before the old ones go',
        commands: [`causeway exchange auth rotate ${link.number}`],
      }));
  },
};
