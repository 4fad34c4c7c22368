// Comments and work notes between the two sides: each entry a message of its own, with who wrote it and when. The entry is written here
// under the name that people know the writer by, "Name (company)"; nobody gets an account by it.
import { wireMoment } from '../../kit/clock.ts';
import type { Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { findCorrelation, learnRemoteId } from '../correlation/correlations.ts';
import { localTable, readFieldMap } from '../definition/field_map.ts';
import { laneOf, type Message } from '../message.ts';
import { noteCaller, peerCaller } from '../origin.ts';
import { laneId } from '../queue_ids.ts';
import { refused } from '../refused.ts';
import { authorOf, makeHeardBefore } from '../remote_task/hearing.ts';
import { companyName, findTie, type Pair, readPair, recordOf } from '../remote_task/pair.ts';
import type { Applier, Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';

export interface Entry {
  element: string;
  text: string;
  by: string;
  at: string;
}

/** Operation of an entry that is given back to the side that wrote it. */
export const returned = 'return';

export const makeSendJournals =
  ({ records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>) =>
  async (transaction: Transaction, pair: Pair, row: Row, entries: readonly Entry[]): Promise<void> => {
    const { definition, side, correlation, connection } = pair;
    const fields = await readFieldMap(records().within(transaction), { definition, side, direction: 'outbound' });
    for (const { element, text, by, at } of entries) {
      for (const field of fields.filter(({ source, syncWhen }) => source === element && syncWhen !== 'never')) {
        await enqueue(transaction, {
          connection: connection.sys_id ?? '',
          kind: 'journal',
          operation: 'insert',
          payload: {
            correlation: correlation.local_correlation_id,
            peer_correlation: correlation.remote_correlation_id,
            key: field.name,
            value: text,
            capture_metadata: { changed_by: by, timestamp: at },
          },
          correlationId: correlation.local_correlation_id ?? '',
          source: { table: row.sys_class_name ?? '', sysId: row.sys_id ?? '' },
        });
      }
    }
  };

export type SendJournals = ReturnType<typeof makeSendJournals>;

/** With what the sys_ids that are made at this moment begin: finer than the second that an entry says of itself. */
export const idPrefixAt = (now: number): string => now.toString(16).padStart(12, '0');

/** Entries that are for this peer, from a moment on; `since` as `idPrefixAt` says it. */
export const journalsSince = async (
  { records }: Pick<TasksParts, 'records'>,
  transaction: Transaction,
  { connection, side }: Pick<Pair, 'connection' | 'side'>,
  { record, since }: { record: string; since: string },
): Promise<Entry[]> => {
  const within = records().within(transaction);
  const found = await within.findBy('sys_journal_field', { element_id: record });
  const isHeard = await makeHeardBefore(within, side);
  // A company may be at both ends of a chain.
  const theirs = authorOf('', await companyName(within, connection));
  const isForPeer = (by: string): boolean => by !== noteCaller.userName && !by.endsWith(theirs) && isHeard(by);
  const entries = found
    .filter(({ sys_id: id = '', sys_created_by: by = '' }) => id >= since && isForPeer(by))
    .sort((a, b) => ((a.sys_id ?? '') < (b.sys_id ?? '') ? -1 : 1));
  const writers = [...new Set(entries.map((row) => row.sys_created_by ?? ''))];
  const people = await within.findMany(
    'sys_user',
    writers.map((user_name) => ({ user_name })),
    { limit: 1 },
  );
  const names = new Map(writers.map((user, at) => [user, people[at]?.[0]?.name || user]));
  return entries.map((row) => ({
    element: row.element ?? '',
    text: row.value ?? '',
    by: names.get(row.sys_created_by ?? '') ?? '',
    at: row.sys_created_on ?? '',
  }));
};

interface ReadEntry {
  correlation: string;
  peerCorrelation: string;
  key: string;
  text: string;
  by: string;
  at: string;
  /** Of one that is given back: the message that had brought it; else ''. */
  messageId: string;
}

const readEntry = (payload: unknown): ReadEntry | undefined => {
  const given = (payload ?? {}) as Record<string, unknown>;
  const metadata = (given.capture_metadata ?? {}) as Record<string, unknown>;
  const entry = {
    correlation: given.correlation,
    peerCorrelation: given.peer_correlation,
    key: given.key,
    text: given.value,
    by: metadata.changed_by,
    at: metadata.timestamp,
    messageId: given.message_id ?? '',
  };
  return Object.values(entry).every((value) => typeof value === 'string') ? (entry as ReadEntry) : undefined;
};

export const makeJournalApplier = ({ records, clock }: Pick<TasksParts, 'records' | 'clock'>): Applier => ({
  kinds: ['journal'],
  async apply(transaction: Transaction, message: Message, { sysId: connectionId }): Promise<Outcome> {
    const entry = readEntry(message.payload);
    if (!entry) return refused('exchange.bad_payload', 'The journal entry is not as the protocol says');
    const within = records().within(transaction);
    const names = { local: entry.peerCorrelation, remote: entry.correlation };
    const correlation = await findCorrelation(within, connectionId, names);
    const task = correlation && (await findTie(within, correlation.remote_task));
    const pair = task && (await readPair(within, task, { correlation }));
    if (!correlation || !pair) return refused('exchange.correlation_unknown', 'No record here belongs to this one');
    if (!recordOf(pair.task)) return refused('exchange.parent_gone', 'The record that belonged to this one was deleted');
    await learnRemoteId(within, noteCaller, correlation, entry.correlation);
    const record = {
      table: correlation.local_table || localTable(pair.definition, pair.side),
      sysId: correlation.local_record ?? '',
    };
    const { definition, side } = pair;
    const company = await companyName(within, pair.connection);
    if (message.operation === returned) {
      const lane = laneId(connectionId, 'outbound', laneOf('record', correlation.local_correlation_id ?? ''));
      const known = await within.findBy('sn_transport_queue', { lane, message_id: entry.messageId }, { limit: 1 });
      if (known.length > 0) return { outcome: 'ignored', reason: 'It is here' };
      const sent = await readFieldMap(within, { definition, side, direction: 'outbound' });
      const own = sent.find(({ name }) => name === entry.key);
      if (!own) return { outcome: 'ignored', reason: `${entry.key} is not sent from here` };
      // It says who gave it back: a peer's word for it is no proof.
      const writer = { ...noteCaller, userName: authorOf(entry.by, company) };
      const text = `${entry.by}, ${entry.at} UTC, given back by ${company}:\n${entry.text}`;
      await within.update(writer, record.table, record.sysId, { [own.source]: text });
      return { outcome: 'applied' };
    }
    const map = await readFieldMap(within, { definition, side, direction: 'inbound' });
    const field = map.find(({ name }) => name === entry.key);
    if (!field) return refused('exchange.unknown_field', `The definition takes no field ${entry.key}`);
    if (field.syncWhen === 'never') return { outcome: 'ignored', reason: `${field.label} is not taken here` };
    const author = `${entry.by} (${company})`;
    const at = entry.at || wireMoment(clock.now());
    const caller = peerCaller(connectionId, 1, authorOf(entry.by, company));
    await within.update(caller, record.table, record.sysId, { [field.target]: `${author}, ${at} UTC:\n${entry.text}` });
    return { outcome: 'applied' };
  },
});
