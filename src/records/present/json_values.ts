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

const [afterText, afterObject] = [0, 1];

const pieceOf = ({ key, value, linkStart }: Cell, at: number, excludeLinks: boolean): Piece => {
  const name = JSON.stringify(key);
  const before = at === 0 ? ['{', '{'] : ['",', '"},'];
  const opened = (rest: string) => [`${before[afterText]}${name}:${rest}`, `${before[afterObject]}${name}:${rest}`] as const;
  const isLinked = linkStart !== undefined && !excludeLinks;
  return { value, text: opened('"'), linked: isLinked ? opened(`{"link":"${jsonInner(linkStart)}`) : undefined };
};

/** One row as a JSON object of its stored values. Every cell is shown. */
export const makeValuesRow = (cells: readonly Cell[], excludeLinks: boolean): ((row: StoredRow) => string) => {
  if (cells.length === 0) return () => '{}';
  const pieces = cells.map((cell, at) => pieceOf(cell, at, excludeLinks));
  return (row) => {
    let text = '';
    let before = afterText;
    for (let at = 0; at < pieces.length; at += 1) {
      const piece = pieces[at] as Piece;
      const value = piece.value(row);
      if (value === '') text += piece.text[before];
      else if (piece.linked) text += `${piece.linked[before] + linkText(value)}","value":"${jsonInner(value)}`;
      else text += piece.text[before] + jsonInner(value);
      before = piece.linked && value !== '' ? afterObject : afterText;
    }
    return text + (before === afterObject ? '"}}' : '"}');
  };
};
