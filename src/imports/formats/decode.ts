// Bytes of a file → text. What a byte order mark says holds, then what the sender or the file itself says, then UTF-8. Text that is not
// in its encoding is refused: a guess would store other people's names wrongly, and nobody would see it.
import type { Bytes } from '../source_row.ts';
import { unreadable } from './format.ts';

const markLength = 3;

const markedEncoding = (start: Uint8Array): string | undefined => {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  return undefined;
};

const openDecoder = (format: string, label: string): TextDecoder => {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    throw unreadable(format, `The encoding ${label} is not known`, error);
  }
};

const notInIt = (format: string, { encoding }: TextDecoder, error: unknown) =>
  unreadable(format, `It is not ${encoding} text. Say which encoding it has, such as windows-1252`, error);

/** All of it. `encoding` '' is UTF-8. Throws `imports.unreadable_file`. */
export const decodeText = (format: string, bytes: Uint8Array, encoding = ''): string => {
  const decoder = openDecoder(format, markedEncoding(bytes) ?? (encoding || 'utf-8'));
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw notInIt(format, decoder, error);
  }
};

/** The encoding that an XML file declares in its first line; '' for none. */
export const declaredEncoding = (bytes: Uint8Array): string => {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(start)?.[1] ?? '';
};

async function* withWholeStart(bytes: Bytes): Bytes {
  let start = Buffer.alloc(0);
  let isStarted = false;
  for await (const piece of bytes) {
    if (isStarted) {
      yield piece;
      continue;
    }
    start = Buffer.concat([start, piece]);
    if (start.length < markLength) continue;
    isStarted = true;
    yield start;
  }
  if (!isStarted && start.length > 0) yield start;
}

/** The same piece by piece, wherever the pieces are cut. */
export async function* decodePieces(format: string, bytes: Bytes, encoding = ''): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  for await (const piece of withWholeStart(bytes)) {
    decoder ??= openDecoder(format, markedEncoding(piece) ?? (encoding || 'utf-8'));
    const text = decodePiece(format, decoder, piece);
    if (text !== '') yield text;
  }
  if (decoder) decodePiece(format, decoder, undefined);
}

const decodePiece = (format: string, decoder: TextDecoder, piece: Uint8Array | undefined): string => {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch (error) {
    throw notInIt(format, decoder, error);
  }
};
