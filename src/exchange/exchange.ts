// The exchange as the instance wires it: connections and transport, which need one another, and what an administrator does with both.
// Nothing here knows what a message means.
import type { Deliverer } from '../catalog/order_item.ts';
import { deriveKey } from '../kit/seal.ts';
import type { Rule } from '../records/records.ts';
import { type ExchangeAdmin, makeExchangeAdmin } from './admin/exchange_admin.ts';
import { makeHttpCarrier } from './carriers/http.ts';
import { type IncarnationParts, openIncarnation } from './incarnation/incarnation.ts';
import { guardOutbound } from './incarnation/standstill.ts';
import { type Links, type LinksParts, makeLinks } from './links.ts';
import { makeExchangeTasks } from './make_exchange_tasks.ts';
import type { ConnectionView } from './seams.ts';
import { makeTransport, type Transport } from './transport.ts';

/** Links have these too, and what is made for them here. */
export interface ExchangeParts extends Omit<LinksParts, 'incarnation' | 'sayAgain' | 'tellLoss' | 'transport'> {
  sealer: IncarnationParts['sealer'];
  /** What tells this instance from a copy of it. */
  place: Pick<IncarnationParts, 'folder' | 'location' | 'baseUrl'>;
}

export interface Exchange {
  readonly links: Links;
  readonly transport: Transport;
  readonly admin: ExchangeAdmin;
  readonly rules: readonly Rule[];
  /** For the catalogue. */
  readonly deliverers: readonly Deliverer[];
  /** Throws Fault where this connection may not be received from now. */
  admitPeer(connection: ConnectionView, incarnation: string): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Lets go of what was begun before the start. */
  forget(): Promise<void>;
  purge(): Promise<void>;
}

/** Judges first whether this is the instance that it was: nothing of the exchange is there before. */
export const openExchange = async (given: ExchangeParts): Promise<Exchange> => {
  const firstId = deriveKey(given.instanceKey, 'exchange instance id').toString('hex').slice(0, 32);
  const incarnation = await openIncarnation({ ...given, ...given.place, firstId });
  const parts = { ...given, outbound: guardOutbound(given.outbound, incarnation) };
  const links: Links = makeLinks({
    ...parts,
    incarnation,
    transport: () => transport,
    sayAgain: (...about) => tasks.sayAgain(...about),
    tellLoss: (...about) => tasks.tellLoss(...about),
  });
  const tasks = makeExchangeTasks({
    ...parts,
    records: () => parts.records,
    enqueue: (transaction, outgoing) => transport.enqueue(transaction, outgoing),
    supersede: (transaction, lane, what) => transport.supersede(transaction, lane, what),
    versionFloor: incarnation.versionFloor,
  });
  const transport: Transport = makeTransport({
    ...parts,
    carrier: makeHttpCarrier(parts),
    book: links.book,
    events: links.events,
    appliers: [links.heartbeat.applier, ...tasks.appliers],
    settlers: tasks.settlers,
  });
  return {
    links,
    transport,
    admin: makeExchangeAdmin({ records: parts.records, links, ownUrl: parts.ownUrl, now: () => parts.clock.now() }),
    deliverers: tasks.deliverers,
    rules: [...links.rules, ...transport.rules, ...tasks.rules],
    admitPeer: links.admitPeer,
    async start() {
      await transport.start();
      links.start();
    },
    async stop() {
      await links.stop();
      await transport.stop();
    },
    forget: incarnation.stop,
    async purge() {
      await transport.purge();
      await links.provider.sweep();
    },
  };
};
