// Tokens of our own: what one more costs at the token endpoint, one that is given again and one that is new, and what it opens doors at.
import { readPath, spread } from '../asks.ts';
import { type Contender, compare } from '../compare.ts';
import { writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';

const grantSwitch = 'glide.oauth.inbound.client.credential.grant_type.enabled';

/** An OAuth Client whose tokens act as the caller of the bench; answers the form its clients send. */
const makeClient = async ({ server }: Stage, user: string): Promise<string> => {
  await server.table.put('sys_properties', `name=${grantSwitch}`, { name: grantSwitch, value: 'true' });
  const secret = 'a secret for the bench only, of some length';
  const client = await server.table.put('oauth_entity', 'name=Bench', {
    name: 'Bench',
    type: 'client',
    user,
    client_secret: secret,
  });
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.client_id ?? '',
    client_secret: secret,
  }).toString();
};

const tokenRequest = (form: string): string =>
  writeRequest({ method: 'POST', path: '/oauth_token.do', body: form, contentType: 'application/x-www-form-urlencoded' });

const tokenOf = async (port: number, form: string): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/oauth_token.do`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`the token endpoint answered ${answer.status}`);
  return token;
};

const measure = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const stage = await bench.stage(engine);
  const { server, incidents } = stage;
  const [caller] = await server.table.list('sys_user', 'user_name=bench.agent');
  const form = await makeClient(stage, caller?.sys_id ?? '');
  const own = `Bearer ${await tokenOf(server.port, form)}`;
  const reads = (name: string, authorization: string): Contender => ({
    name,
    server,
    load: () => ({ requests: spread(1000, incidents, (n) => writeRequest({ path: readPath(n), authorization })) }),
  });
  bench.say(`the token endpoint on ${engine}`);
  const comparison = await compare(
    bench.driver,
    [{ name: 'token', server, load: () => ({ requests: [tokenRequest(form)] }) }, reads('own', own), reads('id', stage.as.seen)],
    bench.pace,
  );
  const row = (id: string, title: string, name: string, other: string): Row => {
    const { perSecond, cpuMicros, p50, p99 } = comparison.of(name);
    return { id, title, engine, value: comparison.ratio(name, other), detail: { perSecond, cpuMicros, p50Ms: p50, p99Ms: p99 } };
  };
  return [
    row('token_endpoint', 'client credentials, a token that is given again / read of one record', 'token', 'own'),
    row('own_token_read', 'read with a token of our own / with an ID token that was seen', 'own', 'id'),
  ];
};

export const tokenEndpoint: Part = {
  name: 'token_endpoint',
  about: 'what a token of our own costs at the token endpoint, and what it opens',
  async *run(bench, engine) {
    yield* await measure(bench, engine);
  },
};
