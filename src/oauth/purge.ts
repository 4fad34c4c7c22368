// The job behind "Clean Expired OAuth Credentials": rows go in small batches once they have been expired for as long as the properties say.
// Must not remove a row whose token could still be taken, nor a used code while its tokens may live.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';
import type { OAuthProperties } from './properties.ts';

const batch = 200;
const batchesPerRun = 100;
const dayMs = 86_400_000;

export interface OAuthPurge {
  /** Answers how many rows went. Safe to repeat and to run on several processes at once. */
  run(): Promise<number>;
}

export const makeOAuthPurge = ({
  records,
  clock,
  properties,
}: {
  records: Records;
  clock: Clock;
  properties: OAuthProperties;
}): OAuthPurge => {
  const purge = async (table: string, query: string): Promise<number> => {
    let removed = 0;
    for (let run = 0; run < batchesPerRun; run += 1) {
      const rows = await records.find(table, query, { limit: batch });
      if (rows.length === 0) break;
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const { sys_id: sysId = '' } of rows) {
          // Another purge may have been faster: the row is held, so that it cannot go between the look and the removal.
          const [present] = await within.findBy(table, { sys_id: sysId }, { limit: 1, forUpdate: true });
          if (present !== undefined) await within.remove(systemCaller, table, sysId);
        }
      });
      removed += rows.length;
    }
    return removed;
  };
  return {
    async run() {
      const now = clock.now();
      const credentialsBefore = wireMoment(now - (await properties.expiredKeptMs()));
      return (
        (await purge('oauth_credential', `expires<${credentialsBefore}`)) +
        // A code that comes back after a day condemns nothing any more; the tokens of most clients have ended by then.
        (await purge('oauth_authorization_code', `expires<${wireMoment(now - dayMs)}`)) +
        (await purge('oauth_retired_secret', `expires<${wireMoment(now)}`))
      );
    },
  };
};
