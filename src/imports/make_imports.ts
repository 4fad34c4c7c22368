// Puts the room together: what instance.ts hands to identity, to the doors and to its timers. Decides nothing.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Outbound } from '../kit/outbound.ts';
import type { Sealer } from '../kit/seal.ts';
import type { Records } from '../records/records.ts';
import type { Rights } from '../records/rights.ts';
import { type ImportRows, makeImportRows } from './import_rows.ts';
import { makeImportSets } from './import_sets.ts';
import { type InsertMultiple, makeInsertMultiple } from './insert_multiple.ts';
import { type ImportJobs, makeImportJobs } from './jobs/import_jobs.ts';
import { makeProvisioner, type Provisioner } from './provision/provisioner.ts';
import { makePurge } from './purge.ts';
import { makeRequireCreate } from './require_create.ts';
import { makeStagingTables, type StagingTables } from './staging_tables.ts';
import type { ScriptOpener } from './transform/scripts.ts';
import { makeTransformMaps } from './transform/transform_map.ts';
import { transformInserts } from './transform_inserts.ts';

export interface ImportsParts {
  records: Records;
  rights: () => Promise<Rights> | Rights;
  topics: { topic(name: string): number };
  properties: { flag(name: string, fallback?: boolean): Promise<boolean> };
  clock: Clock;
  ids: Ids;
  log: LocalhostLog;
  outbound: Outbound;
  sealer: Sealer;
  openScripts: ScriptOpener;
}

export interface Imports {
  readonly rows: ImportRows;
  readonly insertMultiple: InsertMultiple;
  readonly jobs: ImportJobs;
  readonly provisioner: Provisioner;
  readonly staging: StagingTables;
  /** For the doors: inserts into staging tables end with the transform. */
  readonly records: Records;
  /** Closes yesterday's open sets, removes sets older than a week and uploads nobody finished. */
  purge(): Promise<void>;
  /** Ends background work after the batch under way; what is left goes on at the next start. */
  close(): Promise<void>;
}

export const makeImports = (parts: ImportsParts): Imports => {
  const { records, clock, topics, properties } = parts;
  const staging = makeStagingTables({ records });
  const sets = makeImportSets({ records, clock });
  const maps = makeTransformMaps({ records, topics });
  const requireCreate = makeRequireCreate(parts);
  const mayGrow = () => properties.flag('glide.import_set_row.dynamically_add_fields', true);
  const inside = { ...parts, staging, sets, maps, requireCreate, mayGrow };
  const rows = makeImportRows(inside);
  const jobs = makeImportJobs(inside);
  return {
    rows,
    jobs,
    staging,
    records: transformInserts({ records, rows, sets, staging }),
    insertMultiple: makeInsertMultiple({ ...inside, jobs }),
    provisioner: makeProvisioner(inside),
    purge: makePurge(inside),
    close: () => jobs.close(),
  };
};
