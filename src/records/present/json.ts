// Rows → JSON text of the three display modes. Every value is a string or an object of strings. Text is built directly: no object is
// made for a row.
import type { DisplayMode, Selection } from '../records.ts';
import { type Cell, type CellOptions, makeCell, type StoredRow } from './cell.ts';
import { jsonText } from './json_text.ts';
import { makeValuesRow } from './json_values.ts';
import { noNames, type ShownNames } from './names.ts';

export interface PresentOptions extends CellOptions {
  readonly display: DisplayMode;
  readonly excludeLinks: boolean;
}

type Writer = (row: StoredRow, names: ShownNames) => string;

const plainWriter = (cell: Cell, display: DisplayMode): Writer => {
  if (display === 'false') return (row) => jsonText(cell.value(row));
  if (display === 'true') return (row, names) => jsonText(cell.shown(row, names));
  return (row, names) => `{"display_value":${jsonText(cell.shown(row, names))},"value":${jsonText(cell.value(row))}}`;
};

const linkedWriter = (cell: Cell, link: (value: string) => string, display: DisplayMode): Writer => {
  const empty = display === 'all' ? '{"display_value":"","value":""}' : '""';
  return (row, names) => {
    const value = cell.value(row);
    if (value === '') return empty;
    const address = jsonText(link(value));
    if (display === 'false') return `{"link":${address},"value":${jsonText(value)}}`;
    const shown = jsonText(cell.shown(row, names));
    return display === 'true'
      ? `{"display_value":${shown},"link":${address}}`
      : `{"display_value":${shown},"link":${address},"value":${jsonText(value)}}`;
  };
};

/** Prepares the columns of a selection; the answer writes one row as a JSON object. */
export const makeJsonRow = (columns: Selection['columns'], options: PresentOptions): Writer => {
  const cells = columns.map((column) => makeCell(column, options));
  const isWhole = cells.every(({ isShown }) => isShown === undefined);
  if (isWhole && options.display === 'false') return makeValuesRow(cells, options.excludeLinks);
  const parts = cells.map((cell, at) => {
    const write =
      cell.link && !options.excludeLinks ? linkedWriter(cell, cell.link, options.display) : plainWriter(cell, options.display);
    return { prefix: `${at === 0 ? '' : ','}${JSON.stringify(cell.key)}:`, write, isShown: cell.isShown };
  });
  if (!isWhole) {
    return (row, names) => {
      const shown = parts.filter(({ isShown }) => isShown?.(row) ?? true);
      return `{${shown.map(({ prefix, write }) => prefix.replace(/^,/, '') + write(row, names)).join(',')}}`;
    };
  }
  const prefixes = parts.map(({ prefix }) => prefix);
  const writers = parts.map(({ write }) => write);
  return (row, names) => {
    let text = '{';
    // Counted, not walked through: this runs for every cell of every answer.
    for (let at = 0; at < prefixes.length; at += 1) text += (prefixes[at] as string) + (writers[at] as Writer)(row, names);
    return `${text}}`;
  };
};

export interface JsonPresenter {
  /** `[{…},{…}]`, without the envelope. */
  list(selection: Selection, options: PresentOptions, names?: ShownNames): string;
  /** `{…}` of the first row; `{}` when there is none. */
  one(selection: Selection, options: PresentOptions, names?: ShownNames): string;
}

/** Columns that stay prepared, of all sets and ways of showing together: addresses and zones come from outside. Each takes up to 1 KB. */
const cellLimit = 20_000;
/** A longer address is not worth the room of its links. */
const keyLengthLimit = 1000;

const keyOf = ({ display, excludeLinks, timeZone, formats, linkBase }: PresentOptions): string =>
  `${display} ${excludeLinks} ${timeZone} ${formats?.key ?? ''} ${linkBase}`;

const isSame = (one: PresentOptions, other: PresentOptions): boolean =>
  one.dictionary === other.dictionary &&
  one.display === other.display &&
  one.excludeLinks === other.excludeLinks &&
  one.formats === other.formats &&
  one.timeZone === other.timeZone &&
  one.linkBase === other.linkBase;

interface Prepared {
  readonly write: Writer;
  readonly options: PresentOptions;
}

/** Of one set of columns: by how it is shown, and as it was shown last, which is seen without looking it up. */
interface PreparedSet {
  readonly byKey: Map<string, Prepared>;
  last: Prepared;
}

/** A presenter that prepares each set of columns once, for as long as the compiled query that made it lives. */
export const makeJsonPresenter = (): JsonPresenter => {
  let prepared = new WeakMap<Selection['columns'], PreparedSet>();
  let cells = 0;

  const prepare = (columns: Selection['columns'], options: PresentOptions, key: string): Writer => {
    const made: Prepared = { write: makeJsonRow(columns, options), options };
    if (key.length > keyLengthLimit) return made.write;
    // A set without columns takes room as well.
    const room = columns.length + 1;
    cells += room;
    if (cells > cellLimit) {
      prepared = new WeakMap();
      cells = room;
    }
    const byKey = prepared.get(columns)?.byKey ?? new Map<string, Prepared>();
    byKey.set(key, made);
    prepared.set(columns, { byKey, last: made });
    return made.write;
  };

  const writerOf = (columns: Selection['columns'], options: PresentOptions): Writer => {
    const set = prepared.get(columns);
    if (set && isSame(set.last.options, options)) return set.last.write;
    const key = keyOf(options);
    const known = set?.byKey.get(key);
    if (!set || known?.options.dictionary !== options.dictionary) return prepare(columns, options, key);
    set.last = known;
    return known.write;
  };

  return {
    list({ columns, rows }, options, names = noNames) {
      const write = writerOf(columns, options);
      let text = '[';
      for (let at = 0; at < rows.length; at += 1) text += (at === 0 ? '' : ',') + write(rows[at] as StoredRow, names);
      return `${text}]`;
    },
    one({ columns, rows }, options, names = noNames) {
      const row = rows[0];
      return row ? writerOf(columns, options)(row, names) : '{}';
    },
  };
};
