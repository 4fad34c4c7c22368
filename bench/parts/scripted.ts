// One call to a scripted REST operation against the handlers of the server itself: what the sandbox costs.
import { listFields, readPath, spread } from '../asks.ts';
import { type Contender, compare } from '../compare.ts';
import { writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';

const wrapped = (body: string): string => `(function process(request, response) {\n${body}\n})(request, response);`;

const fields = listFields.split(',');

/** The same ten fields of the same record that the native read answers. */
const readScript = wrapped(`
  var found = new GlideRecord('incident');
  if (!found.get(request.pathParams.id)) throw new sn_ws_err.NotFoundError('none');
  var values = {};
  ${JSON.stringify(fields)}.forEach(function (field) { values[field] = found.getValue(field); });
  return values;`);

const makeApi = async ({ server }: Stage): Promise<void> => {
  const api = await server.table.put('sys_ws_definition', 'service_id=bench', {
    name: 'Bench',
    service_id: 'bench',
    namespace: 'x_bench',
  });
  const operation = (name: string, relativePath: string, script: string) =>
    server.table.put('sys_ws_operation', `name=bench ${name}`, {
      name: `bench ${name}`,
      web_service_definition: api.sys_id ?? '',
      relative_path: relativePath,
      operation_script: script,
    });
  await operation('nothing', '/nothing', wrapped('return {};'));
  await operation('read', '/read/{id}', readScript);
};

const measure = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const stage = await bench.stage(engine);
  const { server, incidents } = stage;
  await makeApi(stage);
  const contender = (name: string, pathOf: (n: number) => string): Contender => {
    const requests = spread(1000, incidents, (n) => writeRequest({ path: pathOf(n), authorization: stage.as.seen }));
    return { name, server, load: () => ({ requests }) };
  };
  const idOf = (n: number): string => readPath(n).split('/').at(-1) ?? '';
  bench.say(`scripted calls on ${engine}`);
  const comparison = await compare(
    bench.driver,
    [
      contender('native', (n) => `${readPath(n)}?sysparm_fields=${listFields}`),
      contender('nothing', () => '/api/x_bench/bench/nothing'),
      contender('read', (n) => `/api/x_bench/bench/read/${idOf(n)}`),
    ],
    bench.pace,
  );
  const native = comparison.of('native');
  const row = (name: string, title: string): Row => {
    const { perSecond, cpuMicros, p50, p99 } = comparison.of(name);
    const detail = {
      perSecond,
      nativePerSecond: native.perSecond,
      cpuMicros,
      nativeCpuMicros: native.cpuMicros,
      p50Ms: p50,
      p99Ms: p99,
    };
    return { id: `scripted_${name}`, title, engine, value: comparison.ratio(name, 'native'), detail };
  };
  return [
    row('nothing', 'scripted call that does nothing / native read of ten fields'),
    row('read', 'scripted read of ten fields / native read of the same'),
  ];
};

export const scripted: Part = {
  name: 'scripted',
  about: 'a call to a scripted REST operation against the handlers of the server itself',
  async *run(bench, engine) {
    yield* await measure(bench, engine);
  },
};
