// A change of credentials, upgrade or rotation, that has stopped on its way.
import { type Check, evidenceOf } from '../check.ts';
import { ageOf, spanOf } from '../outage.ts';

/** A step takes a second, and is tried again by itself. */
const patientMs = 600_000;

export const auth11: Check = {
  code: 'AUTH-11',
  title: 'A change of credentials is stuck',
  severity: 'error',
  needs: ['sn_sb_connection'],
  look({ facts, link }) {
    const { authChange: change } = link;
    const age = ageOf(change?.step_at, facts);
    if (!change?.step_error || age < patientMs) return [];
    return [
      {
        summary: `The ${change.kind || 'change'} of the credentials stands at step "${change.step}" since ${spanOf(age)}: ${change.step_error}`,
        evidence: [evidenceOf('causeway_auth_change', { ...change, name: change.operation ?? '' }, 'step', 'done')],
        fix: 'It is tried again by itself; try at once, or take it back: the pair before it still works',
        commands: [`causeway exchange retry ${link.number}`, `causeway exchange auth abort ${link.number}`],
      },
    ];
  },
};
