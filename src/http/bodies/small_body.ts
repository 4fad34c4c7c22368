// Waits for a small body before its caller takes a turn: what is still on its way must not stand in the way of his other calls.
// It must not read the body, nor wait for a large one: that would have to be held.
import type { IncomingMessage } from 'node:http';

/** Less than what a connection buffers unread. */
const smallBytes = 16_000;

/** For a message that is not complete. Resolves when it is or never will be, at once where it is large or of no announced length. */
export const smallBody = (message: IncomingMessage): Promise<void> | undefined => {
  if (!(Number(message.headers['content-length']) <= smallBytes)) return undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (!message.complete && !message.destroyed) return;
    message.off('readable', look).off('close', look);
    resolve();
  };
  message.on('readable', look).on('close', look);
  return promise;
};
