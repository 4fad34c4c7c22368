// What identity/ calls when a proven token names nobody, or somebody it knows. Calls of one process for one person share one making.
import type { Clock } from '../../kit/clock.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import type { Records } from '../../records/records.ts';
import type { ImportSets } from '../import_sets.ts';
import type { StagingTables } from '../staging_tables.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMaps } from '../transform/transform_map.ts';
import { makeClaimsRows } from './claims_row.ts';
import { makeMakeUser } from './make_user.ts';
import { personKey } from './person_key.ts';
import { makeRefreshUser } from './refresh_user.ts';

export interface Proven {
  readonly entity: string;
  readonly configuration: string;
  /** What the user claim says. */
  readonly userText: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Provisioner {
  /** sys_id of the user, made now or by another call meanwhile; undefined when the configuration makes none. Throws `imports.provision_failed`. */
  provision(proven: Proven): Promise<string | undefined>;
  /** For a known user, where the configuration says update_on_login. Never throws for what is wrong with the claims or the map. */
  refresh(proven: Proven, user: string): Promise<void>;
}

export interface ProvisionerParts {
  records: Records;
  clock: Clock;
  staging: StagingTables;
  sets: ImportSets;
  maps: TransformMaps;
  openScripts: ScriptOpener;
  log: LocalhostLog;
}

export const makeProvisioner = (parts: ProvisionerParts): Provisioner => {
  const inside = { ...parts, rows: makeClaimsRows(parts) };
  const makeUser = makeMakeUser(inside);
  const making = makeSingleFlight<string | undefined>();
  const { refresh, isUpToDate } = makeRefreshUser(inside);
  return {
    refresh,
    provision: (proven) =>
      making.run(personKey(proven), async () => {
        const user = await makeUser(proven);
        if (user) isUpToDate(proven, user);
        return user;
      }),
  };
};
