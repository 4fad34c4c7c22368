// Reads what core.js says of an exception. The text was made inside the sandbox, so nothing in it is taken for granted.
import type { Thrown } from './script.ts';

const text = (value: unknown, most: number): string => (typeof value === 'string' ? value.slice(0, most) : '');

/** `shift` columns were added before the first line of the source by whoever compiled it. */
export const readThrown = (json: string, file: string, shift: number): Thrown => {
  let read: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === 'object' && parsed !== null) read = parsed as Record<string, unknown>;
  } catch {
    // An exception that cannot be described is still an exception: the fields stay empty.
  }
  const stack = text(read.stack, 4000);
  const frame = stack.split('\n').find((one) => one.includes(`${file}:`));
  const [, line = '0', column = '0'] = /:(\d+):(\d+)\)?\s*$/.exec(frame ?? '') ?? [];
  const status = Number(read.status);
  return {
    name: text(read.name, 100) || 'Error',
    message: text(read.message, 2000),
    line: Number(line),
    column: Number(line) === 1 ? Math.max(1, Number(column) - shift) : Number(column),
    stack,
    ...(Number.isInteger(status) && status >= 100 && status <= 599 ? { status } : {}),
    ...(typeof read.detail === 'string' ? { detail: text(read.detail, 4000) } : {}),
    code: text(read.code, 100),
  };
};
