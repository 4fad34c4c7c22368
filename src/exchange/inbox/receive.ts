// What a peer sent, taken in: POSTs that arrive while a transaction runs share the next one. A message that cannot be applied is found
// out and set apart; the others of its POST go through. Answers only what is durable.
import type { Clock } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Store } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import type { ReadEvent, Received } from '../envelope/read_batch.ts';
import { type Gathering, makeGathering } from '../gather.ts';
import type { ConnectionBook, ConnectionView, LinkEvents } from '../seams.ts';
import { storedDetail } from '../settle/settle.ts';
import { type Appliers, refusalOf } from './applying.ts';
import { rememberRefusal, takeIn } from './take_in.ts';
import { NotStraight, takeStraight } from './take_straight.ts';

export interface ReceiveParts {
  store: Store;
  clock: Clock;
  log: LocalhostLog;
  appliers: Appliers;
  events: LinkEvents;
  book: Pick<ConnectionBook, 'isThere'>;
  /** Messages were kept that are to be applied later. */
  wakeLate: (connection: string) => void;
}

export type Receive = (connection: ConnectionView, events: readonly ReadEvent[]) => Promise<RowResult[]>;

interface Waiting {
  connection: ConnectionView;
  received: Received[];
  resolve: (results: RowResult[]) => void;
  reject: (error: unknown) => void;
}

interface Queue {
  readonly waiting: Waiting[];
  readonly swarm: Gathering;
  /** Messages in it, with those that are being taken in. */
  count: number;
  /** POSTs that were lately under way at a time: those of one group, and those that came while it was written. */
  usual: number;
  /** The last group was taken in without a question: so is the next, most likely. */
  isStraight: boolean;
  isRunning: boolean;
}

/** What a transaction waits at most for the POSTs that are about to come. */
const swarmMs = 4;
/** Messages in one transaction at most: the first POST waits for the last. */
const groupLimit = 400;
/** Messages that wait in memory for one connection; beyond it the peer is told to come back. */
export const waitingLimit = 20_000;

export const makeReceive = (parts: ReceiveParts): Receive & { waiting(connection: string): number } => {
  const { store, clock, log, appliers, events, wakeLate } = parts;
  const { isThere } = parts.book;
  const queues = new Map<string, Queue>();

  const alone = async (connection: ConnectionView, received: Received): Promise<RowResult> => {
    const one = { appliers, connection, isThere, now: clock.now() };
    const { messageId } = received.message;
    try {
      const [result] = await store.write((transaction) => takeIn(transaction, [received], one));
      return result ?? { id: messageId, outcome: 'held' };
    } catch (error) {
      if (isFault(error, 'exchange.not_a_peer')) throw error;
      const refusal = refusalOf(error);
      if (refusal) {
        const words = { code: refusal.code.slice(0, 100), detail: storedDetail(refusal.detail) };
        await store.write((transaction) => rememberRefusal(transaction, received, words, one));
        return { id: messageId, outcome: 'refused', ...words };
      }
      log.write({
        level: 'severe',
        text: `Exchange: message ${messageId} could not be applied yet: ${(error as Error)?.stack ?? String(error)}`,
      });
      const [result] = await store.write((transaction) => takeIn(transaction, [received], { ...one, storeOnly: true }));
      return result ?? { id: messageId, outcome: 'held' };
    }
  };

  const oneByOne = async ({ connection, received }: Waiting): Promise<RowResult[]> => {
    const results: RowResult[] = [];
    const blocked = new Set<string>();
    for (const each of received) {
      const { lane, messageId } = each.message;
      const result: RowResult = blocked.has(lane) ? { id: messageId, outcome: 'held' } : await alone(connection, each);
      if (!['applied', 'ignored', 'stored'].includes(result.outcome)) blocked.add(lane);
      results.push(result);
    }
    return results;
  };

  const together = async (queue: Queue, connection: ConnectionView, received: readonly Received[]): Promise<RowResult[]> => {
    const one = { appliers, connection, isThere, now: clock.now() };
    try {
      if (queue.isStraight) return await store.write((transaction) => takeStraight(transaction, received, one));
    } catch (error) {
      if (!(error instanceof NotStraight)) throw error;
    }
    const results = await store.write((transaction) => takeIn(transaction, received, one));
    queue.isStraight = results.every(({ outcome }) => outcome === 'applied' || outcome === 'ignored');
    return results;
  };

  const runGroup = async (queue: Queue, group: readonly Waiting[]): Promise<void> => {
    const [first] = group;
    if (!first) return;
    let results: RowResult[] | undefined;
    try {
      results = await together(
        queue,
        first.connection,
        group.flatMap((each) => each.received),
      );
    } catch {
      // Whose fault it was shows when each goes alone.
    }
    let at = 0;
    for (const each of group) {
      try {
        each.resolve(results ? results.slice(at, at + each.received.length) : await oneByOne(each));
      } catch (error) {
        each.reject(error);
      }
      at += each.received.length;
    }
  };

  const runAll = async (queue: Queue): Promise<void> => {
    queue.isRunning = true;
    while (queue.waiting.length > 0) {
      // Half of what is under way is enough: the sender works on one half while the other is written here.
      await queue.swarm.until(() => queue.waiting.length * 2 >= queue.usual);
      const group: Waiting[] = [];
      let count = 0;
      for (
        let next = queue.waiting[0];
        next && (group.length === 0 || count + next.received.length <= groupLimit);
        next = queue.waiting[0]
      ) {
        queue.waiting.shift();
        group.push(next);
        count += next.received.length;
      }

      await runGroup(queue, group);
      queue.count -= count;
      // Those that came while the thread was busy are not seen yet: the number falls by and by.
      queue.usual = Math.max(group.length + queue.waiting.length, queue.usual * 0.75);
    }
    queue.isRunning = false;
  };

  const queueOf = (connection: string): Queue => {
    const queue = queues.get(connection) ?? {
      waiting: [],
      swarm: makeGathering({ clock, limitMs: swarmMs }),
      count: 0,
      usual: 1,
      isStraight: true,
      isRunning: false,
    };
    queues.set(connection, queue);
    return queue;
  };

  const take = (connection: ConnectionView, received: Received[]): Promise<RowResult[]> =>
    new Promise((resolve, reject) => {
      const queue = queueOf(connection.sysId);
      queue.waiting.push({ connection, received, resolve, reject });
      queue.count += received.length;
      if (queue.isRunning) queue.swarm.arrived();
      else void runAll(queue);
    });

  const receive: Receive = async (connection, read) => {
    const good = read.flatMap((event) => ('received' in event ? [event.received] : []));
    const taken = good.length > 0 ? await take(connection, good) : [];
    let at = 0;
    const results = read.map((event): RowResult => {
      if (!('received' in event)) return { id: event.id, outcome: 'refused', code: event.code, detail: event.detail };
      const result = taken[at];
      at += 1;
      return result ?? { id: event.id, outcome: 'held' };
    });
    if (taken.some(({ outcome }) => outcome === 'stored')) wakeLate(connection.sysId);
    events.received(connection.sysId, { count: taken.length });
    return results;
  };
  return Object.assign(receive, { waiting: (connection: string) => queues.get(connection)?.count ?? 0 });
};
