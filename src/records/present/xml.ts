// Rows → XML text, the twin of json.ts: the same shapes, an element where JSON has a key.
import type { DisplayMode, Selection } from '../records.ts';
import { type Cell, makeCell, type StoredRow } from './cell.ts';
import type { PresentOptions } from './json.ts';
import { noNames, type ShownNames } from './names.ts';

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  // A parser would turn a bare carriage return into a line feed.
  ['\r', '&#13;'],
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 (section 2.2) cannot hold these in any form
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it may stand in an element or an attribute. Characters that XML cannot hold are left out. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(impossible, '')
    .replace(/[&<>"'\r]/g, (character) => entities.get(character) ?? '');

const element = (name: string, inner: string): string => (inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`);

const cellXml = (cell: Cell, row: StoredRow, names: ShownNames, display: DisplayMode, hasLink: boolean): string => {
  const value = cell.value(row);
  const shown = (): string => xmlText(cell.shown(row, names));
  const isLinked = hasLink && cell.link !== undefined && value !== '';
  const link = isLinked && cell.link ? element('link', xmlText(cell.link(value))) : '';
  if (display === 'all') return element('display_value', shown()) + link + element('value', xmlText(value));
  if (display === 'true') return isLinked ? element('display_value', shown()) + link : shown();
  return isLinked ? link + element('value', xmlText(value)) : xmlText(value);
};

const writeRows = (
  { columns, rows }: Pick<Selection, 'columns' | 'rows'>,
  options: PresentOptions,
  names: ShownNames,
): string => {
  const cells = columns.map((column) => makeCell(column, options));
  return rows
    .map((row) => {
      const shown = cells.filter(({ isShown }) => isShown?.(row) ?? true);
      const inner = shown.map((cell) => element(cell.key, cellXml(cell, row, names, options.display, !options.excludeLinks)));
      return `<result>${inner.join('')}</result>`;
    })
    .join('');
};

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** The whole document of a list: one `result` for each row. */
export const xmlList = (selection: Selection, options: PresentOptions, names: ShownNames = noNames): string =>
  `${declaration}<response>${writeRows(selection, options, names)}</response>`;

/** The whole document of one record. */
export const xmlOne = (selection: Selection, options: PresentOptions, names: ShownNames = noNames): string =>
  `${declaration}<response>${writeRows({ columns: selection.columns, rows: selection.rows.slice(0, 1) }, options, names) || '<result/>'}</response>`;

/** The document of a failure. */
export const xmlFailure = (message: string, detail: string | null): string =>
  `${declaration}<response><error>${element('detail', xmlText(detail ?? ''))}${element('message', xmlText(message))}</error><status>failure</status></response>`;
