// syslog_transaction: what was called, by whom, with what result. Gathered and written once a second, so that no call waits for its
// line; what a crash takes with it are the lines of the last second. Must not see a query or a body.
import { type Clock, wireMoment } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Store, Transaction, Value } from '../store/store.ts';
import { cleanText } from './field_types/text.ts';
import { insertMany } from './many_rows.ts';

export interface CallEntry {
  /** Without the query. */
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly transactionId: string;
  readonly userName: string;
  readonly remoteAddress: string;
  readonly startedAtMs: number;
  readonly tookMs: number;
}

export interface TransactionLog {
  /** `tell` is asked only where there is room for the line. */
  add(status: number, tell: () => CallEntry): void;
  /** Writes what waits, and takes no more. */
  close(): Promise<void>;
}

export interface TransactionLogParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Told what could not be written, and how many lines were too many. */
  warn: (text: string) => void;
}

const writeEveryMs = 1000;
/** A busier second is recorded in part: what was refused or failed before what went well. */
const linesAtOnce = 1000;

const columns = [
  'sys_id',
  'type',
  'url',
  'http_method',
  'http_response_code',
  'transaction_id',
  'user',
  'remote_ip',
  'response_time',
  'sys_created_on',
  'sys_created_by',
  'sys_updated_on',
  'sys_updated_by',
  'sys_mod_count',
] as const;

export const makeTransactionLog = ({ store, clock, ids, warn }: TransactionLogParts): TransactionLog => {
  let waiting: CallEntry[] = [];
  let failures: CallEntry[] = [];
  let leftOut = 0;
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isClosed = false;

  const valuesOf = (entry: CallEntry): Value[] => {
    const at = wireMoment(entry.startedAtMs);
    const user = entry.userName.slice(0, 40) || 'guest';
    const address = entry.remoteAddress.slice(0, 64);
    const told = [cleanText(entry.path).slice(0, 1024), entry.method, entry.status, entry.transactionId, user, address];
    return [ids.sysId(), 'REST', ...told, Math.round(entry.tookMs), at, user, at, user, 0];
  };

  const write = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const lines = [...failures, ...waiting];
    const missing = leftOut;
    [waiting, failures, leftOut] = [[], [], 0];
    if (missing > 0) warn(`${missing} calls of a busy second are not in syslog_transaction`);
    if (lines.length === 0) return;
    try {
      const work = (transaction: Transaction) => insertMany(transaction, 'syslog_transaction', columns, lines.map(valuesOf));
      // The disk is not waited for: a crash may take the lines of a second in any case.
      await store.write(work, { isRelaxed: true });
    } catch (error) {
      warn(`${lines.length} calls are not in syslog_transaction: ${(error as Error).message}`);
    }
  };

  return {
    add(status, tell) {
      if (isClosed) return;
      const isFailure = status >= 400;
      if (waiting.length + failures.length >= linesAtOnce) {
        leftOut += 1;
        if (!isFailure || waiting.pop() === undefined) return;
      }
      (isFailure ? failures : waiting).push(tell());
      cancel ??= clock.after(writeEveryMs, () => {
        writing = writing.then(write);
      });
    },
    async close() {
      isClosed = true;
      await writing;
      await write();
    },
  };
};
