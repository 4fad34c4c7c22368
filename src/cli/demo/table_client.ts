// A small client of the Table API, as any integrator would write it: the demo sets itself up through the front door.
// It must not reach into the instance in any other way.

export type Fields = Readonly<Record<string, string>>;

export interface TableClient {
  list(table: string, query: string): Promise<Fields[]>;
  create(table: string, values: Fields): Promise<Fields>;
  update(table: string, sysId: string, values: Fields): Promise<Fields>;
  /** Updates the first record that `query` finds, else creates one. */
  put(table: string, query: string, values: Fields): Promise<Fields>;
}

/** Every failure is an Error with the instance's own words. */
export const makeTableClient = (parts: {
  fetcher: typeof fetch;
  baseUrl: string;
  user: string;
  password: string;
}): TableClient => {
  const authorization = `Basic ${Buffer.from(`${parts.user}:${parts.password}`).toString('base64')}`;

  const call = async <T>(method: string, path: string, values?: Fields): Promise<T> => {
    const answer = await parts.fetcher(`${parts.baseUrl}/api/now/table/${path}`, {
      method,
      headers: { authorization, accept: 'application/json', ...(values ? { 'content-type': 'application/json' } : {}) },
      body: values ? JSON.stringify(values) : null,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path.split('?')[0]} was answered with ${answer.status}: ${text.slice(0, 500)}`);
    return (JSON.parse(text) as { result: T }).result;
  };

  const plain = 'sysparm_exclude_reference_link=true';
  const list = (table: string, query: string) =>
    call<Fields[]>('GET', `${table}?${plain}&sysparm_query=${encodeURIComponent(query)}`);
  const create = (table: string, values: Fields) => call<Fields>('POST', `${table}?${plain}`, values);
  const update = (table: string, sysId: string, values: Fields) => call<Fields>('PATCH', `${table}/${sysId}?${plain}`, values);
  return {
    list,
    create,
    update,
    async put(table, query, values) {
      const [found] = await list(table, query);
      return found ? update(table, found.sys_id ?? '', values) : create(table, values);
    },
  };
};
