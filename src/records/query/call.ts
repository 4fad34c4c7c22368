// Reads the one shape of script that a query may hold: `javascript:gs.name('text', 2)`. A reader, not an interpreter: nothing that
// stands here is ever run.

export interface Call {
  readonly name: string;
  readonly arguments: readonly string[];
}

const shape = /^javascript:\s*(?:return\s+)?gs\.(getUser\(\)\.)?([A-Za-z0-9]{1,60})\s*\((.{0,200})\)\s*;?\s*$/s;
const argument = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|([+-]?\d{1,15}))\s*(,|$)/y;

const readArguments = (text: string): string[] | undefined => {
  const found: string[] = [];
  if (text.trim() === '') return found;
  argument.lastIndex = 0;
  for (;;) {
    const match = argument.exec(text);
    if (!match) return undefined;
    found.push(match[1] ?? match[2] ?? match[3] ?? '');
    if (match[4] === '') return found;
    // A comma with nothing behind it is no argument list.
    if (argument.lastIndex >= text.length) return undefined;
  }
};

/** No call that is allowed is longer; the patterns above are not meant for more. */
const lengthLimit = 300;

export const isScript = (value: string): boolean => value.startsWith('javascript:');

/** The call, or undefined when the text is anything else. */
export const readCall = (value: string): Call | undefined => {
  const [, ofUser, name, inside] = (value.length <= lengthLimit && shape.exec(value)) || [];
  if (name === undefined || inside === undefined) return undefined;
  const given = readArguments(inside);
  return given && { name: ofUser ? `getUser.${name}` : name, arguments: given };
};
