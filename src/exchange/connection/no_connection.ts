// The refusal of a number that no connection has, worded once.
import { Fault } from '../../kit/fault.ts';

export const noConnection = (): Fault =>
  new Fault('not_found', 'exchange.no_connection', 'There is no such connection', {
    explanation: 'Those there are: causeway exchange status.',
  });
