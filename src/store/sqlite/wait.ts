// Waiting on the clock without letting the process end meanwhile: the clock's own timers do not keep it alive, and a write that
// waits for another process's lock must still happen when nothing else is left to do.
import { type Clock, sleep } from '../../kit/clock.ts';

export interface Wait {
  (delayMs: number): Promise<void>;
  end(): void;
}

export const makeWait = (clock: Clock): Wait => {
  // A port without traffic: the cheapest thing that holds the event loop.
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  port2.unref();
  const wait = async (delayMs: number): Promise<void> => {
    port1.ref();
    await sleep(clock, delayMs);
    port1.unref();
  };
  // Closing one end closes the other.
  return Object.assign(wait, { end: () => port2.close() });
};
