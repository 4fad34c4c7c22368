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

/** A presenter that prepares each set of columns once, for as long as the compiled query that made it lives. */
export const makeJsonPresenter = (): JsonPresenter => {
  type Prepared = Map<string, { dictionary: unknown; write: Writer }>;
  let prepared = new WeakMap<Selection['columns'], Prepared>();
  let cells = 0;

  const prepare = (columns: Selection['columns'], options: PresentOptions, key: string): Writer => {
    const write = makeJsonRow(columns, options);
    if (key.length > keyLengthLimit) return write;
    // A set without columns takes room as well.
    const room = columns.length + 1;
    cells += room;
    if (cells > cellLimit) {
      prepared = new WeakMap();
      cells = room;
    }
    const byOptions: Prepared = prepared.get(columns) ?? new Map();
    byOptions.set(key, { dictionary: options.dictionary, write });
    prepared.set(columns, byOptions);
    return write;
  };

  const writerOf = (columns: Selection['columns'], options: PresentOptions): Writer => {
    const key = `${options.display} ${options.excludeLinks} ${options.timeZone} ${options.formats?.key ?? ''} ${options.linkBase}`;
    const known = prepared.get(columns)?.get(key);
    return known && known.dictionary === options.dictionary ? known.write : prepare(columns, options, key);
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
