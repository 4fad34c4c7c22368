// /api/sn_transport/queue: what an administrator does to the transport queue. docs/exchange_queue_api.md has every operation.
// No rule of the queue lives here.
import { Readable } from 'node:stream';
import { type QueueFilter, readFilter } from '../../exchange/reprocess/filter.ts';
import type { Summary } from '../../exchange/reprocess/summary.ts';
import type { Transport } from '../../exchange/transport.ts';
import { Fault } from '../../kit/fault.ts';
import { hasRole } from '../../records/caller.ts';
import type { Answer, Api, Asked, Operation } from '../api.ts';

export interface QueueParts {
  transport: Pick<Transport, 'reprocess' | 'summary'>;
}

const demandRole = ({ caller }: Asked): void => {
  if (hasRole(caller, 'sn_transport.admin')) return;
  throw new Fault('forbidden', 'exchange.queue_forbidden', 'User Not Authorized', {
    explanation: 'This needs the role sn_transport.admin',
  });
};

const wrongBody = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.bad_queue_request', 'Exception while reading request', { explanation });

const bodyOf = async (asked: Asked): Promise<ReadonlyMap<string, unknown>> => {
  const body = await asked.json();
  if (body === undefined) return new Map();
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw wrongBody('The payload must be a JSON object.');
  return new Map(Object.entries(body));
};

const filterOf = (body: ReadonlyMap<string, unknown>): QueueFilter => {
  const filter = body.get('filter') ?? {};
  if (filter === null || typeof filter !== 'object' || Array.isArray(filter)) throw wrongBody('filter must be a JSON object.');
  return readFilter(new Map(Object.entries(filter)));
};

const wholeNumber = (body: ReadonlyMap<string, unknown>, name: string, most: number): number | undefined => {
  const value = body.get(name);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > most) {
    throw wrongBody(`${name} must be a whole number from 0 to ${most}.`);
  }
  return value as number;
};

const text = (body: ReadonlyMap<string, unknown>, name: string): string => {
  const value = body.get(name) ?? '';
  if (typeof value !== 'string' || value.length > 1000 || value.includes('\0') || !value.isWellFormed()) {
    throw wrongBody(`${name} must be a text of at most 1000 characters.`);
  }
  return value;
};

const said = (result: unknown): Answer => ({ status: 200, body: JSON.stringify({ result }) });

export const makeQueueApi = ({ transport }: QueueParts): Api => {
  const { reprocess } = transport;
  const operation = (method: Operation['method'], path: string, handle: (asked: Asked) => Promise<Answer>): Operation => ({
    method,
    path,
    produces: ['application/json'],
    async handle(asked) {
      demandRole(asked);
      return handle(asked);
    },
  });
  const connectionOf = async (asked: Asked): Promise<string> => text(await bodyOf(asked), 'connection');

  return {
    name: 'sn_transport/queue',
    base: '/api/sn_transport/queue',
    versions: ['', 'v1'],
    operations: [
      operation('GET', '/summary', async () => said((await transport.summary()) satisfies readonly Summary[])),
      operation('GET', '/plan', async (asked) => said(await reprocess.plan(readFilter(new Map(asked.parameters.pairs))))),
      operation('GET', '/export', async (asked) => {
        const lines = reprocess.exportLines(asked.caller, readFilter(new Map(asked.parameters.pairs)));
        return { status: 200, body: Readable.from(lines), contentType: 'application/x-ndjson' };
      }),
      operation('POST', '/reprocess', async (asked) => {
        const body = await bodyOf(asked);
        const filter = filterOf(body);
        if (body.get('dry_run') === true) return said(await reprocess.plan({ ...filter, state: 'error', direction: 'outbound' }));
        const [limit, watchMs] = [wholeNumber(body, 'limit', 1000), wholeNumber(body, 'watch_ms', 30_000)];
        const options = { ...(limit === undefined ? {} : { limit }), ...(watchMs === undefined ? {} : { watchMs }) };
        return said(await reprocess.run(asked.caller, filter, options));
      }),
      operation('POST', '/skip', async (asked) => {
        const body = await bodyOf(asked);
        const { ids } = readFilter(new Map([['ids', body.get('ids')]]));
        if (!ids || ids.length === 0) throw wrongBody('ids must name the rows to skip.');
        const dryRun = body.get('dry_run') === true;
        const count = await reprocess.skip(asked.caller, ids, { note: text(body, 'note'), dryRun });
        return said(dryRun ? { would_skip: count } : { skipped: count });
      }),
      operation('POST', '/pause', async (asked) => {
        await reprocess.pause(asked.caller, await connectionOf(asked));
        return said({ paused: true });
      }),
      operation('POST', '/resume', async (asked) => {
        await reprocess.resume(asked.caller, await connectionOf(asked));
        return said({ paused: false });
      }),
    ],
  };
};
