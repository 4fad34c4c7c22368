// Display values: what a person in the caller's zone sees of a field, also of a value that is not stored yet.
import { isFault } from '../../kit/fault.ts';
import type { Field } from '../../records/dictionary.ts';
import { fieldTypeOf } from '../../records/field_types/index.ts';
import { makeCell } from '../../records/present/cell.ts';
import { noNames } from '../../records/present/names.ts';
import type { Meter } from '../script.ts';
import type { HostCall, HostRun } from './host_parts.ts';
import { textIn } from './input.ts';
import { storedTexts } from './stored_texts.ts';

/** What the records behind the keys are called; keys that lead nowhere, or where the caller may not look, are left out. */
const namesOf = async (
  run: HostRun,
  meter: Meter,
  field: Field,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const shownField = run.records.dictionary().table(field.reference)?.displayField?.element;
  if (!shownField) return new Map();
  meter.query();
  const key = field.referenceKey || 'sys_id';
  const query = `${key}IN${keys.map((one) => one.replaceAll('^', '^^')).join(',')}`;
  const found = await run.records
    .list(run.caller, {
      table: field.reference,
      query,
      fields: [key, shownField],
      limit: keys.length,
      onInvalidTerm: 'match_nothing',
    })
    .catch((error: unknown) => {
      if (isFault(error) && error.kind === 'forbidden') return undefined;
      throw error;
    });
  if (!found) return new Map();
  const { fields, rows } = storedTexts(run, found);
  const [keyAt, shownAt] = [fields.indexOf(key), fields.indexOf(shownField)];
  return new Map(rows.map((row) => [row[keyAt] ?? '', row[shownAt] ?? '']));
};

const show: HostCall = async (run, input, meter) => {
  const dictionary = run.records.dictionary();
  const field = dictionary.table(textIn(input, 'table'))?.fields.get(textIn(input, 'field'));
  const value = textIn(input, 'value');
  if (!field || value === '') return value;
  if (field.type === 'reference' && field.reference !== '')
    return (await namesOf(run, meter, field, [value])).get(value) ?? value;
  if (field.type === 'glide_list' && field.reference !== '') {
    const keys = value.split(',').slice(0, 1000);
    const names = await namesOf(run, meter, field, keys);
    return keys.map((key) => names.get(key) ?? key).join(', ');
  }
  const cell = makeCell(
    { key: field.element, field, valueAt: 0, displayAt: -1 },
    { dictionary, linkBase: '', timeZone: run.timeZone, formats: run.caller.formats },
  );
  // A value that its type does not understand is shown as it is.
  const stored = fieldTypeOf(field.type).read(value, { isDisplay: false, timeZone: 'UTC' });
  return stored === undefined || stored === '' ? value : cell.shown([fieldTypeOf(field.type).toColumn(stored)], noNames);
};

const isStored = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?$/;

/** A moment or a day on the caller's wall clock, as he writes it. */
const momentText: HostCall = async ({ caller: { formats } }, input) => {
  const text = textIn(input, 'text');
  if (!formats || !isStored.test(text)) return text;
  return text.length === 10 ? formats.day(text) : formats.moment(text);
};

/** And back; null for what he does not write that way. */
const momentRead: HostCall = async ({ caller: { formats } }, input) => formats?.read(textIn(input, 'text')) ?? null;

export const showing: ReadonlyMap<string, HostCall> = new Map([
  ['show', show],
  ['moment_text', momentText],
  ['moment_read', momentRead],
]);
