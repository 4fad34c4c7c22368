// The story of a stranger: an administrator sets up a provider, an import set and a transform map, all as rows; then somebody the
// instance has never heard of calls once with an ID token and is a user. What goes wrong is a row that says why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openScripted } from '../http/scripted/part.ts';
import { forEachEngine } from '../parts/engines.ts';
import { runProvider } from '../parts/identity_provider.ts';
import { untilTrue } from '../parts/until_true.ts';

const nina = { preferred_username: 'nina.novak', name: 'Nina Novak', email: 'nina.novak@example.com', email_verified: true };
const olaf = { preferred_username: 'olaf.berg', name: 'Olaf Berg', email: 'olaf@example.com', email_verified: true };

const part = (at: number): string => `answer = String(source.u_name).split(' ')[${at}];`;

forEachEngine((engine) => {
  const people = new Map([
    ['acct-nina', nina],
    ['acct-olaf', olaf],
  ]);
  let world: Awaited<ReturnType<typeof openScripted>>;
  let provider: Awaited<ReturnType<typeof runProvider>>;
  let configuration = '';
  let map = '';

  const list = async (table: string, query = ''): Promise<Record<string, string>[]> => {
    const asked = new URLSearchParams({ sysparm_query: query, sysparm_exclude_reference_link: 'true' });
    return (await world.ask(`/api/now/table/${table}?${asked}`)).json.result;
  };
  const call = async (person: string) =>
    world.ask('/api/now/table/incident?sysparm_limit=1', { authorization: `Bearer ${await provider.token(person)}` });
  const entry = (target_field: string, more: Record<string, string>) =>
    world.make('sys_transform_entry', { map, target_field, ...more });

  before(async () => {
    world = await openScripted(engine);
    provider = await runProvider(people);
    const source = await world.make('sys_data_source', {
      name: 'Company login',
      type: 'OIDC',
      import_set_table_name: 'u_company_login',
      import_set_table_label: 'Company login',
    });
    const made = await world.make('sys_transform_map', {
      name: 'Company login to users',
      source_table: 'u_company_login',
      target_table: 'sys_user',
    });
    map = made.sys_id ?? '';
    await entry('user_name', { source_field: 'u_preferred_username', coalesce: 'true' });
    await entry('first_name', { use_source_script: 'true', source_script: part(0) });
    await entry('last_name', { use_source_script: 'true', source_script: part(1) });
    await entry('email', { source_field: 'u_email' });
    const [itil] = await list('sys_user_role', 'name=itil');
    const provided = await world.make('oidc_provider_configuration', {
      name: 'Company',
      oidc_url: provider.metadataUrl,
      user_claim: 'preferred_username',
      user_field: 'user_name',
      auto_provision: 'true',
      provision_data_source: source.sys_id ?? '',
      provision_roles: itil?.sys_id ?? '',
    });
    configuration = provided.sys_id ?? '';
    await world.make('oauth_oidc_entity', {
      name: 'Company',
      client_id: provider.client.clientId,
      client_secret: provider.client.clientSecret,
      oidc_provider_configuration: configuration,
    });
  });
  after(async () => {
    await world.stop();
    await provider.stop();
  });

  const userNamed = async (name: string) => (await list('sys_user', `user_name=${name}`))[0];

  test('somebody unknown calls once, is answered, and is a user with name, mail and roles', async () => {
    assert.equal(await userNamed('nina.novak'), undefined);
    const said = await call('acct-nina');
    assert.equal(said.status, 200, `${said.text}\n${world.lines()}`);
    assert.ok(said.json.result.length > 0, 'the role lets her read incidents in that same call');
    const user = await userNamed('nina.novak');
    assert.deepEqual([user?.name, user?.email, user?.active], ['Nina Novak', 'nina.novak@example.com', 'true']);
    const grants = await world.ask(
      `/api/now/table/sys_user_has_role?sysparm_query=user=${user?.sys_id}&sysparm_fields=role.name`,
    );
    assert.deepEqual(grants.json.result, [{ 'role.name': 'itil' }]);
  });

  test('an administrator sees how: the set, its row and the history of the map', async () => {
    const user = await userNamed('nina.novak');
    const [row, ...others] = await list('u_company_login');
    assert.deepEqual(others, []);
    assert.deepEqual([row?.sys_import_state, row?.sys_target_sys_id], ['inserted', user?.sys_id]);
    assert.equal(row?.u_email, 'nina.novak@example.com');
    const [set] = await list('sys_import_set', 'table_name=u_company_login');
    assert.equal(set?.state, 'processed');
    const [run] = await list('sys_import_set_run', `set=${set?.sys_id}`);
    assert.deepEqual([run?.state, run?.total, run?.inserts, run?.errors], ['complete', '1', '1', '0']);
  });

  test('the calls after the first touch nothing, whatever the claims say by then', async () => {
    const before = await userNamed('nina.novak');
    people.set('acct-nina', { ...nina, name: 'Nina Berg' });
    assert.equal((await call('acct-nina')).status, 200);
    assert.deepEqual(await userNamed('nina.novak'), before);
    assert.equal((await list('u_company_login')).length, 1);
  });

  test('where update_on_login is set, the next call brings the user up to date', async () => {
    const set = await world.change('oidc_provider_configuration', configuration, { update_on_login: 'true' });
    assert.equal(set.status, 200, set.text);
    assert.equal((await call('acct-nina')).status, 200);
    const user = await userNamed('nina.novak');
    assert.equal(user?.name, 'Nina Berg');
    assert.equal((await list('sys_user_has_role', `user=${user?.sys_id}`)).length, 1);
  });

  test('a map that fails is 401 outside, and a refusal inside that names the row and the cause', async () => {
    const broken = await entry('time_zone', { source_field: 'u_name' });
    const said = await call('acct-olaf');
    assert.equal(said.status, 401);
    assert.equal(said.json.error.message, 'User Not Authenticated');
    assert.doesNotMatch(said.text, /time|zone|staging|Berg/i);
    assert.equal(await userNamed('olaf.berg'), undefined);
    const [row] = await list('u_company_login', 'sys_import_state=error');
    assert.equal(row?.u_preferred_username, 'olaf.berg');
    await untilTrue(async () => (await list('causeway_refusal', 'reason=provision_failed')).length > 0);
    const [refusal] = await list('causeway_refusal', 'reason=provision_failed');
    assert.ok(refusal?.got?.includes(row?.sys_id ?? 'no row'), refusal?.got ?? 'no refusal');
    assert.match(refusal?.got ?? '', /Time zone/);
    const errors = await list('sys_import_set_row_error', `import_set_row=${row?.sys_id}`);
    assert.ok(errors.length > 0);
    // Nothing is left behind that would stand in the way once the map is right again.
    await world.remove('sys_transform_entry', broken.sys_id ?? '');
    assert.equal((await call('acct-olaf')).status, 200);
    assert.equal((await userNamed('olaf.berg'))?.name, 'Olaf Berg');
  });
});
