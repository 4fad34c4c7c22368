// Turns: of the work that comes under one name only so much runs at once, the rest waits in the order it came, and what would wait in
// too long a line is refused. Names do not wait for each other.
import { Fault } from './fault.ts';

export interface TurnsParts {
  atOnce: number;
  /** Of one name; more are refused. */
  waiting: number;
}

export interface Turns {
  /** The answer gives the turn back; to be called once. Throws `turns.too_many` (rate_limited). */
  take(name: string): Promise<() => void>;
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
}

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

export const makeTurns = ({ atOnce, waiting }: TurnsParts): Turns => {
  const lines = new Map<string, Line>();

  const leave = (name: string, line: Line): void => {
    const next = line.waiting.shift();
    // The turn goes from hand to hand: nobody who comes now gets in between.
    if (next) {
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) lines.delete(name);
  };

  const take = async (name: string): Promise<() => void> => {
    const line = lines.get(name) ?? { running: 0, waiting: [] };
    lines.set(name, line);
    if (line.running < atOnce) line.running += 1;
    else {
      if (line.waiting.length >= waiting)
        throw new Fault('rate_limited', 'turns.too_many', 'Too many requests at once', {
          explanation: 'Wait for the answers of earlier requests',
          retryAfterSeconds: 1,
        });
      await new Promise<void>((resolve) => line.waiting.push(resolve));
    }
    return () => leave(name, line);
  };

  return {
    take,
    async run(name, work) {
      const done = await take(name);
      try {
        return await work();
      } finally {
        done();
      }
    },
  };
};
