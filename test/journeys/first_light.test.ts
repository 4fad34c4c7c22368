// The first story: an administrator registers a provider through the Table API, its ID token opens a record, the same token is refused,
// the log and a row say why, and nothing that was promised is lost when the process is killed.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { runProvider } from '../parts/identity_provider.ts';
import { type InstanceProcess, runCommand, startProcess } from '../parts/instance_process.ts';
import { openSocket } from '../parts/raw_http.ts';
import { type Ask, adminPassword, basic, makeClient, type Said } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const refused =
  '{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}';
const json = { 'content-type': 'application/json' };
const people = new Map([
  ['acct-1', { preferred_username: 'mei.tanaka', name: 'Mei Tanaka', department: 'network' }],
  ['acct-2', { preferred_username: 'nobody.here', name: 'Nobody Here' }],
]);

forEachEngine((engine) => {
  let data: string;
  let database: Awaited<ReturnType<typeof engine.fresh>>;
  let provider: Awaited<ReturnType<typeof runProvider>>;
  let instance: InstanceProcess;
  const ask = (path: string, options?: Ask): Promise<Said> => makeClient(instance.baseUrl)(path, options);
  const make = async (table: string, values: Record<string, string>): Promise<Record<string, string>> => {
    const said = await ask(`/api/now/table/${table}?sysparm_exclude_reference_link=true`, {
      headers: json,
      body: JSON.stringify(values),
    });
    assert.equal(said.status, 201, said.text);
    return said.json.result;
  };
  const change = async (table: string, sysId: string, values: Record<string, string>) => {
    const said = await ask(`/api/now/table/${table}/${sysId}`, { method: 'PATCH', headers: json, body: JSON.stringify(values) });
    assert.equal(said.status, 200, said.text);
  };
  const withToken = (token: string) =>
    ask('/api/now/table/incident?sysparm_limit=1&sysparm_fields=number', { authorization: `Bearer ${token}` });
  const logText = () => readFile(join(data, 'logs', 'localhost_log.txt'), 'utf8');
  const linesOf = async (transactionId: string): Promise<string> => {
    await untilTrue(async () => new RegExp(`txid=${transactionId} .*\\*\\*\\* End`).test(await logText()));
    return (await logText())
      .split('\n')
      .filter((line) => line.includes(`txid=${transactionId}`))
      .join('\n');
  };
  const start = async () => {
    instance = await startProcess(['start', '--port', '0', '--data', data, '--database', database.location, '--demo-data'], {
      CAUSEWAY_ADMIN_PASSWORD: adminPassword,
    });
  };
  let configuration = '';

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'causeway-journey-'));
    database = await engine.fresh();
    provider = await runProvider(people);
    await start();
  });
  after(async () => {
    await instance.kill();
    await provider.stop();
    await database.drop();
    await rm(data, { recursive: true, force: true });
  });

  test('it says that it is ready, and is', async () => {
    assert.match(instance.stdout(), /^causeway ready http:\/\/127\.0\.0\.1:\d+$/m);
    for (const path of ['/healthz', '/readyz']) assert.equal((await ask(path, { authorization: '' })).status, 200);
    assert.ok(
      !instance.stdout().includes(adminPassword) && !instance.stderr().includes('password'),
      'a chosen password is not printed',
    );
  });

  test('a provider nobody registered opens nothing', async () => {
    const said = await withToken(await provider.token('acct-1'));
    assert.deepEqual([said.status, said.text], [401, refused]);
  });

  test('registered through the Table API, its ID token opens a record', async () => {
    const made = await make('oidc_provider_configuration', {
      name: 'Journey',
      oidc_url: provider.metadataUrl,
      user_claim: 'preferred_username',
      user_field: 'user_name',
      enable_jti_verification: 'true',
    });
    configuration = made.sys_id ?? '';
    assert.equal(made.discovered_issuer, provider.issuer);
    await make('oauth_oidc_entity', {
      name: 'Journey',
      client_id: provider.client.clientId,
      client_secret: provider.client.clientSecret,
      oidc_provider_configuration: configuration,
    });
    const said = await withToken(await provider.token('acct-1'));
    assert.equal(said.status, 200, said.text);
    assert.match(said.text, /^\{"result":\[\{"number":"INC\d{7}"\}\]\}$/);
    const lines = await linesOf(said.headers.get('x-transaction-id') ?? '');
    assert.match(lines, /HTTP authorization validated user 'mei\.tanaka'/);
    assert.match(lines, /Session user set to mei\.tanaka/);
    assert.match(lines, /\*\*\* Start #\d+ \/api\/now\/table\/incident, user: mei\.tanaka/);
    assert.match(
      lines,
      /\*\*\* End #\d+ .*type:rest, method:GET, api_name:now\/table, resource:now\/table\/incident, version:Default, user_id:[0-9a-f]{32}, response_status:200/,
    );
    assert.doesNotMatch(lines, /DEBUG: Auth/);
  });

  test('the same token again is refused, and the log and a row say why without holding it', async () => {
    const token = await provider.token('acct-1');
    assert.equal((await withToken(token)).status, 200);
    const said = await withToken(token);
    assert.deepEqual([said.status, said.text], [401, refused]);
    assert.equal(said.headers.get('www-authenticate'), 'BASIC realm="Service-now", BEARER realm="Service-now"');
    const transactionId = said.headers.get('x-transaction-id') ?? '';
    const lines = await linesOf(transactionId);
    assert.match(lines, /SEVERE \*\*\* ERROR \*\*\* Failed in jti\(JWT token_id\) claim verification\. Token is already used\./);
    assert.match(
      lines,
      /WARNING \*\*\* WARNING \*\*\* Oauth authentication failed for access token [0-9a-f]{12}\. No user found\./,
    );
    assert.match(lines, /Failed authorization by script include 'BearerAuth'/);
    assert.match(lines, /\[REST API\] RESTAPIProcessor : User Not Authenticated/);
    assert.match(lines, /user: guest, .*method:null.*response_status:401/);
    const refusals = `/api/now/table/causeway_refusal?sysparm_query=transaction_id=${transactionId}`;
    await untilTrue(async () => (await ask(refusals)).json.result.length === 1);
    const [row] = (await ask(`${refusals}&sysparm_exclude_reference_link=true`)).json.result;
    assert.equal(row.reason, 'jti_replayed');
    assert.equal(row.configuration, configuration);
    assert.match(row.token_fingerprint, /^[0-9a-f]{12}$/);
    for (const part of token.split('.')) assert.ok(!(await logText()).includes(part), 'the token stands in the log');
  });

  test('a good token of somebody who is no user is refused like any other', async () => {
    const said = await withToken(await provider.token('acct-2'));
    assert.deepEqual([said.status, said.text], [401, refused]);
  });

  test('debug lines come and go with two properties, while it runs', async () => {
    const names = ['com.snc.platform.security.oauth.debug', 'glide.auth.debug.enabled'];
    const found = (await ask(`/api/now/table/sys_properties?sysparm_query=nameIN${names.join(',')}`)).json.result as Record<
      string,
      string
    >[];
    const setAll = async (value: string) => {
      for (const name of names) {
        const row = found.find((one) => one.name === name);
        await (row
          ? change('sys_properties', row.sys_id ?? '', { value })
          : make('sys_properties', { name, value }).then((one) => found.push(one)));
      }
    };
    await setAll('true');
    const loud = await linesOf((await withToken(await provider.token('acct-1'))).headers.get('x-transaction-id') ?? '');
    for (const words of [
      'DEBUG: Auth JWT info. key id:',
      'DEBUG: Auth Going to verify claims:[]',
      'DEBUG: Auth JWT token sucessfully verified for algorithm=RS256',
      'DEBUG: Auth All claims are sucessfully validated.',
    ]) {
      assert.ok(loud.includes(words), `missing: ${words}`);
    }
    await setAll('false');
    const quiet = await linesOf((await withToken(await provider.token('acct-1'))).headers.get('x-transaction-id') ?? '');
    assert.doesNotMatch(quiet, /DEBUG: Auth/);
  });

  test('the inspector says what would happen, and uses nothing up', async () => {
    const token = await provider.token('acct-1');
    const inspect = () =>
      runCommand(['token', 'inspect', token, '--instance', instance.baseUrl, '--user', 'admin'], {
        CAUSEWAY_PASSWORD: adminPassword,
      });
    for (const turn of [1, 2]) {
      const { code, stdout } = await inspect();
      assert.equal(code, 0, stdout);
      assert.match(stdout, /The instance would let this token in, as mei\.tanaka\./, `turn ${turn}`);
    }
    assert.equal((await withToken(token)).status, 200);
    const after = await inspect();
    assert.equal(after.code, 3);
    assert.match(after.stdout, /FAIL {2}single_use/);
    assert.ok(!after.stdout.includes(token), 'the report repeats the token');
  });

  test('killed in the middle of writes, it has every record it had promised, and a used token stays used', async () => {
    const token = await provider.token('acct-1');
    assert.equal((await withToken(token)).status, 200);
    const promised: string[] = [];
    let isKilled = false;
    const write = async (worker: number) => {
      for (let turn = 0; !isKilled; turn += 1) {
        const text = `kept ${worker}/${turn}`;
        const said = await ask('/api/now/table/incident?sysparm_fields=sys_id', {
          headers: json,
          body: JSON.stringify({ short_description: text }),
        }).catch(() => undefined);
        if (said?.status === 201) promised.push(said.json.result.sys_id);
      }
    };
    const writers = [1, 2, 3, 4].map(write);
    await untilTrue(() => promised.length >= 40);
    await instance.kill();
    isKilled = true;
    await Promise.all(writers);
    await start();
    const present = new Set<string>();
    const rows = (
      await ask('/api/now/table/incident?sysparm_query=short_descriptionSTARTSWITHkept&sysparm_fields=sys_id,short_description')
    ).json.result;
    for (const row of rows as { sys_id: string }[]) present.add(row.sys_id);
    assert.deepEqual(
      promised.filter((sysId) => !present.has(sysId)),
      [],
    );
    assert.equal((await withToken(token)).status, 401);
    assert.equal((await withToken(await provider.token('acct-1'))).status, 200);
  });

  test('SIGTERM finishes what is running, takes nothing new, and ends with 0', async () => {
    const body = '{"short_description":"finished"}';
    const { socket, heard } = openSocket(Number(new URL(instance.baseUrl).port));
    const head = [
      'POST /api/now/table/incident?sysparm_fields=short_description HTTP/1.1',
      'Host: x',
      `Authorization: ${basic('admin', adminPassword)}`,
      `Content-Length: ${body.length}`,
    ];
    const before = (await logText()).split('*** Start').length;
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
    await untilTrue(async () => (await logText()).split('*** Start').length > before);
    instance.signal('SIGTERM');
    await untilTrue(() =>
      ask('/healthz').then(
        () => false,
        () => true,
      ),
    );
    socket.write(body.slice(5));
    assert.match(await heard, /^HTTP\/1\.1 201 .*\{"result":\{"short_description":"finished"\}\}$/s);
    assert.equal(await instance.ended(), 0);
  });
});
