// What may go into a statement and what comes out of it, the same on every engine.
// It must not know columns: whether a value fits its column is the engine's to say.
import { Fault } from '../kit/fault.ts';
import type { Value } from './store.ts';

/**
 * Throws `store.bad_text` for text that one of the engines would refuse or change (NUL, lone surrogates), `store.bad_number` for
 * NaN and the infinities, and a TypeError for what is no Value at all: that is a bug of the room that sent it.
 */
export const checkParameters = (parameters: readonly Value[]): void => {
  for (const parameter of parameters) {
    if (typeof parameter === 'string') checkText(parameter);
    else if (typeof parameter === 'number') checkNumber(parameter);
    else if (parameter !== null && !(parameter instanceof Uint8Array)) {
      throw new TypeError(`a ${typeof parameter} is no value of the store`);
    }
  }
};

const checkText = (text: string): void => {
  if (text.isWellFormed() && !text.includes('\0')) return;
  throw new Fault('bad_request', 'store.bad_text', 'Text must not contain NUL characters or unpaired surrogates');
};

const checkNumber = (number: number): void => {
  if (Number.isFinite(number)) return;
  throw new Fault('bad_request', 'store.bad_number', 'Number is not finite');
};

/** An integer as a number where a number holds it exactly, else as its digits. */
export const integerValue = (integer: bigint | string): Value => {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : String(integer);
};
