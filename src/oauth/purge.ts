// The job behind "Clean Expired OAuth Credentials" and "Clean expired Token Auth Credentials": rows go in small batches once they have been expired for as long as the properties say.
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
  const purge = async (table: string, keptMs: number): Promise<number> => {
    if (!Number.isFinite(keptMs)) return 0;
    const before = wireMoment(clock.now() - keptMs);
    let removed = 0;
    for (let run = 0; run < batchesPerRun; run += 1) {
      const rows = await records.find(table, `expires<${before}`, { limit: batch });
      if (rows.length === 0) break;
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const { sys_id: sysId = '' } of rows) {
          // Another purge may have been faster, or somebody gave the row a longer life: it is held between the look and the removal.
          const [present] = await within.findBy(table, { sys_id: sysId }, { limit: 1, forUpdate: true });
          if (present?.expires && present.expires < before) await within.remove(systemCaller, table, sysId);
        }
      });
      removed += rows.length;
    }
    return removed;
  };
  return {
    async run() {
      return (
        (await purge('oauth_credential', await properties.expiredKeptMs())) +
        (await purge('api_key', await properties.expiredKeysKeptMs())) +
        // A code that comes back after a day condemns nothing any more; the tokens of most clients have ended by then.
        (await purge('oauth_authorization_code', dayMs)) +
        (await purge('oauth_retired_secret', 0))
      );
    },
  };
};
