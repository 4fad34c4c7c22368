// Loaded first into a process whose clock a test turns: every moment it reads is moved by the milliseconds in a file. Timers run as ever.
// Must do nothing where the file is not named.
import { readFileSync } from 'node:fs';

const file = process.env.CAUSEWAY_TEST_CLOCK;
const lookEveryMs = 20;

if (file) {
  const SystemDate = globalThis.Date;
  let [offsetMs, lookedAt] = [0, Number.NEGATIVE_INFINITY];
  const now = (): number => {
    const at = performance.now();
    if (at - lookedAt > lookEveryMs) {
      lookedAt = at;
      offsetMs = Number(readFileSync(file, 'utf8')) || 0;
    }
    return SystemDate.now() + offsetMs;
  };
  globalThis.Date = new Proxy(SystemDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
