// Cuts an encoded query at its carets. `^^` is a caret that belongs to the value; RLQUERY … ENDRLQUERY stays in one piece.

const blockEnd = 'ENDRLQUERY';

const cutAtCarets = (text: string): string[] => {
  const pieces: string[] = [];
  let piece = '';
  let from = 0;
  for (;;) {
    const caret = text.indexOf('^', from);
    if (caret < 0) break;
    piece += text.slice(from, caret);
    if (text[caret + 1] === '^') {
      piece += '^';
      from = caret + 2;
    } else {
      pieces.push(piece);
      piece = '';
      from = caret + 1;
    }
  }
  pieces.push(piece + text.slice(from));
  return pieces;
};

const startsBlock = (piece: string): boolean => /^\s*(?:OR|NQ)?RLQUERY/.test(piece);

export interface Piece {
  readonly text: string;
  /** The pieces inside a related-list block; undefined for an ordinary term or a block that never ends. */
  readonly block: readonly Piece[] | undefined;
}

/** The terms of a query in order, blank pieces left out. Works in one pass, whatever is written. */
export const splitTerms = (query: string): readonly Piece[] => {
  const open: Array<{ text: string; block: Piece[] }> = [];
  const top: Piece[] = [];
  for (const text of cutAtCarets(query.replace(/^[\s^]+/, ''))) {
    const into = open.at(-1)?.block ?? top;
    const ended = text.trim() === blockEnd ? open.pop() : undefined;
    if (ended) (open.at(-1)?.block ?? top).push(ended);
    else if (startsBlock(text)) open.push({ text, block: [] });
    else if (text.trim() !== '') into.push({ text, block: undefined });
  }
  // A block that was never closed is malformed; what stood inside must not become terms of the query outside.
  for (const { text } of open.slice(0, 1)) top.push({ text, block: undefined });
  return top;
};
