// The bytes of a request's body, up to a limit, and the text they stand for.
// It must not hold more than the limit in memory, nor parse anything.
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../kit/fault.ts';

const unreadable = (explanation: string, code: string): Fault =>
  new Fault('bad_request', code, 'Exception while reading request', { explanation });

const tooLarge = (lengthBytes: number, limitBytes: number): Fault =>
  unreadable(
    `Rejected large REST payload with content-length = ${lengthBytes} bytes. Max allowed: ${limitBytes} bytes.`,
    'http.body_too_large',
  );

/** Throws `http.body_too_large`, before reading anything when the length is announced; `http.body_incomplete` when the caller hung up. */
export const readBody = async (message: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > limitBytes) throw tooLarge(announced, limitBytes);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of message.iterator({ destroyOnReturn: false })) {
      length += (piece as Buffer).length;
      if (length > limitBytes) break;
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    throw new Fault('bad_request', 'http.body_incomplete', 'Exception while reading request', { cause: error });
  }
  if (length > limitBytes) {
    // The rest of an unannounced body is thrown away unread by Node; -1 is how the wire says "length unknown".
    message.resume();
    throw tooLarge(-1, limitBytes);
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length);
};

/** Throws `http.body_not_text` when the bytes are not text in that charset, `http.unsupported_media_type` when there is no such charset. */
export const readText = (bytes: Buffer, charset: string): string => {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    throw new Fault(
      'unsupported_media_type',
      'http.unknown_charset',
      `Invalid content-type. The charset is not supported: ${charset.slice(0, 40)}`,
    );
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw unreadable(`The payload is not valid ${charset.toUpperCase()} text.`, 'http.body_not_text');
  }
};
