// An instance seen, and mended, through its public REST API with one account: the Table API first, so that any compatible instance will do.
// Must not print what the account is.
import { askInstance, type InstanceAccess, readJson, sentenceOf, strangeAnswer } from './ask_instance.ts';
import { type Reader, type SeenRow, Unseen } from './reader.ts';

export interface RestAccess extends InstanceAccess {
  now: () => number;
}

export interface RestInstance extends Reader {
  /** Throws Error with a sentence where the instance refuses. */
  send(method: 'POST' | 'PATCH', path: string, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks the instance to look at its connection now; false where it cannot. */
  probe(connectionId: string): Promise<boolean>;
}

const timeLimitMs = 60_000;

interface Said {
  readonly status: number;
  readonly total: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what an unknown instance answers is looked at field by field
  readonly body: any;
}

export const makeRestInstance = (access: RestAccess): RestInstance => {
  const { origin } = new URL(access.base);

  const ask = async (path: string, method: string, values?: unknown): Promise<Said> => {
    const answer = await askInstance(access, path, {
      method,
      headers: values === undefined ? {} : { 'content-type': 'application/json' },
      body: values === undefined ? null : JSON.stringify(values),
      signal: AbortSignal.timeout(timeLimitMs),
    });
    const body = readJson(await answer.text());
    if (body === undefined && (answer.status === 200 || answer.status === 404)) throw strangeAnswer(origin, answer.status);
    return { status: answer.status, total: answer.headers.get('x-total-count'), body };
  };

  // The first call goes alone: a mistyped password counts once, and not once for everything that is looked at, which would lock the user.
  let first: Promise<Said> | undefined;
  const call: typeof ask = async (...asked) => {
    if (first) {
      await first;
      return ask(...asked);
    }
    first = ask(...asked);
    return first;
  };

  return {
    name: origin,
    now: access.now,
    async read(table, { query, fields, limit = 500 }) {
      const parameters = new URLSearchParams({
        sysparm_query: query,
        sysparm_fields: ['sys_id', ...fields].join(','),
        sysparm_limit: String(limit),
        sysparm_exclude_reference_link: 'true',
        sysparm_display_value: 'false',
      });
      const { status, total, body } = await call(`/api/now/table/${table}?${parameters}`, 'GET');
      // Older releases answer an empty page with 404; every release says in the same words that a table is not there.
      const words = sentenceOf(body);
      if (status === 404 && /no record/i.test(words)) return { rows: [], total: 0 };
      if (/invalid table/i.test(words) || status === 404) throw new Unseen('there is no such table');
      if (status === 403) throw new Unseen('this account may not read it');
      if (status !== 200 || !Array.isArray(body?.result)) throw new Unseen(`status ${status}${words === '' ? '' : `: ${words}`}`);
      return { rows: body.result.map(asRow), total: total === null ? undefined : Number(total) };
    },
    async send(method, path, values) {
      const { status, body } = await call(path, method, values);
      if (status < 200 || status > 299) throw new Error(`${origin} refused: status ${status} ${sentenceOf(body)}`.trim());
    },
    async probe(connectionId) {
      const { status } = await call(
        `/api/sn_sb/exchange_admin/connections/${encodeURIComponent(connectionId)}/probe`,
        'POST',
        {},
      );
      return status === 200;
    },
  };
};

const asRow = (value: unknown): SeenRow => {
  const row: Record<string, string> = Object.create(null);
  for (const [name, cell] of Object.entries((value ?? {}) as Record<string, unknown>))
    row[name] = String((typeof cell === 'object' && cell !== null ? (cell as { value?: unknown }).value : cell) ?? '');
  return row;
};
