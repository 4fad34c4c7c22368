// One transaction per request: its number, its id, and the lines that support people follow through the log (auth.md §10.2).
// It must not log a query string or a body: both may hold what is nobody's business. Only where an admin says so: rest_debug.ts.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import { cleanLogText, type LocalhostLog } from '../kit/localhost_log.ts';
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
  const rest = String(Math.floor(milliseconds % 1000)).padStart(3, '0');
  if (milliseconds < 1000) return `0:00:00.${rest}`;
  const seconds = Math.floor(milliseconds / 1000);
  const two = (count: number) => String(count).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`;
};

const shownPathLength = 1000;

// One call is like the next in all but its path: what they have in common is cleaned and put together once.

const makeCleanAgain = (): ((text: string) => string) => {
  let [seen, clean] = ['', ''];
  return (text) => {
    if (text !== seen) [seen, clean] = [text, cleanLogText(text)];
    return clean;
  };
};

interface About {
  method: string;
  api: string;
  resource: string;
  version: string;
}

const makeSayAbout = (): ((about: About) => string) => {
  let seen: About = { method: '', api: '', resource: '', version: '' };
  let said = '';
  return ({ method, api, resource, version }) => {
    const isSame =
      method === seen.method && api === seen.api && resource === seen.resource && version === seen.version && said !== '';
    if (isSame) return said;
    seen = { method, api, resource, version };
    said = cleanLogText(
      `method:${method}, api_name:${api || 'null'}, resource:${resource || 'null'}, version:${version || 'Default'}`,
    );
    return said;
  };
};

const nothing = 'method:null, api_name:null, resource:null, version:null';

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
  const [cleanName, cleanId, sayAbout] = [makeCleanAgain(), makeCleanAgain(), makeSayAbout()];
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
          inside.cleaned(`*** Start ${shown}, user: ${cleanName(userName)}`);
        },
        ended({ userName, userSysId, method, api, resource, version, status, remoteAddress }) {
          const tookMs = clock.now() - startedAtMs;
          record?.(status, () => {
            const call = { method, status, transactionId: id, userName, remoteAddress, startedAtMs, tookMs };
            return { ...call, path: cleanLogText(path) };
          });
          const took = duration(tookMs);
          const isRefused = status === 401;
          if (isRefused) {
            before.plain(`#${number} [REST API] RESTAPIProcessor : User Not Authenticated`);
            before.debug('Session inactivity timeout changed for unauthorized session. Inactive_interval=60 seconds');
          }
          const user = cleanName(userName || guest.userName);
          const about = isRefused ? nothing : sayAbout({ method, api, resource, version });
          const knownAs = cleanId(userSysId || (userName ? '' : guest.userSysId));
          (isRefused ? before : inside).cleaned(
            `*** End ${shown}, user: ${user}, total time: ${took}, processing time: ${took} , type:rest, ${about}, ` +
              `user_id:${knownAs}, response_status:${status}`,
          );
        },
      };
    },
  };
};
