// Two processes of the operating system on one database. A stranger's first calls come to both at once, and there is one of him; what
// an administrator writes at one, addresses of scripted APIs included, the other serves.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Issuer, startIssuer } from '../identity/issuer.ts';
import { type Engine, forEachEngine } from '../parts/engines.ts';
import { type InstanceProcess, startProcess } from '../parts/instance_process.ts';
import { madeInstance } from '../parts/made_instance.ts';
import { adminPassword, makeClient } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const json = { 'content-type': 'application/json' };
const callsAtEach = 12;

const startBoth = async (engine: Engine) => {
  const data = await mkdtemp(join(tmpdir(), 'causeway-two-'));
  const { location, drop } = await madeInstance(engine, { demoData: true });
  const start = () =>
    startProcess(['start', '--port', '0', '--data', data, '--database', location], { CAUSEWAY_ADMIN_PASSWORD: adminPassword });
  // The first brings the database up to date, if that is needed; the second finds it so.
  const processes: InstanceProcess[] = [await start()];
  processes.push(await start());
  const [one, other] = processes.map(({ baseUrl }) => makeClient(baseUrl));
  return {
    one: one as ReturnType<typeof makeClient>,
    other: other as ReturnType<typeof makeClient>,
    async stop() {
      for (const each of processes) await each.kill();
      await drop();
      await rm(data, { recursive: true, force: true });
    },
  };
};

forEachEngine((engine) => {
  describe('two processes on one database', () => {
    let both: Awaited<ReturnType<typeof startBoth>>;
    let issuer: Issuer;

    const make = async (table: string, values: Record<string, string>): Promise<string> => {
      const said = await both.one(`/api/now/table/${table}`, { body: JSON.stringify(values), headers: json });
      assert.equal(said.status, 201, said.text);
      return said.json.result.sys_id;
    };
    const list = async (table: string, query: string): Promise<Record<string, string>[]> => {
      const asked = new URLSearchParams({ sysparm_query: query, sysparm_exclude_reference_link: 'true' });
      return (await both.other(`/api/now/table/${table}?${asked}`)).json.result;
    };

    before(async () => {
      both = await startBoth(engine);
      issuer = await startIssuer({ nowMs: () => Date.now(), clientId: 'two' });
      const source = await make('sys_data_source', { name: 'Two', type: 'OIDC', import_set_table_name: 'u_two_login' });
      const map = await make('sys_transform_map', { name: 'Two', source_table: 'u_two_login', target_table: 'sys_user' });
      await make('sys_transform_entry', { map, source_field: 'u_sub', target_field: 'user_name', coalesce: 'true' });
      await make('sys_transform_entry', { map, source_field: 'u_given_name', target_field: 'first_name' });
      await make('sys_transform_entry', { map, source_field: 'u_family_name', target_field: 'last_name' });
      const roles = await list('sys_user_role', 'nameINitil,rest_service');
      const configuration = await make('oidc_provider_configuration', {
        name: 'Two',
        oidc_url: issuer.metadataUrl,
        user_claim: 'sub',
        user_field: 'user_name',
        auto_provision: 'true',
        provision_data_source: source,
        provision_roles: roles.map((role) => role.sys_id).join(','),
      });
      await make('oauth_oidc_entity', { name: 'Two', client_id: 'two', oidc_provider_configuration: configuration });
    });
    after(async () => {
      await both.stop();
      await issuer.close();
    });

    for (const kind of ['the same token', 'a token for each call']) {
      test(`many first calls of one stranger make one user, with ${kind}`, { timeout: 120_000 }, async () => {
        const sub = `racer.${kind.length}`;
        const claims = { sub, given_name: 'Rae', family_name: 'Cer' };
        const shared = await issuer.token(claims);
        const calls = await Promise.all(
          Array.from({ length: callsAtEach }, () => [both.one, both.other])
            .flat()
            .map(async (ask, at) => {
              const token = kind === 'the same token' ? shared : await issuer.token({ ...claims, session: at });
              return ask('/api/now/table/incident?sysparm_limit=1', { authorization: `Bearer ${token}` });
            }),
        );
        assert.deepEqual(
          calls.map(({ status, text }) => (status === 200 ? 200 : text)),
          calls.map(() => 200),
        );
        // He may read what his roles let him read in the very call that made him, whichever process made him.
        for (const { json: said } of calls) assert.equal(said.result.length, 1);
        const users = await list('sys_user', `user_name=${sub}`);
        assert.equal(users.length, 1);
        assert.equal(users[0]?.name, 'Rae Cer');
        const grants = await list('sys_user_has_role', `user=${users[0]?.sys_id}`);
        const wanted = await list('sys_user_role', 'nameINitil,rest_service');
        assert.deepEqual(grants.map((grant) => grant.role).toSorted(), wanted.map((role) => role.sys_id).toSorted());
        const states = (await list('u_two_login', `u_sub=${sub}`)).map((row) => row.sys_import_state);
        assert.equal(states.filter((state) => state === 'inserted').length, 1, states.join());
        assert.ok(
          states.every((state) => state === 'inserted' || state === 'ignored'),
          states.join(),
        );
      });
    }

    test('an address that one was given, changed and lost answers so at the other', { timeout: 120_000 }, async () => {
      const script = (word: string) => `(function process(request, response) { return '${word}'; })(request, response);`;
      const api = await make('sys_ws_definition', { name: 'Two', service_id: 'two', namespace: 'x_two' });
      const operation = await make('sys_ws_operation', {
        name: 'say',
        web_service_definition: api,
        relative_path: '/say',
        operation_script: script('first'),
      });
      const say = async (path: string) => (await both.other(`/api/x_two/two${path}`)).json?.result ?? 'nothing';
      await untilTrue(async () => (await say('/say')) === 'first');
      const change = (values: Record<string, string>) =>
        both.one(`/api/now/table/sys_ws_operation/${operation}`, {
          method: 'PATCH',
          body: JSON.stringify(values),
          headers: json,
        });
      await change({ operation_script: script('second') });
      await untilTrue(async () => (await say('/say')) === 'second');
      await change({ relative_path: '/moved' });
      await untilTrue(async () => (await say('/moved')) === 'second' && (await say('/say')) === 'nothing');
      await both.one(`/api/now/table/sys_ws_operation/${operation}`, { method: 'DELETE' });
      await untilTrue(async () => (await say('/moved')) === 'nothing');
    });
  });
});
