// A secret from the keyboard without showing it, or from a pipe.
// It must not keep what was typed anywhere but in its answer.
import { text } from 'node:stream/consumers';

export interface SecretInput extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data', listener: (text: string) => void): unknown;
  off(event: 'data', listener: (text: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const ends = new Set(['\r', '\n', '\u0004']);
const interrupt = '\u0003';
const erasers = new Set(['\u007f', '\b']);

const readKeys = (input: SecretInput): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed: string[] = [];
  const listen = (keys: string): void => {
    // Arrows and their like come as one piece that begins with escape.
    if (keys.startsWith('\u001b')) return;
    for (const key of keys) {
      if (key === interrupt) reject(new Error('Nothing was changed'));
      else if (ends.has(key)) resolve(typed.join(''));
      else if (erasers.has(key)) typed = typed.slice(0, -1);
      else if (key >= ' ') typed.push(key);
    }
  };
  input.setEncoding('utf8');
  input.setRawMode?.(true);
  input.on('data', listen);
  input.resume();
  return promise.finally(() => {
    input.off('data', listen);
    input.setRawMode?.(false);
    input.pause();
  });
};

/** From a pipe: all of it, without the end of its last line. */
export const readSecret = async (input: SecretInput, say: (text: string) => void, question: string): Promise<string> => {
  if (!input.isTTY) return (await text(input as AsyncIterable<Buffer>)).replace(/\r?\n$/, '');
  say(question);
  try {
    return await readKeys(input);
  } finally {
    say('\n');
  }
};
