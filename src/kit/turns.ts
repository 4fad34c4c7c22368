// Turns: of the work that comes under one name only so much runs at once, the rest waits in the order it came, and what would wait in
// too long a line is refused. Names do not wait for each other.
import { Fault } from './fault.ts';

export interface TurnsParts {
  atOnce: number;
  /** Of one name; more are refused. */
  waiting: number;
}

export interface Turns {
  /**
   * The answer gives the turn back; to be called once. It is a promise only where there is something to wait for. Whoever `isGone` when the
   * turn comes to him, or when others find the line too long, is refused. Rejects with `turns.too_many` (rate_limited).
   */
  take(name: string, isGone?: () => boolean): Promise<() => void> | (() => void);
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly isGone: () => boolean;
  resolve(): void;
  reject(reason: Fault): void;
}

interface Line {
  running: number;
  waiting: Waiting[];
}

/** Lines that stay though nobody stands in them: who comes will come again, and to make a line costs more than to keep it. */
const idleLimit = 1000;

const isNeverGone = (): boolean => false;

const tooMany = (): Fault =>
  new Fault('rate_limited', 'turns.too_many', 'Too many requests at once', {
    explanation: 'Wait for the answers of earlier requests',
    retryAfterSeconds: 1,
  });

const dropGone = (line: Line): void => {
  const there: Waiting[] = [];
  for (const one of line.waiting) {
    if (one.isGone()) one.reject(tooMany());
    else there.push(one);
  }
  line.waiting = there;
};

export const makeTurns = ({ atOnce, waiting }: TurnsParts): Turns => {
  const lines = new Map<string, Line>();

  const leave = (name: string, line: Line): void => {
    for (let next = line.waiting.shift(); next; next = line.waiting.shift()) {
      // The turn goes from hand to hand: nobody who comes now gets in between.
      if (!next.isGone()) {
        next.resolve();
        return;
      }
      next.reject(tooMany());
    }
    line.running -= 1;
    if (line.running === 0 && lines.size > idleLimit) lines.delete(name);
  };

  const wait = async (line: Line, isGone: () => boolean): Promise<void> => {
    if (line.waiting.length >= waiting) dropGone(line);
    if (line.waiting.length >= waiting) throw tooMany();
    await new Promise<void>((resolve, reject) => line.waiting.push({ isGone, resolve, reject }));
  };

  const take: Turns['take'] = (name, isGone = isNeverGone) => {
    const line = lines.get(name) ?? { running: 0, waiting: [] };
    lines.set(name, line);
    const done = (): void => leave(name, line);
    if (line.running >= atOnce) return wait(line, isGone).then(() => done);
    line.running += 1;
    return done;
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
