// Bytes to a port and bytes back, for requests that no HTTP client would send.
// It must not wait for ever: a silent connection is ended.
import { connect, type Socket } from 'node:net';

const limitMs = 20_000;

/** A connection to write on piece by piece; `heard` is everything the server said until it was closed. */
export const openSocket = (port: number): { socket: Socket; heard: Promise<string> } => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.setTimeout(limitMs, () => socket.destroy());
  socket.on('data', (piece) => {
    text += piece;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(text));
  return { socket, heard: promise };
};

/** Everything the server said until it closed the connection. Add `Connection: close` to be answered at once. */
export const sendRaw = (port: number, text: string): Promise<string> => {
  const { socket, heard } = openSocket(port);
  socket.write(text);
  return heard;
};
