// Who can sign in at the demo's provider.
// It must not name anyone whom the demo data does not have.
import type { People } from './identity_provider.ts';

export const demoPerson = 'tomas.lindgren';

/** They are among the users of the demo data, under the same names. */
export const demoPeople: People = new Map([
  [
    demoPerson,
    { name: 'Tomas Lindgren', preferred_username: demoPerson, email: `${demoPerson}@example.com`, email_verified: true },
  ],
  ['mei.tanaka', { name: 'Mei Tanaka', preferred_username: 'mei.tanaka', email: 'mei.tanaka@example.com', email_verified: true }],
]);
