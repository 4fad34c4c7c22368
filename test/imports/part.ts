// A record layer with the import room on it, on a fresh database of an engine. For the tests of this folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Imports, makeImports } from '../../src/imports/make_imports.ts';
import { makeImportRules } from '../../src/imports/rules/index.ts';
import type { ScriptOpener } from '../../src/imports/transform/scripts.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { makeLocalhostLog } from '../../src/kit/localhost_log.ts';
import { makeOutbound } from '../../src/kit/outbound.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { makeRightsCache } from '../../src/records/load_rights.ts';
import type { OpenedRecords } from '../../src/records/open_records.ts';
import type { Records, Row, Rule } from '../../src/records/records.ts';
import type { Store } from '../../src/store/store.ts';
import type { Engine } from '../parts/engines.ts';
import { type Opened, openOn } from '../records/part.ts';

export interface Room {
  opened: Opened;
  records: Records;
  imports: Imports;
  /** Another process on the same database. */
  again(): Promise<{ imports: Imports; records: Records; close(): Promise<void> }>;
  put(table: string, values: Record<string, string>): Promise<Row>;
  all(table: string, query?: string): Promise<Row[]>;
  close(): Promise<void>;
}

const noScripts: ScriptOpener = async () => {
  throw new Error('this test has no scripts');
};

export const openRoom = async (engine: Engine, openScripts: ScriptOpener = noScripts, moreRules: Rule[] = []): Promise<Room> => {
  const rules = makeImportRules(() => opened.records.dictionary());
  const opened: Opened = await openOn(engine, { rules: [...rules, ...moreRules] });
  const folder = await mkdtemp(join(tmpdir(), 'causeway-imports-'));
  const log = makeLocalhostLog({ clock: opened.clock, dir: folder });
  const make = ({ records, properties }: OpenedRecords, store: Store): Imports =>
    makeImports({
      records,
      rights: () => makeRightsCache({ store, properties }).current(),
      topics: store,
      properties,
      clock: opened.clock,
      ids: makeIds(opened.clock),
      log,
      outbound: makeOutbound({ clock: opened.clock }),
      sealer: opened.sealer,
      openScripts,
    });
  const imports = make(opened, opened.store);
  const { records } = opened;
  return {
    opened,
    records,
    imports,
    async again() {
      const more = await opened.openAgain({ rules });
      const others = make(more, more.store);
      return {
        imports: others,
        records: more.records,
        async close() {
          await others.close();
          await more.close();
        },
      };
    },
    put: (table, values) => records.write((transaction) => records.within(transaction).insert(systemCaller, table, values)),
    all: (table, query = '') => records.find(table, query),
    async close() {
      await imports.close();
      await log.close();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A map with its entries: `target field → source field`, more about an entry after it. */
export const putMap = async (
  room: Room,
  map: Record<string, string>,
  entries: Record<string, string | (Record<string, string> & { source_field?: string })>,
): Promise<string> => {
  const made = await room.put('sys_transform_map', { name: 'a map', ...map });
  for (const [target_field, given] of Object.entries(entries)) {
    const more = typeof given === 'string' ? { source_field: given } : given;
    await room.put('sys_transform_entry', { map: made.sys_id ?? '', target_field, ...more });
  }
  return made.sys_id ?? '';
};

export async function* bytesOf(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
