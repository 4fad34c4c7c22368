// Runs the map again for a user who is known, where the configuration wants that. Once per set of claims; what goes wrong is recorded and
// never stands in the way of signing in.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import { isFault } from '../../kit/fault.ts';
import { sha256Hex } from '../../kit/fingerprint.ts';
import { flatten } from '../flatten.ts';
import { type MakeUserParts, whatWentWrong } from './make_user.ts';
import type { Proven } from './provisioner.ts';
import { cannotProvision, type Provisioning, readProvisioning, userMap } from './provisioning.ts';

const rememberedClaims = 10_000;

export const makeRefreshUser = ({ records, maps, rows, log }: MakeUserParts) => {
  const done = makeBoundedMap<string, true>(rememberedClaims);

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

  return async ({ configuration, claims }: Proven, user: string): Promise<void> => {
    const digest = sha256Hex(JSON.stringify([configuration, user, ...flatten(claims)]));
    if (done.get(digest)) return;
    try {
      const wanted = await readProvisioning(records, configuration);
      if (!wanted?.updatesOnLogin) return;
      // Marked before the work: a second call with the same token need not do it as well.
      done.set(digest, true);
      await refresh(wanted, claims, user);
    } catch (error) {
      if (!isFault(error)) throw error;
      log.write({ level: 'warning', text: `User ${user} was not updated from the claims: ${whatWentWrong(error)}` });
    }
  };
};
