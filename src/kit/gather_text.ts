// Many small texts as few larger pieces of bytes: writing to a pipe or a file costs 25 µs, however short it is, and a request leaves five lines.
// It must not hold a text back for longer than it was told, nor lose one when all ends in order.
import type { Clock } from './clock.ts';

export interface Gathered {
  /** Takes a text at any time; those of one span of time are handed on together, in order. */
  add(text: string): void;
  /** Hands on what waits; for the end. */
  flush(): void;
}

/** `limit`: so many characters do not wait. */
export const gatherText = (parts: {
  clock: Clock;
  handOn: (piece: Buffer) => void;
  withinMs?: number;
  limit?: number;
}): Gathered => {
  const { clock, handOn, withinMs = 10, limit = 65_536 } = parts;
  let waiting = '';
  let forget: (() => void) | undefined;
  const flush = (): void => {
    forget?.();
    forget = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    handOn(Buffer.from(text));
  };
  return {
    add(text) {
      waiting += text;
      if (waiting.length >= limit) flush();
      else forget ??= clock.after(withinMs, flush);
    },
    flush,
  };
};
