// Secrets that were never changed are known to more people every year.
import { type Check, evidenceOf } from '../check.ts';

export const auth06: Check = {
  code: 'AUTH-06',
  title: 'A secret of the connection is old',
  severity: 'info',
  needs: ['oauth_entity'],
  look({ facts, link }) {
    const days = Number(facts.properties.get('sn_sb.secret_days') || 365);
    return link.clients
      .map((client) => ({
        client,
        age: Math.floor((facts.now - Date.parse(`${(client.sys_created_on ?? '').replace(' ', 'T')}Z`)) / 86_400_000),
      }))
      .filter(({ age }) => age > days)
      .map(({ client, age }) => ({
        summary: `The secret of "${client.name}" is ${age} days old`,
        evidence: [evidenceOf('oauth_entity', client, 'sys_created_on', `at most ${days} days ago`)],
        fix: 'Give the client a new secret, and the peer the same',
      }));
  },
};
