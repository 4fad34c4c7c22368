// JSON whose whole numbers keep all their digits: keys of other systems have twenty, a number of ours holds sixteen, and two that differ in
// the last must not become one. Pure.

/** A look for numbers where numbers stand: hex in a text is none. */
const hasLongNumber = /[:,[\s]-?(?:\d{16}|\d[\d.]*[eE])|^-?\d/;

const exact = (_name: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? (source ?? value) : value;

/** As JSON.parse, but a number beyond what a number of ours holds is the text that it was written as. */
export const parseExact = (text: string): unknown => (hasLongNumber.test(text) ? JSON.parse(text, exact) : JSON.parse(text));
