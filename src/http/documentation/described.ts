// What descriptions need to know of an API: of those that are part of the instance, and of those that customers made.
// It must not know how anything is answered.
import type { Caller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Api, Operation } from '../api.ts';
import type { ScriptedApis } from '../scripted/scripted_apis.ts';
import { type Description, parameterDescriptions } from './parameters.ts';

export interface DescribedParameter extends Description {
  readonly name: string;
  readonly in: 'query' | 'header';
}

export interface DescribedOperation extends Pick<Operation, 'method' | 'summary'> {
  /** Below the base of its API, with `{name}` segments. */
  readonly path: string;
  readonly parameters: readonly DescribedParameter[];
  readonly produces: readonly string[] | 'as_stored' | undefined;
  /** Of a body; unsaid: what the Table API reads. */
  readonly consumes?: readonly string[];
}

export interface DescribedApi extends Pick<Api, 'name' | 'title' | 'base' | 'versions'> {
  readonly isScripted: boolean;
  readonly operations: readonly DescribedOperation[];
}

export const describeApi = ({ name, title, base, versions, operations }: Api): DescribedApi => ({
  name,
  title,
  base,
  versions,
  isScripted: false,
  operations: operations.map(({ method, path, summary, reads = [], produces }) => ({
    method,
    summary,
    path: path.replace(/:(\w+)/g, '{$1}').replace('*', '{route}'),
    parameters: reads.map((each) => ({ name: each, in: 'query', ...parameterDescriptions[each] })),
    produces,
  })),
});

const mostParameters = 20_000;

const readParameters = async (records: Pick<Records, 'find'>): Promise<ReadonlyMap<string, DescribedParameter[]>> => {
  const read = async (table: string, where: DescribedParameter['in']) =>
    (await records.find(table, 'ORDERBYname', { limit: mostParameters })).map((row: Row) => ({
      operation: row.web_service_operation ?? '',
      name: row.name ?? '',
      in: where,
      description: row.short_description ?? '',
      type: 'string' as const,
      ...(row.is_required === 'true' ? { isRequired: true as const } : {}),
    }));
  const byOperation = new Map<string, DescribedParameter[]>();
  for (const { operation, ...parameter } of [
    ...(await read('sys_ws_query_parameter', 'query')),
    ...(await read('sys_ws_header', 'header')),
  ])
    byOperation.set(operation, [...(byOperation.get(operation) ?? []), parameter]);
  return byOperation;
};

/** One for each version of each API, with the operations that the caller may call. */
export const describeScripted = async (
  { scripted, records }: { scripted: ScriptedApis; records: Pick<Records, 'find'> },
  caller: Caller,
): Promise<readonly DescribedApi[]> => {
  const listed = await scripted.listFor(caller);
  if (listed.length === 0) return [];
  const parameters = await readParameters(records);
  const groups = Map.groupBy(listed, ({ version, endpoint }) => `${endpoint.api} ${version}`);
  return [...groups.values()].flatMap((group): DescribedApi[] => {
    const [first] = group;
    if (!first) return [];
    const { version, endpoint: one } = first;
    const namespace = one.api.slice(0, one.api.indexOf('/'));
    return [
      {
        name: one.api,
        title: one.title,
        base: `/api/${namespace}`,
        versions: [version],
        isScripted: true,
        operations: group.map(({ endpoint }) => ({
          method: endpoint.method as Operation['method'],
          summary: endpoint.summary,
          path: endpoint.pattern.slice(namespace.length),
          parameters: parameters.get(endpoint.sysId) ?? [],
          produces: endpoint.produces,
          consumes: endpoint.consumes,
        })),
      },
    ];
  });
};
