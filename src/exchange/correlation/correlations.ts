// Finds and makes the rows that tie a record here to one at a peer. Each side has its own name for the pair, and learns the other's.
import type { Caller } from '../../records/caller.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';

const table = 'ih_sync_correlation';

const one = async (within: RecordsInTransaction, match: Readonly<Record<string, string>>): Promise<Row | undefined> => {
  if (Object.values(match).includes('')) return undefined;
  return (await within.findBy(table, match, { limit: 1 }))[0];
};

export const correlationOfTask = (within: RecordsInTransaction, remoteTask: string): Promise<Row | undefined> =>
  one(within, { remote_task: remoteTask });

export const correlationByLocalId = (within: RecordsInTransaction, id: string): Promise<Row | undefined> =>
  one(within, { local_correlation_id: id });

/** By either name, and only among those of this connection: nobody reaches the pairs of another. */
export const findCorrelation = async (
  within: RecordsInTransaction,
  connection: string,
  { local, remote }: { local: string; remote: string },
): Promise<Row | undefined> =>
  (await one(within, { connection, local_correlation_id: local })) ??
  (await one(within, { connection, remote_correlation_id: remote }));

export const openCorrelation = (
  within: RecordsInTransaction,
  caller: Caller,
  values: {
    local_correlation_id: string;
    remote_correlation_id: string;
    local_table: string;
    local_record: string;
    connection: string;
    remote_task: string;
  },
): Promise<Row> => within.insert(caller, table, values);

/** Remembers what the peer calls the pair. */
export const learnRemoteId = async (
  within: RecordsInTransaction,
  caller: Caller,
  correlation: Row,
  remote: string,
): Promise<void> => {
  if (correlation.remote_correlation_id === '' && remote !== '')
    await within.update(caller, table, correlation.sys_id ?? '', { remote_correlation_id: remote });
};
