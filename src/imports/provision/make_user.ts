// Makes a user from the claims of a proven token: one staging row, one map, one transaction. Whoever comes second finds the user made.
// It only ever adds: a map that finds somebody else's record does not get to change it.
import { type Fault, isFault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Records } from '../../records/records.ts';
import type { TransformMaps } from '../transform/transform_map.ts';
import type { ClaimsRows, Staged } from './claims_row.ts';
import { findUsers } from './find_users.ts';
import { grantRoles } from './grant_roles.ts';
import type { Proven } from './provisioner.ts';
import { cannotProvision, type Provisioning, readProvisioning, userMap } from './provisioning.ts';

export interface MakeUserParts {
  records: Records;
  maps: TransformMaps;
  rows: ClaimsRows;
  log: LocalhostLog;
}

export const whatWentWrong = (fault: Fault): string =>
  fault.code === 'imports.provision_failed'
    ? (fault.detail ?? fault.message)
    : [fault.message, fault.explanation, fault.detail].filter(Boolean).join(': ');

const meanwhile = 'Another call made this user first';

/** sys_id of the user, made now or by another call meanwhile; undefined when the configuration makes none. Throws `imports.provision_failed`. */
export const makeMakeUser = ({ records, maps, rows, log }: MakeUserParts) => {
  const transform = async (wanted: Provisioning, staged: Staged, text: string): Promise<string> => {
    const map = await userMap(maps, wanted.table);
    const { userField, userClaim, roles } = wanted;
    let guarded: readonly string[] = [];
    const outcome = await rows.run(staged, map, async (transaction, made) => {
      if (made.status === 'error' || made.status === 'skipped') return;
      if (made.targetSysId === '') throw cannotProvision('the transform map ignored the claims');
      // Even when the found user would match afterwards: whose record it was is what counts, not what the map makes of it.
      if (made.status !== 'inserted')
        throw cannotProvision(
          `the transform map found user ${made.targetSysId}, whose ${userField} was not the claim ${userClaim}`,
        );
      const found = await findUsers(records.within(transaction), userField, text);
      if (found.length !== 1 || found[0]?.sys_id !== made.targetSysId)
        throw cannotProvision(`after the transform map ${found.length} users have the claim ${userClaim} as their ${userField}`);
      guarded = await grantRoles(records, transaction, { user: made.targetSysId, roles });
    });
    if (outcome.status !== 'inserted') throw cannotProvision(outcome.errorMessage || outcome.statusMessage || outcome.status);
    if (guarded.length > 0)
      log.write({ level: 'warning', text: `Provisioning left out ${guarded.length} roles that only an admin may give` });
    return outcome.targetSysId;
  };

  return async ({ configuration, userText, claims }: Proven): Promise<string | undefined> => {
    const wanted = await readProvisioning(records, configuration);
    if (wanted?.configuration.auto_provision !== 'true') return undefined;
    const map = await userMap(maps, wanted.table);
    const staged = await rows.stage(wanted, claims);
    const madeElsewhere = async (): Promise<string | undefined> => {
      const [user] = await findUsers(records, wanted.userField, userText);
      if (user) await rows.finish(staged, map, { state: 'ignored', comment: meanwhile });
      return user?.sys_id;
    };
    const already = await madeElsewhere();
    if (already) return already;
    try {
      const user = await transform(wanted, staged, userText);
      await rows.finish(staged, map, { state: 'as transformed' });
      return user;
    } catch (error) {
      if (!isFault(error)) throw error;
      const made = await madeElsewhere();
      if (made) return made;
      const comment = whatWentWrong(error);
      await rows.finish(staged, map, { state: 'error', comment });
      throw cannotProvision(`staging row ${staged.row.sys_id} of ${wanted.table}: ${comment}`, error);
    }
  };
};
