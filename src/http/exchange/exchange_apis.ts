// The APIs of the exchange: for peers, for the queue, for administrators of connections.
import type { Exchange } from '../../exchange/exchange.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';
import { makeExchangeAdminApi } from './admin_api.ts';
import { makeHandshakeApi } from './handshake.ts';
import { makeIdentityApi } from './identity_api.ts';
import { makeMessagesApi } from './messages.ts';
import { makeQueueApi } from './queue.ts';
import { makeStatusPageApi, type StatusPageParts } from './status_page.ts';

export interface ExchangeApiParts {
  clock: Clock;
  records: StatusPageParts['records'];
  exchange: Pick<Exchange, 'links' | 'transport' | 'admin' | 'admitPeer'>;
}

export const makeExchangeApis = ({ clock, exchange, records }: ExchangeApiParts): readonly Api[] => {
  const { links, transport, admitPeer } = exchange;
  const { book, handshake, offboard, authChanges, resume, succession } = links;
  return [
    makeMessagesApi({ clock, transport, book, admitPeer }),
    makeHandshakeApi({ book, admitPeer, handshake, offboard, authChanges, resume }),
    makeQueueApi({ transport }),
    makeExchangeAdminApi({ exchangeAdmin: exchange.admin }),
    makeIdentityApi({ succession }),
    makeStatusPageApi({ exchangeAdmin: exchange.admin, succession, records, now: clock.now }),
  ];
};
