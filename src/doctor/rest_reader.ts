// An instance seen, and mended, through its public REST API with one account: the Table API first, so that any compatible instance will do.
import { type QueueSummary, type Reader, type SeenRow, Unseen } from './reader.ts';

export interface RestAccess {
  base: string;
  authorization: string;
  fetcher: typeof fetch;
  now: () => number;
}

export interface RestInstance extends Reader {
  patch(table: string, sysId: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Asks the instance to look at its connection now; false where it cannot. */
  probe(connectionId: string): Promise<boolean>;
}

export const makeRestInstance = ({ base, authorization, fetcher, now }: RestAccess): RestInstance => {
  const origin = new URL(base).origin;

  const call = async (path: string, method: string, body?: unknown): Promise<{ status: number; result: unknown }> => {
    const answer = await fetcher(new URL(path, origin), {
      method,
      headers: {
        authorization,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch((error: Error) => {
      throw new Error(`${origin} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    });
    const text = await answer.text();
    if (answer.status === 401) throw new Error(`${origin} does not accept this user and password`);
    let result: unknown;
    try {
      result = (JSON.parse(text) as { result?: unknown }).result;
    } catch {
      result = undefined;
    }
    return { status: answer.status, result };
  };

  return {
    name: origin,
    now,
    async rows(table, query, fields, limit = 500) {
      const parameters = new URLSearchParams({
        sysparm_query: query,
        sysparm_fields: ['sys_id', ...fields].join(','),
        sysparm_limit: String(limit),
        sysparm_exclude_reference_link: 'true',
      });
      const { status, result } = await call(`/api/now/table/${table}?${parameters}`, 'GET');
      if (status === 404 && !(await exists(table))) throw new Unseen(`${table}: no such table`);
      if (status === 404) return [];
      if (status !== 200 || !Array.isArray(result)) throw new Unseen(`${table}: status ${status}`);
      return result.map(asRow);
    },
    async queueSummary() {
      const { status, result } = await call('/api/sn_transport/queue/summary', 'GET');
      if (status !== 200 || !Array.isArray(result)) throw new Unseen(`the summary of the transport queue: status ${status}`);
      return result as QueueSummary[];
    },
    async patch(table, sysId, values) {
      const { status, result } = await call(`/api/now/table/${table}/${sysId}`, 'PATCH', values);
      if (status !== 200)
        throw new Error(`${origin} refused to change ${table} ${sysId}: status ${status} ${JSON.stringify(result ?? '')}`);
    },
    async probe(connectionId) {
      const { status } = await call(`/api/sn_sb/exchange_admin/connections/${connectionId}/probe`, 'POST', {});
      return status === 200;
    },
  };

  async function exists(table: string): Promise<boolean> {
    const { status } = await call(`/api/now/table/${table}?sysparm_limit=1`, 'GET');
    return status === 200;
  }
};

const asRow = (value: unknown): SeenRow => {
  const row: Record<string, string> = Object.create(null);
  for (const [name, cell] of Object.entries((value ?? {}) as Record<string, unknown>)) {
    row[name] =
      typeof cell === 'object' && cell !== null ? String((cell as { value?: unknown }).value ?? '') : String(cell ?? '');
  }
  return row;
};
