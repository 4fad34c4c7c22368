// The integration user of a connection opens the exchange and nothing else, whatever tables let everybody read.
import { Fault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';

const exchangeApi = 'sn_sb/exchange';

/** Throws `exchange.integration_user_confined`. */
export const confineIntegrationUser = (caller: Caller, api: string): void => {
  if (api === exchangeApi || !caller.roles.has('sn_sb.integration') || caller.roles.has('admin')) return;
  throw new Fault('forbidden', 'exchange.integration_user_confined', 'User Not Authorized', {
    explanation: 'The integration user of a connection may call the exchange only.',
  });
};
