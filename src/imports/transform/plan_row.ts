// What is to be done with one row, in the order of the platform: find the target, onBefore, field maps, map script. Reads, never writes.
import type { Table } from '../../records/dictionary.ts';
import { isJournal } from '../../records/field_types/unstored.ts';
import type { Row } from '../../records/records.ts';
import { type Creation, convert, type Look } from './convert.ts';
import { type Key, keysOf } from './match.ts';
import { codes, type RowNote, type RowStatus } from './outcome.ts';
import type { RowScripts } from './row_scripts.ts';
import type { Entry, TransformMap } from './transform_map.ts';

export interface Plan {
  /** Set when nothing is to be written. */
  readonly verdict?: { readonly status: RowStatus; readonly message: string };
  readonly action: 'insert' | 'update';
  readonly targetSysId: string;
  /** How the target was found, so that it can be looked for again inside the transaction. */
  readonly keys: readonly Key[];
  readonly values: Readonly<Record<string, string | null>>;
  readonly creations: readonly Creation[];
  readonly notes: readonly RowNote[];
}

const emptyRow: Row = Object.freeze(Object.create(null));

const missingMandatory = (map: TransformMap, target: Table, before: Row, pending: Readonly<Record<string, string>>): string[] => {
  if (map.enforceMandatory === 'no') return [];
  const mapped = new Set(map.entries.map((entry) => entry.targetField));
  return [...target.fields.values()]
    .filter(
      (field) => field.mandatory && field.column !== '' && (map.enforceMandatory === 'allFields' || mapped.has(field.element)),
    )
    .filter((field) => (pending[field.element] ?? before[field.element] ?? field.defaultValue) === '')
    .map((field) => field.label);
};

export const planRow = async (
  look: Look,
  parts: {
    map: TransformMap;
    target: Table;
    source: Row;
    scripts: RowScripts;
    /** The record that has these keys. */
    findTarget: (keys: readonly Key[]) => Promise<Row | undefined>;
  },
): Promise<Plan> => {
  const { map, target, source, scripts } = parts;
  const { state } = scripts;
  const notes: RowNote[] = [];
  const creations: Creation[] = [];
  const texts = new Map<Entry, string>();

  const done = (status: RowStatus, message: string, targetSysId = ''): Plan => ({
    verdict: { status, message },
    action: state.action === 'update' ? 'update' : 'insert',
    targetSysId,
    keys: [],
    values: {},
    creations: [],
    notes,
  });
  const failed = (code: number, message: string): Plan => {
    notes.push({ code, field: '', text: message });
    return done('error', message);
  };

  const textOf = async (entry: Entry): Promise<string> => {
    const known = texts.get(entry);
    if (known !== undefined) return known;
    const text = entry.script ? await scripts.answer(entry.script) : (source[entry.sourceField] ?? '');
    texts.set(entry, text);
    return text;
  };

  const keys = await keysOf(look, map, target, textOf);
  if (state.failure) return failed(codes.scriptError, state.failure);
  if (keys.kind === 'empty' && !map.createsOnEmptyCoalesce) return done('skipped', 'A coalesce field is empty');
  const found = keys.kind === 'keys' ? await parts.findTarget(keys.keys) : undefined;
  const targetSysId = found?.sys_id ?? '';
  state.action = found ? 'update' : 'insert';
  state.before = found ?? emptyRow;

  /** Set when a script has decided the fate of the row. */
  const decided = (): Plan | undefined => {
    if (state.failure) return failed(codes.scriptError, state.failure);
    if (state.error) return failed(codes.errorByScript, state.errorMessage || 'A script set the row to error');
    if (state.ignore) return done('ignored', state.statusMessage || 'Ignored by a script', targetSysId);
    return undefined;
  };

  await scripts.at('onBefore');
  const early = decided();
  if (early) return early;

  for (const entry of map.entries) {
    const field = target.fields.get(entry.targetField);
    if (!field || (field.column === '' && !isJournal(field.type))) {
      notes.push({
        code: codes.invalidTarget,
        field: entry.targetField,
        text: `${target.name} has no field ${entry.targetField}`,
      });
      continue;
    }
    const text = await textOf(entry);
    if (state.failure) return failed(codes.scriptError, state.failure);
    if (field.element === 'sys_id' && (text === '-1' || found)) continue;
    if (text === 'NULL' || text === '') {
      if (text === 'NULL' || map.copiesEmpty) state.pending[field.element] = '';
      continue;
    }
    const converted = await convert(look, field, entry, text);
    if (converted.kind !== 'value') {
      if (converted.note) notes.push(converted.note);
      if (converted.kind !== 'rejected') continue;
      await scripts.at('onReject', { name: field.element, value: text });
      return done('error', converted.note.text);
    }
    if (converted.note) notes.push(converted.note);
    const wished = converted.creations ?? [];
    let isRefused = false;
    for (const creation of wished) {
      const moment = creation.kind === 'record' ? 'onForeignInsert' : 'onChoiceCreate';
      if (await scripts.at(moment, { name: field.element, value: text })) isRefused = true;
      else creations.push(creation);
    }
    if (!isRefused) state.pending[field.element] = converted.value;
  }
  if (map.script) await scripts.answer(map.script);
  const late = decided();
  if (late) return late;
  if (state.isAborted) return done('ignored', 'A script aborted the change of the target', targetSysId);
  const missing = missingMandatory(map, target, state.before, state.pending);
  // What is still to be created is not empty.
  const open = missing.filter((label) => !creations.some((creation) => creation.field.label === label));
  if (open.length > 0) return failed(codes.recordRefused, `Mandatory fields are empty: ${open.join(', ')}`);
  const values = Object.fromEntries(Object.entries(state.pending).map(([element, text]) => [element, text === '' ? null : text]));
  const action = state.action;
  return { action, targetSysId, keys: keys.kind === 'keys' ? keys.keys : [], values, creations, notes };
};
