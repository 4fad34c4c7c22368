// Loaded first into a process that bin/launch.js starts: the process dies at once when its launcher does, however that
// happens, and a signal that arrives twice for one cause is seen once. Must do nothing in any other process.

import { isMainThread } from 'node:worker_threads';

const onceWithinMs = 1000; // a launcher that is short of processor time hands it on late

// Ctrl-C, a closed terminal and most service managers signal the launcher and this process both, and the launcher hands
// its own on. A server that takes a second SIGINT for "at once, then" would never stop in good order.
const seeRepeatedSignalsOnce = () => {
  const seenAt = new Map();
  const emit = process.emit;
  /** @type {(this: NodeJS.Process, name: string | symbol, ...rest: any[]) => boolean} */
  const emitOnce = function (name, ...rest) {
    if (name === 'SIGINT' || name === 'SIGTERM' || name === 'SIGHUP') {
      const nowMs = performance.now();
      const isRepeat = nowMs - (seenAt.get(name) ?? Number.NEGATIVE_INFINITY) < onceWithinMs;
      seenAt.set(name, nowMs);
      if (isRepeat) return true;
    }
    return Reflect.apply(emit, this, [name, ...rest]);
  };
  process.emit = emitOnce;
};

if (process.env.CAUSEWAY_LAUNCHED === '1' && isMainThread && process.channel) {
  delete process.env.CAUSEWAY_LAUNCHED; // what this process starts is tied to nobody
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
  seeRepeatedSignalsOnce();
}
