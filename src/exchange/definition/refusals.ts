// Why something that is offered to other organisations cannot be published, or not be changed.
import { Fault } from '../../kit/fault.ts';

export const invalid = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.definition_invalid', 'The definition cannot be published', { explanation });

export const isPublished = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.definition_published', 'The definition cannot be changed', { explanation });

export const unfit = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.definition_unfit', 'The definition cannot be used here', { explanation });
