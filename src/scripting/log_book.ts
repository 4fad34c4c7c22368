// What a script logged, up to its limits; then one line that says so, and no more. Keeps nothing between steps.
import type { ScriptLimits } from './limits.ts';
import type { LogLine } from './script.ts';

export interface LogBook {
  add(level: string, text: string): void;
  /** The lines since the last call. */
  take(): readonly LogLine[];
}

const levels = new Map<string, LogLine['level']>([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
]);

export const makeLogBook = (limits: () => Pick<ScriptLimits, 'logLines' | 'logBytes'>): LogBook => {
  let lines: LogLine[] = [];
  let bytes = 0;
  let isFull = false;
  return {
    add(level, text) {
      if (isFull) return;
      bytes += Buffer.byteLength(text);
      isFull = lines.length >= limits().logLines || bytes > limits().logBytes;
      lines.push(
        isFull
          ? { level: 'warn', text: 'The log of this script is full; what follows is lost.' }
          : { level: levels.get(level) ?? 'info', text },
      );
    },
    take() {
      const taken = lines;
      lines = [];
      bytes = 0;
      isFull = false;
      return taken;
    },
  };
};
