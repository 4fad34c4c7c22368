// Names behind lists of references, and journal texts, for answers with display values: read with the caller's own rights.
// It must not show a name or an entry that the caller could not have listed.
import { readWireMoment } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';
import { isJournal } from '../../records/field_types/unstored.ts';
import { type ShownNames, wantedNames } from '../../records/present/names.ts';
import type { Records, Selection } from '../../records/records.ts';
import { toWall } from '../../records/zoned.ts';

const mostEntries = 10_000;

type Cells = readonly string[];

/** Rows of named fields as text; none where the caller may not read the table. */
const readCells = async (
  records: Records,
  caller: Caller,
  request: { table: string; query: string; fields: readonly string[] },
): Promise<Cells[]> => {
  try {
    const { columns, rows } = await records.list(caller, { ...request, limit: mostEntries, onInvalidTerm: 'match_nothing' });
    const places = request.fields.map((name) => columns.find(({ key }) => key === name)?.valueAt ?? -1);
    return rows.map((row) => places.map((at) => (at < 0 ? '' : String(row[at] ?? ''))));
  } catch (error) {
    if (isFault(error) && error.kind === 'forbidden') return [];
    throw error;
  }
};

const keyOf = (...words: readonly string[]): string => words.join('\0');

const readNames = async (
  records: Records,
  caller: Caller,
  table: string,
  keys: ReadonlySet<string>,
): Promise<[string, string][]> => {
  const display = records.dictionary().table(table)?.displayField?.element;
  // Only what looks like a sys_id can name a record, and only that may stand in a query.
  const sysIds = [...keys].filter((key) => /^[0-9a-z]{32}$/i.test(key));
  if (display === undefined || sysIds.length === 0) return [];
  const cells = await readCells(records, caller, { table, query: `sys_idIN${sysIds.join(',')}`, fields: ['sys_id', display] });
  return cells.map(([sysId = '', name = '']) => [keyOf(table, sysId), name]);
};

const entryText = (caller: Caller, label: string, [, , createdOn = '', author = '', value = '']: Cells): string => {
  const wall = new Date(toWall(readWireMoment(createdOn), caller.timeZone)).toISOString().slice(0, 19).replace('T', ' ');
  return `${caller.formats?.moment(wall) ?? wall} - ${author} (${label})\n${value}\n\n`;
};

/** user_name → name, as far as the caller may read them. */
export const readAuthors = async (
  records: Records,
  caller: Caller,
  userNames: ReadonlySet<string>,
): Promise<Map<string, string>> => {
  const safe = [...userNames].filter((name) => /^[^,^]+$/.test(name));
  if (safe.length === 0) return new Map();
  const query = `user_nameIN${safe.join(',')}`;
  const cells = await readCells(records, caller, { table: 'sys_user', query, fields: ['user_name', 'name'] });
  return new Map(cells.map(([userName = '', name = '']) => [userName, name || userName]));
};

/** What a list of journals shows: those of the table that the caller may read in every record. */
const readableJournals = async (records: Records, caller: Caller, table: string): Promise<string[]> =>
  (await records.readableFields(caller, table))
    .filter(({ field, inEveryRow }) => inEveryRow && isJournal(field.type) && field.type !== 'journal_list')
    .map(({ field }) => field.element);

const readJournals = async (
  records: Records,
  caller: Caller,
  selection: Selection,
  wanted: { journals: readonly string[]; sysIds: readonly string[] },
): Promise<Map<string, string>> => {
  const { fields: known, name: table } = selection.table;
  const lists = wanted.journals.filter((element) => known.get(element)?.type === 'journal_list');
  const listed = new Set(lists.length === 0 ? [] : await readableJournals(records, caller, table));
  const elements = [...new Set([...wanted.journals, ...listed])];
  const query = `element_idIN${wanted.sysIds.join(',')}^elementIN${elements.join(',')}^ORDERBYDESCsys_created_on^ORDERBYDESCsys_id`;
  const fields = ['element_id', 'element', 'sys_created_on', 'sys_created_by', 'value'];
  const entries = await readCells(records, caller, { table: 'sys_journal_field', query, fields });
  const authors = await readAuthors(records, caller, new Set(entries.map(([, , , userName = '']) => userName)));
  const texts = new Map<string, string>();
  for (const [sysId = '', element = '', createdOn = '', userName = '', value = ''] of entries) {
    const label = known.get(element)?.label ?? element;
    const entry = entryText(caller, label, [sysId, element, createdOn, authors.get(userName) ?? userName, value]);
    for (const into of listed.has(element) ? [element, ...lists] : [element])
      texts.set(keyOf(sysId, into), (texts.get(keyOf(sysId, into)) ?? '') + entry);
  }
  return texts;
};

/** What display values of this selection need beyond its rows; no query where nothing is needed. */
export const shownNames =
  (records: Records) =>
  async ({ caller }: { caller: Caller }, selection: Selection): Promise<ShownNames> => {
    const wanted = wantedNames(selection);
    const names = new Map<string, string>();
    for (const [table, keys] of wanted.names) {
      for (const [key, name] of await readNames(records, caller, table, keys)) names.set(key, name);
    }
    const hasJournals = wanted.journals.length > 0 && wanted.sysIds.length > 0;
    const journals = hasJournals ? await readJournals(records, caller, selection, wanted) : new Map<string, string>();
    return {
      nameOf: (table, key) => names.get(keyOf(table, key)),
      journalOf: (sysId, element) => journals.get(keyOf(sysId, element)) ?? '',
    };
  };
