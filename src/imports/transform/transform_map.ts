// A transform map as it is used: its rows read once and kept until one of them changes.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Records, Row } from '../../records/records.ts';
import { makeReadDate, type ReadDate } from './date_format.ts';
import type { ScriptText } from './scripts.ts';

export type ChoiceAction = 'create' | 'ignore' | 'reject';

export interface Entry {
  readonly sourceField: string;
  readonly targetField: string;
  readonly isCoalesce: boolean;
  readonly coalescesEmpty: boolean;
  readonly isCaseSensitive: boolean;
  readonly script: ScriptText | undefined;
  readonly choiceAction: ChoiceAction;
  readonly dateFormat: string;
  /** By the date format; undefined where the entry has none. */
  readonly readDate: ReadDate | undefined;
  readonly referenceValueField: string;
}

export type Moment = 'onStart' | 'onBefore' | 'onAfter' | 'onReject' | 'onForeignInsert' | 'onChoiceCreate' | 'onComplete';

export interface TransformMap {
  readonly sysId: string;
  readonly name: string;
  readonly sourceTable: string;
  readonly targetTable: string;
  readonly isActive: boolean;
  readonly order: number;
  readonly enforceMandatory: 'no' | 'onlyMappedFields' | 'allFields';
  readonly copiesEmpty: boolean;
  readonly createsOnEmptyCoalesce: boolean;
  readonly script: ScriptText | undefined;
  readonly entries: readonly Entry[];
  readonly scripts: ReadonlyMap<string, readonly ScriptText[]>;
  /** Any script at all: such maps are transformed row by row. */
  readonly hasScripts: boolean;
  /** The row itself, for the variable `map`. */
  readonly row: Row;
}

export const mapsTopic = 'transform_maps';

const scriptOf = (table: string, row: Row, element: string): ScriptText | undefined =>
  row[element]?.trim() ? { source: row[element], file: `${table}.${row.sys_id}` } : undefined;

const orderOf = (row: Row): number => Number(row.order || 0);
const byOrder = (a: Row, b: Row): number => orderOf(a) - orderOf(b) || ((a.sys_id ?? '') < (b.sys_id ?? '') ? -1 : 1);

const entryOf = (row: Row): Entry => ({
  sourceField: row.source_field ?? '',
  targetField: row.target_field ?? '',
  isCoalesce: row.coalesce === 'true',
  coalescesEmpty: row.coalesce_empty_fields === 'true',
  isCaseSensitive: row.coalesce_case_sensitive === 'true',
  script: row.use_source_script === 'true' ? scriptOf('sys_transform_entry', row, 'source_script') : undefined,
  choiceAction: row.choice_action === 'ignore' || row.choice_action === 'reject' ? row.choice_action : 'create',
  dateFormat: row.date_format ?? '',
  readDate: row.date_format ? makeReadDate(row.date_format) : undefined,
  referenceValueField: row.reference_value_field ?? '',
});

const makeMap = (row: Row, entryRows: readonly Row[], scriptRows: readonly Row[]): TransformMap => {
  const entries = entryRows.map(entryOf).filter((entry) => entry.targetField !== '');
  const scripts = new Map<string, ScriptText[]>();
  for (const each of scriptRows.filter((one) => one.active === 'true').toSorted(byOrder)) {
    const script = scriptOf('sys_transform_script', each, 'script');
    const when = each.when ?? '';
    if (script) scripts.set(when, [...(scripts.get(when) ?? []), script]);
  }
  const script = row.run_script === 'true' ? scriptOf('sys_transform_map', row, 'script') : undefined;
  return {
    sysId: row.sys_id ?? '',
    name: row.name ?? '',
    sourceTable: row.source_table ?? '',
    targetTable: row.target_table ?? '',
    isActive: row.active === 'true',
    order: orderOf(row),
    enforceMandatory:
      row.enforce_mandatory_fields === 'onlyMappedFields' || row.enforce_mandatory_fields === 'allFields'
        ? row.enforce_mandatory_fields
        : 'no',
    copiesEmpty: row.copy_empty_fields === 'true',
    createsOnEmptyCoalesce: row.create_new_record_on_empty_coalesce === 'true',
    script,
    entries,
    scripts,
    hasScripts: script !== undefined || scripts.size > 0 || entries.some((entry) => entry.script !== undefined),
    row,
  };
};

export interface TransformMaps {
  /** Active maps of a staging table, in order. */
  of(sourceTable: string): Promise<readonly TransformMap[]>;
  /** By sys_id, or by name among the maps of a staging table; active or not. */
  find(sourceTable: string, nameOrId: string): Promise<TransformMap | undefined>;
}

export const makeTransformMaps = (parts: {
  records: Pick<Records, 'findBy'>;
  topics: { topic(name: string): number };
}): TransformMaps => {
  const { records, topics } = parts;
  const kept = makeBoundedMap<string, Promise<readonly TransformMap[]>>(500);
  let seen = Number.NaN;

  const load = async (sourceTable: string): Promise<readonly TransformMap[]> => {
    const rows = await records.findBy('sys_transform_map', { source_table: sourceTable }, { limit: 200 });
    return Promise.all(
      rows.toSorted(byOrder).map(async (row) => {
        const map = row.sys_id ?? '';
        const [entries, scripts] = await Promise.all([
          records.findBy('sys_transform_entry', { map }, { limit: 1_000 }),
          records.findBy('sys_transform_script', { map }, { limit: 200 }),
        ]);
        return makeMap(row, entries, scripts);
      }),
    );
  };

  const all = (sourceTable: string): Promise<readonly TransformMap[]> => {
    const now = topics.topic(mapsTopic);
    if (now !== seen) kept.clear();
    seen = now;
    const known = kept.get(sourceTable);
    if (known) return known;
    const loading = load(sourceTable);
    kept.set(sourceTable, loading);
    loading.catch(() => kept.delete(sourceTable));
    return loading;
  };

  return {
    of: async (sourceTable) => (await all(sourceTable)).filter((map) => map.isActive),
    find: async (sourceTable, nameOrId) => {
      const maps = await all(sourceTable);
      const name = nameOrId.trim().toLowerCase();
      return maps.find((map) => map.sysId === nameOrId) ?? maps.find((map) => map.name.toLowerCase() === name);
    },
  };
};
