// One keep-alive connection that speaks HTTP/1.1 as cheaply as this language allows: whole requests out, complete answers counted.
// It must not parse more of an answer than its status and its length: what it costs is taken from the server on a small machine.
import { connect, type Socket } from 'node:net';

export interface Answered {
  status: number;
  bytes: number;
}

interface Head {
  status: number;
  /** Bytes of the whole answer; undefined when it comes in chunks. */
  total: number | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

const readHead = (received: Buffer): Head | undefined => {
  const at = received.indexOf(headEnd);
  if (at < 0) return undefined;
  const text = received.toString('latin1', 0, at);
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length !== undefined) return { status, total: at + 4 + Number(length) };
  if (/\r\ntransfer-encoding: *chunked/i.test(text)) return { status, total: undefined };
  return { status, total: at + 4 };
};

/** `answered` is called for each complete answer; an answer cut short is `lost`. */
export const openConnection = async (parts: {
  port: number;
  answered: (answer: Answered) => void;
  lost: () => void;
}): Promise<{ send(request: string): void; close(): void }> => {
  const socket: Socket = connect({ port: parts.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let head: Head | undefined;
  let bytes = 0;
  let kept: Buffer | undefined;
  let isWaiting = false;

  const finish = (status: number): void => {
    const answer = { status, bytes };
    [head, bytes, kept, isWaiting] = [undefined, 0, undefined, false];
    parts.answered(answer);
  };

  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (!head) {
      kept = kept ? Buffer.concat([kept, chunk]) : chunk;
      head = readHead(kept);
      if (!head) return;
    }
    if (head.total === undefined) {
      const tail = chunk.length >= 5 ? chunk.subarray(-5) : Buffer.concat([kept ?? chunk, chunk]).subarray(-5);
      if (tail.equals(lastChunk)) finish(head.status);
    } else if (bytes >= head.total) finish(head.status);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (isWaiting) parts.lost();
  });
  return {
    send(request) {
      isWaiting = true;
      socket.write(request);
    },
    close() {
      isWaiting = false;
      socket.destroy();
    },
  };
};
