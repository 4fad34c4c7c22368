// Many small texts as few larger ones: a write to a pipe costs 25 µs, however short it is, and a request leaves five lines.
// It must not hold a text back for longer than it was told, nor lose one when all ends in order.
import type { Clock } from './clock.ts';

export interface Gathered {
  /** Takes a text at any time; those of one span of time are handed on together, in order. */
  add(text: string): void;
  /** Hands on what waits; for the end. */
  flush(): void;
}

export const gatherText = (parts: { clock: Clock; handOn: (text: string) => void; withinMs?: number }): Gathered => {
  const { clock, handOn, withinMs = 10 } = parts;
  let waiting = '';
  let forget: (() => void) | undefined;
  const flush = (): void => {
    forget?.();
    forget = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    handOn(text);
  };
  return {
    add(text) {
      forget ??= clock.after(withinMs, flush);
      waiting += text;
    },
    flush,
  };
};
