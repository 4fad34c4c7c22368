// The one sentence for a statement that would have to wait behind too many others, whatever engine it was meant for.
import { Fault } from '../kit/fault.ts';

export const overloaded = (): Fault =>
  new Fault('rate_limited', 'store.overloaded', 'Too many requests are waiting for the database', { retryAfterSeconds: 2 });
