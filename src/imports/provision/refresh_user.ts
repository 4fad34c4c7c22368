// Runs the map again for a user who is known, where the configuration wants that: when a claim has changed, and once an hour. What goes
// wrong is recorded and never stands in the way of signing in.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Clock } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import { sha256Hex } from '../../kit/fingerprint.ts';
import { type MakeUserParts, whatWentWrong } from './make_user.ts';
import { personKey } from './person_key.ts';
import type { Proven } from './provisioner.ts';
import { cannotProvision, type Provisioning, readProvisioning, userMap } from './provisioning.ts';

const rememberedClaims = 10_000;
/** Somebody may have changed the user or the map meanwhile; the original waits as long. */
const againAfterMs = 3_600_000;

export const makeRefreshUser = ({ records, clock, maps, rows, log }: MakeUserParts & { clock: Clock }) => {
  const done = makeBoundedMap<string, number>(rememberedClaims);

  const refresh = async (wanted: Provisioning, claims: Proven['claims'], user: string): Promise<void> => {
    const map = await userMap(maps, wanted.table);
    const staged = await rows.stage(wanted, claims);
    try {
      await rows.run(staged, map, async (_transaction, { status, targetSysId }) => {
        if (status === 'error' || status === 'skipped') return;
        if (targetSysId !== user)
          throw cannotProvision(`the transform map found or made user ${targetSysId}, not ${user} who signs in`);
      });
      await rows.finish(staged, map, { state: 'as transformed' });
    } catch (error) {
      if (!isFault(error)) throw error;
      await rows.finish(staged, map, { state: 'error', comment: whatWentWrong(error) });
      throw error;
    }
  };

  const digestOf = (proven: Proven, user: string): string => sha256Hex(`${user} ${personKey(proven)}`);

  return {
    /** The user was made from these very claims. */
    isUpToDate: (proven: Proven, user: string): void => done.set(digestOf(proven, user), clock.now()),

    async refresh(proven: Proven, user: string): Promise<void> {
      const digest = digestOf(proven, user);
      if (clock.now() - (done.get(digest) ?? Number.NEGATIVE_INFINITY) < againAfterMs) return;
      try {
        const wanted = await readProvisioning(records, proven.configuration);
        if (!wanted?.updatesOnLogin) return;
        // Marked before the work: a second call need not do it as well.
        done.set(digest, clock.now());
        await refresh(wanted, proven.claims, user);
      } catch (error) {
        if (!isFault(error)) throw error;
        log.write({ level: 'warning', text: `User ${user} was not updated from the claims: ${whatWentWrong(error)}` });
      }
    },
  };
};
