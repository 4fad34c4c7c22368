// Bytes to a port and bytes back, for requests that no HTTP client would send.
// It must not wait for ever: the connection ends after three seconds whatever happens.
import { connect } from 'node:net';

/** Everything the server said until it closed the connection. Add `Connection: close` to be answered at once. */
export const sendRaw = (port: number, text: string): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  socket.setEncoding('utf8');
  socket.setTimeout(3_000, () => socket.destroy());
  socket.on('data', (piece) => {
    heard += piece;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(heard));
  return promise;
};
