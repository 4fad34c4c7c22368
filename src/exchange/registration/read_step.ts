// A step of a registration as it came in: read, not yet believed.
import { Fault } from '../../kit/fault.ts';

/** Throws `exchange.bad_registration`. */
export const readStep = (body: unknown): { registration: string; step: string; payload: unknown; proof: string } => {
  const said = (body !== null && typeof body === 'object' ? body : {}) as Record<string, unknown>;
  const { registration, step, payload, proof } = said;
  if (
    typeof registration !== 'string' ||
    !/^[0-9a-f]{32}$/.test(registration) ||
    typeof step !== 'string' ||
    typeof proof !== 'string'
  )
    throw new Fault('bad_request', 'exchange.bad_registration', 'The body is not a step of a registration');
  return { registration, step, payload: payload ?? {}, proof };
};
