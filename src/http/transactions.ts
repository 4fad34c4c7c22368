// One transaction per request: its number, its id, and the lines that support people follow through the log (auth.md §10.2).
// It must not log a query string or a body: both may hold what is nobody's business. Only where an admin says so: rest_debug.ts.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import { cleanLogText, type LocalhostLog, makeLogWords } from '../kit/localhost_log.ts';
import type { Properties } from '../records/properties.ts';
import type { TransactionLog } from '../records/transaction_log.ts';
import type { Store } from '../store/store.ts';
import { agentLine, makeRestDebug, parametersLine } from './rest_debug.ts';

export interface Transaction {
  readonly id: string;
  /** Counted from the start of the process; the `#n` of the log. */
  readonly number: number;
  started(userName: string, message: IncomingMessage): void;
  /** `user` is empty for a refused caller. */
  ended(end: {
    userName: string;
    userSysId: string;
    method: string;
    api: string;
    resource: string;
    version: string;
    status: number;
    remoteAddress: string;
  }): void;
}

export interface Transactions {
  begin(path: string): Transaction;
}

const guest = { userName: 'guest', userSysId: '5136503cc611227c0183e96598c4f706' };

/** `0:00:02.310`. */
const duration = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (count: number) => String(count).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.floor(milliseconds % 1000)).padStart(3, '0')}`;
};

const shownPathLength = 1000;

const nothing = 'method:null, api_name:null, resource:null, version:null';

/** Where nobody is known it is the guest who asks; one who is known by name alone has no id. */
const userWords = () => makeLogWords((name: string) => `, user: ${name || guest.userName}`);
const aboutWords = () =>
  makeLogWords(
    (method: string, api: string, resource: string, version: string, userName: string, userSysId: string, status: number) => {
      const about =
        status === 401
          ? nothing
          : `method:${method}, api_name:${api || 'null'}, resource:${resource || 'null'}, version:${version || 'Default'}`;
      const knownAs = userSysId || (userName ? '' : guest.userSysId);
      return `${about}, user_id:${knownAs}, response_status:${status}`;
    },
  );

const timesKept = 1000;

/** By milliseconds, of which nearly all calls take few. */
const makeTimeWords = (): ((tookMs: number) => string) => {
  const known = new Map<number, string>();
  return (tookMs) => {
    const before = known.get(tookMs);
    if (before !== undefined) return before;
    const took = duration(tookMs);
    const words = cleanLogText(`, total time: ${took}, processing time: ${took} , type:rest, `);
    if (known.size < timesKept) known.set(tookMs, words);
    return words;
  };
};

export const makeTransactions = (parts: {
  clock: Clock;
  ids: Ids;
  log: LocalhostLog;
  properties: Pick<Properties, 'flag'>;
  topics: Pick<Store, 'topic'>;
  /** Told of every call when it has been answered. */
  record?: TransactionLog['add'];
}): Transactions => {
  const { clock, ids, log, record } = parts;
  const isDebugging = makeRestDebug(parts);
  const [userOf, aboutOf, timeOf] = [userWords(), aboutWords(), makeTimeWords()];
  let count = 0;
  return {
    begin(fullPath) {
      const path = fullPath.slice(0, shownPathLength);
      const startedAtMs = clock.now();
      const id = ids.randomHex(12);
      count += 1;
      const number = count;
      // Requests have no session; the transaction's own id keeps the place that the session id has in the line.
      const session = id.toUpperCase().padEnd(32, '0');
      const [before, inside] = [log.of(id), log.of(id, session)];
      const shown = cleanLogText(`#${number} ${path}`);
      before.cleaned(`New transaction ${session} ${shown}`);
      return {
        id,
        number,
        started(userName, message) {
          if (isDebugging()) {
            before.plain(agentLine(message));
            inside.plain(`${shown} ${parametersLine(message)}`);
          }
          inside.cleaned(`*** Start ${shown}${userOf(userName)}`);
        },
        ended({ userName, userSysId, method, api, resource, version, status, remoteAddress }) {
          const tookMs = clock.now() - startedAtMs;
          record?.(status, () => {
            const call = { method, status, transactionId: id, userName, remoteAddress, startedAtMs, tookMs };
            return { ...call, path: cleanLogText(path) };
          });
          const isRefused = status === 401;
          if (isRefused) {
            before.plain(`#${number} [REST API] RESTAPIProcessor : User Not Authenticated`);
            before.debug('Session inactivity timeout changed for unauthorized session. Inactive_interval=60 seconds');
          }
          const about = aboutOf(method, api, resource, version, userName, userSysId, status);
          (isRefused ? before : inside).cleaned(`*** End ${shown}${userOf(userName)}${timeOf(tookMs)}${about}`);
        },
      };
    },
  };
};
