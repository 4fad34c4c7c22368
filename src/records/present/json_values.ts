// Stored values and links as JSON text, which is what nearly every answer is made of. A text is put together from as few pieces as can
// be, because each costs when the whole is sent: the end of one column and the beginning of the next are one piece.
import { type Cell, linkText, type StoredRow } from './cell.ts';
import { jsonInner } from './json_text.ts';

interface Piece {
  readonly value: Cell['value'];
  /** By what stands before it: a text or an object. */
  readonly text: readonly [string, string];
  /** Where a value is shown with its address. */
  readonly linked: readonly [string, string] | undefined;
}

const afterText = 0;
const afterObject = 1;

const pieceOf = ({ key, value, linkStart }: Cell, at: number, excludeLinks: boolean): Piece => {
  const name = JSON.stringify(key);
  const before = at === 0 ? ['{', '{'] : ['",', '"},'];
  // Joined, not added: a text made by adding is put together anew whenever it is sent.
  const opened = (rest: string) =>
    [[before[afterText], name, ':', rest].join(''), [before[afterObject], name, ':', rest].join('')] as const;
  const isLinked = linkStart !== undefined && !excludeLinks;
  return { value, text: opened('"'), linked: isLinked ? opened(`{"link":"${jsonInner(linkStart)}`) : undefined };
};

/** Rows of one kind leave the same fields empty; beyond this many runs they are put together each time. */
const keptRuns = 200;

/** The text of `count` empty cells from `from` on, as one piece. */
const makeEmptyRuns = (pieces: readonly Piece[]): ((from: number, count: number, before: 0 | 1) => string) => {
  const known = new Map<number, string>();
  return (from, count, before) => {
    const key = (from * (pieces.length + 1) + count) * 2 + before;
    const found = known.get(key);
    if (found !== undefined) return found;
    const text = pieces.slice(from, from + count).map((piece, at) => piece.text[at === 0 ? before : afterText]);
    const joined = text.join('');
    if (known.size < keptRuns) known.set(key, joined);
    return joined;
  };
};

/** One row as a JSON object of its stored values. Every cell is shown. */
export const makeValuesRow = (cells: readonly Cell[], excludeLinks: boolean): ((row: StoredRow) => string) => {
  if (cells.length === 0) return () => '{}';
  const pieces = cells.map((cell, at) => pieceOf(cell, at, excludeLinks));
  const emptyRun = makeEmptyRuns(pieces);
  return (row) => {
    let text = '';
    let before: 0 | 1 = afterText;
    let empty = 0;
    for (let at = 0; at < pieces.length; at += 1) {
      const piece = pieces[at] as Piece;
      const value = piece.value(row);
      if (value === '') {
        empty += 1;
        continue;
      }
      if (empty > 0) {
        text += emptyRun(at - empty, empty, before);
        [empty, before] = [0, afterText];
      }
      if (piece.linked) text += `${piece.linked[before] + linkText(value)}","value":"${jsonInner(value)}`;
      else text += piece.text[before] + jsonInner(value);
      before = piece.linked ? afterObject : afterText;
    }
    if (empty > 0) {
      text += emptyRun(pieces.length - empty, empty, before);
      before = afterText;
    }
    return text + (before === afterObject ? '"}}' : '"}');
  };
};
