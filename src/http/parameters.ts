// The query string as the caller wrote it: ordered, decoded, tolerant of repeats, never an object with a prototype.
// It must not give any parameter a meaning beyond yes/no and whole numbers.
import { makeBoundedMap } from '../kit/bounded_map.ts';
import { Fault } from '../kit/fault.ts';

export interface Parameters {
  /** In the order sent; the same array each time, never changed. */
  readonly pairs: ReadonlyArray<readonly [name: string, value: string]>;
  /** The first value sent under that name; undefined when absent or empty, because clients send `sysparm_view=`. */
  get(name: string): string | undefined;
  /** `true` in any case. */
  isTrue(name: string): boolean;
  /** A whole number from 0; anything else is as if it had not been sent. */
  wholeNumber(name: string): number | undefined;
}

const malformed = (): Fault =>
  new Fault('bad_request', 'http.malformed_address', 'Exception while reading request', {
    explanation: 'The address of the request is not valid percent-encoded UTF-8',
  });

/**
 * Decodes one piece of an address. Throws `http.malformed_address` for encodings that stand for no text, and for NUL,
 * which no column can hold.
 */
export const decodeText = (encoded: string): string => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    throw malformed();
  }
  return decodedText(decoded);
};

/** The same for what the router has decoded already: what is left is the character no column can hold. */
export const decodedText = (text: string): string => {
  if (text.includes('\0')) throw malformed();
  return text;
};

export const readParameters = (queryText: string): Parameters => {
  const pairs: [string, string][] = [];
  const first = new Map<string, string>();
  for (const piece of queryText === '' ? [] : queryText.split('&')) {
    if (piece === '') continue;
    const at = piece.indexOf('=');
    const read = (encoded: string) => decodeText(encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded);
    const name = read(at < 0 ? piece : piece.slice(0, at));
    const value = at < 0 ? '' : read(piece.slice(at + 1));
    pairs.push([name, value]);
    if (!first.has(name)) first.set(name, value);
  }
  const get = (name: string) => first.get(name) || undefined;
  return {
    pairs,
    get,
    isTrue: (name) => get(name)?.trim().toLowerCase() === 'true',
    wholeNumber(name) {
      const said = get(name)?.trim() ?? '';
      return /^\d{1,15}$/.test(said) ? Number(said) : undefined;
    },
  };
};

/** Clients repeat themselves: what was read of a text is kept, up to bounds in number and length. */
const kept = { texts: 1000, length: 2048 };

/** Reads as readParameters does; the same text gives the same object, so that what follows from it may be kept with it. */
export const makeReadParameters = (): ((queryText: string) => Parameters) => {
  const known = makeBoundedMap<string, Parameters>(kept.texts);
  return (queryText) => {
    const before = known.get(queryText);
    if (before) return before;
    const parameters = readParameters(queryText);
    if (queryText.length <= kept.length) known.set(queryText, parameters);
    return parameters;
  };
};
