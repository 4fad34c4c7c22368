// The first call of a person whom nobody knows: claims become a staging row, a map makes the user, roles are granted, the call is answered.
// Against handlers of the server itself: the same call of somebody known, and the making of a user through the Table API.
import { readPath, spread } from '../asks.ts';
import { type Contender, compare } from '../compare.ts';
import { writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';

const clientId = 'bench-unknown';
/** Where a machine answers more, the slice ends sooner: each request needs a token of its own, signed before. */
const perSecondAtMost = 1500;

const register = async ({ server }: Stage, metadataUrl: string): Promise<void> => {
  const { table } = server;
  const source = await table.put('sys_data_source', 'name=Bench login', {
    name: 'Bench login',
    type: 'OIDC',
    import_set_table_name: 'u_bench_login',
  });
  const map = await table.put('sys_transform_map', 'name=Bench login', {
    name: 'Bench login',
    source_table: 'u_bench_login',
    target_table: 'sys_user',
  });
  const entries: readonly Readonly<Record<string, string>>[] = [
    { source_field: 'u_preferred_username', target_field: 'user_name', coalesce: 'true' },
    { source_field: 'u_sub', target_field: 'last_name' },
  ];
  for (const entry of entries)
    await table.put('sys_transform_entry', `map=${map.sys_id}^target_field=${entry.target_field}`, {
      map: map.sys_id ?? '',
      ...entry,
    });
  const [role] = await table.list('sys_user_role', 'name=itil');
  const configuration = await table.put('oidc_provider_configuration', `name=${clientId}`, {
    name: clientId,
    oidc_url: metadataUrl,
    user_claim: 'preferred_username',
    user_field: 'user_name',
    auto_provision: 'true',
    provision_data_source: source.sys_id ?? '',
    provision_roles: role?.sys_id ?? '',
    active: 'true',
  });
  await table.put('oauth_oidc_entity', `name=${clientId}`, {
    name: clientId,
    client_id: clientId,
    client_secret: 'not used to check tokens, but wanted',
    oidc_provider_configuration: configuration.sys_id ?? '',
    active: 'true',
  });
};

const measure = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const stage = await bench.stage(engine);
  const { server, incidents, as } = stage;
  await register(stage, bench.issuer.metadataUrl);
  const pace = { ...bench.pace, rounds: Math.min(bench.pace.rounds, 5), sliceMs: Math.min(bench.pace.sliceMs, 800) };
  const count = Math.ceil((perSecondAtMost * pace.sliceMs) / 1000);
  const run = Date.now().toString(36);
  let people = 0;
  const newName = (): string => {
    people += 1;
    return `bench.${run}.${people}`;
  };
  const reads = (tokens: readonly string[]): string[] =>
    spread(tokens.length, incidents, readPath).map((path, at) => writeRequest({ path, authorization: tokens[at] ?? '' }));
  const strangers = async (): Promise<string[]> => {
    const names = Array.from({ length: count }, newName);
    const tokens = await Promise.all(names.map((userName) => bench.issuer.tokens(1, { userName, audience: clientId })));
    return tokens.map(([token]) => `Bearer ${token}`);
  };
  const newUsers = (): string[] =>
    Array.from({ length: count }, () =>
      writeRequest({
        method: 'POST',
        path: '/api/now/table/sys_user',
        authorization: admin,
        body: JSON.stringify({ user_name: newName(), last_name: 'Made' }),
      }),
    );
  const admin = `Basic ${Buffer.from(`admin:${stage.place.adminPassword}`).toString('base64')}`;
  const contenders: readonly Contender[] = [
    { name: 'stranger', server, load: async () => ({ requests: reads(await strangers()), isOnce: true }) },
    { name: 'known', server, load: async () => ({ requests: reads(await as.fresh(count)), isOnce: true }) },
    { name: 'made', server, load: () => ({ requests: newUsers(), isOnce: true }) },
  ];
  bench.say(`first calls of strangers on ${engine}`);
  const comparison = await compare(bench.driver, contenders, pace);
  const { perSecond, cpuMicros, p50, p99 } = comparison.of('stranger');
  const row = (id: string, title: string, other: string): Row => ({
    id,
    title,
    engine,
    value: comparison.ratio('stranger', other),
    detail: { perSecond, otherPerSecond: comparison.of(other).perSecond, cpuMicros, p50Ms: p50, p99Ms: p99 },
  });
  return [
    row('provisioning_known', 'first call of a stranger, who becomes a user / of a known user with a new token', 'known'),
    row('provisioning_made', 'first call of a stranger, who becomes a user / insert of a user', 'made'),
  ];
};

export const provisioning: Part = {
  name: 'provisioning',
  about: 'the first call of a stranger, who becomes a user in it, against native handlers',
  async *run(bench, engine) {
    yield* await measure(bench, engine);
  },
};
