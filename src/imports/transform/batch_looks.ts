// What a batch of rows looks up, asked for together before the first of them is written: the targets that their keys mean, and the
// records that their references name. An answer that a row of the batch may have changed is asked for again.
import type { Table } from '../../records/dictionary.ts';
import type { GatheringRecords, RecordsInTransaction, Row, Values } from '../../records/records.ts';
import type { Look } from './convert.ts';
import { findMatch, firstMatch, type Key, keysOf, matchLimit, matchOf } from './match.ts';
import type { TransformMap } from './transform_map.ts';

export interface BatchLooks {
  /** For everything but targets. */
  readonly look: Look;
  /** Rows that have keys, and whose target is not there yet. */
  readonly unmatched: number;
  findTarget(keys: readonly Key[]): Promise<Row | undefined>;
  /** To be told of every target that was written, as it was and as it is. */
  wrote(before: Row, after: Row): void;
  /** To be told of every record that was made for a reference. */
  made(table: string, text: string): void;
  /** To be told when somebody wrote what cannot be known. */
  forgetAll(): void;
}

// Wider than either engine's own comparison: two words that one of them takes for one are one here.
const folded = (text: string | undefined): string =>
  (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^false$/, '');

const exactText = (keys: readonly Key[]): string => JSON.stringify(keys.map((key) => key.stored));
const foldedText = (texts: readonly (string | undefined)[]): string => JSON.stringify(texts.map(folded));

/** The look, remembering what was found by one word. */
const rememberingLook = (within: Look, isOfTarget: (table: string) => boolean) => {
  const kept = new Map<string, Map<string, { readonly element: string; readonly rows: Promise<Row[]> }>>();
  const isWord = (table: string, element: string): boolean => {
    const type = within.dictionary.table(table)?.fields.get(element)?.columnType;
    return type === 'text' || type === 'text_nocase';
  };
  const look: Look = {
    dictionary: within.dictionary,
    findBy(table, match, options = {}) {
      const [only, second] = Object.entries(match);
      const [element, text] = only ?? [];
      if (second || !element || !text || options.forUpdate || options.limit !== 1 || !isWord(table, element))
        return within.findBy(table, match, options);
      const ofTable = kept.get(table) ?? new Map();
      kept.set(table, ofTable);
      const key = JSON.stringify([element, text]);
      const known = ofTable.get(key);
      if (known) return known.rows;
      const rows = within.findBy(table, match, options);
      ofTable.set(key, { element, rows });
      return rows;
    },
  };
  return {
    look,
    forget(...rows: readonly Row[]): void {
      for (const [table, ofTable] of kept) {
        if (!isOfTarget(table)) continue;
        for (const [key, { element }] of ofTable) {
          const text = folded((JSON.parse(key) as string[])[1]);
          if (rows.some((row) => folded(row[element]) === text)) ofTable.delete(key);
        }
      }
    },
    forgetWord(word: string): void {
      for (const ofTable of kept.values())
        for (const key of ofTable.keys()) if (folded((JSON.parse(key) as string[])[1]) === folded(word)) ofTable.delete(key);
    },
    forgetAll: () => kept.clear(),
  };
};

export const lookTogether = async (parts: {
  within: RecordsInTransaction;
  /** Read through once the batch is being written. */
  gathering: () => Pick<GatheringRecords, 'findBy'>;
  dictionary: Look['dictionary'];
  map: TransformMap;
  target: Table;
  rows: readonly Row[];
}): Promise<BatchLooks> => {
  const { within, gathering, dictionary, map, target, rows } = parts;
  const through: Look = { dictionary, findBy: (table, match, options) => gathering().findBy(table, match, options) };
  const family = new Set([...target.chain, ...target.descendants].map((table) => table.name));
  const remembered = rememberingLook(through, (table) => family.has(table));

  const asked = new Map<string, readonly Key[]>();
  let withKeys = 0;
  for (const row of rows) {
    const keys = await keysOf(remembered.look, map, target, async (entry) =>
      entry.script ? '' : (row[entry.sourceField] ?? ''),
    );
    if (keys.kind === 'empty') continue;
    withKeys += 1;
    if (keys.kind === 'keys') asked.set(exactText(keys.keys), keys.keys);
  }
  const all = [...asked.values()];
  const limit = Math.max(1, ...all.map(matchLimit));
  const matches: readonly Values[] = all.map(matchOf);
  const found = all.length > 0 ? await within.findMany(target.name, matches, { limit, forUpdate: true }) : [];
  const answers = new Map([...asked].map(([text, keys], at) => [text, firstMatch(keys, found[at] ?? [])]));
  const elements = all[0]?.map((key) => key.element) ?? [];
  const stale = new Set<string>();
  let isAllStale = false;

  const isStale = (keys: readonly Key[]): boolean =>
    isAllStale || (stale.size > 0 && stale.has(foldedText(keys.map((key) => key.stored))));
  const tupleOf = (row: Row): string => foldedText(elements.map((element) => row[element]));

  return {
    look: remembered.look,
    unmatched: withKeys - [...answers.values()].filter((answer) => answer !== undefined).length,
    async findTarget(keys) {
      const text = exactText(keys);
      if (answers.has(text) && !isStale(keys)) return answers.get(text);
      return findMatch(through, target.name, keys, { forUpdate: true });
    },
    wrote(before, after) {
      remembered.forget(before, after);
      if (elements.length > 0) stale.add(tupleOf(before)).add(tupleOf(after));
    },
    made(table, text) {
      remembered.forgetWord(text);
      isAllStale ||= dictionary.table(table)?.chain.some(({ name }) => family.has(name)) ?? true;
    },
    forgetAll() {
      remembered.forgetAll();
      isAllStale = true;
    },
  };
};
