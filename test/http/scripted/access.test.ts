// Who may call a scripted REST operation: credentials, guests, access rules of the type REST_Endpoint.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic } from '../../parts/running_instance.ts';
import { openScripted } from './part.ts';

const who = 'return [gs.getUserName(), gs.isLoggedIn()];';
const refused = { error: { message: 'User Not Authorized', detail: 'Failed API level ACL Validation' }, status: 'failure' };

forEachEngine((engine) => {
  let world: Awaited<ReturnType<typeof openScripted>>;
  let api: Record<string, string>;
  let count = 0;
  const agent = basic('access.agent', 'a password');
  const plain = basic('access.plain', 'a password');
  before(async () => {
    world = await openScripted(engine);
    api = await world.makeApi('access');
    await world.makeUser('access.agent', 'a password', ['itil']);
    await world.makeUser('access.plain', 'a password');
    // Access rules are kept by this role alone, and an admin has to hold it to do so.
    const [admin] = (await world.ask('/api/now/table/sys_user?sysparm_query=user_name=admin')).json.result;
    const [role] = (await world.ask('/api/now/table/sys_user_role?sysparm_query=name=security_admin')).json.result;
    await world.make('sys_user_has_role', { user: admin.sys_id, role: role.sys_id });
  });
  after(() => world.stop());

  const operation = async (values: Record<string, string> = {}, body = who): Promise<string> => {
    count += 1;
    return (await world.makeOperation(api, body, { relative_path: `/one${count}`, ...values })).operation_uri ?? '';
  };
  const rule = async (values: Record<string, string>, roles: readonly string[] = []): Promise<string> => {
    const made = await world.make('sys_security_acl', { type: 'REST_Endpoint', operation: 'execute', name: 'a rule', ...values });
    for (const name of roles) {
      const [role] = (await world.ask(`/api/now/table/sys_user_role?sysparm_query=name=${name}`)).json.result;
      await world.make('sys_security_acl_role', { sys_security_acl: made.sys_id ?? '', sys_user_role: role.sys_id });
    }
    return made.sys_id ?? '';
  };
  const statusAs = async (uri: string, authorization: string): Promise<number> =>
    (await world.ask(uri, { authorization })).status;

  it('wants a credential unless it says otherwise', async () => {
    const uri = await operation();
    assert.equal(await statusAs(uri, ''), 401);
    assert.equal(await statusAs(uri, basic('access.plain', 'wrong')), 401);
    assert.deepEqual((await world.ask(uri, { authorization: plain })).json.result, ['access.plain', true]);
  });

  it('shows a script no header in which keys come here, whatever its name', async () => {
    await world.make('inbound_auth_profile', { name: 'Keys of ours', type: 'api_key', auth_parameter: 'X-Acme-Key' });
    const uri = await operation({}, 'return [request.headers, request.getHeader("X-Acme-Key"), request.getHeader("x-other")];');
    const headers = { 'x-acme-key': 'secret', 'x-sn-apikey': 'secret', cookie: 'a=secret', 'x-other': 'seen' };
    const said = await world.ask(uri, { authorization: plain, headers });
    assert.equal(said.status, 200, said.text);
    assert.doesNotMatch(said.text, /secret|authorization/i);
    assert.equal(said.json.result[2], 'seen');
  });

  it('knows the rule that the original gives to APIs: whoever is signed in, and no guest', async () => {
    const [known] = (await world.ask('/api/now/table/sys_security_acl?sysparm_query=name=Scripted REST External Default')).json
      .result;
    const uri = await operation({ requires_authentication: 'false', enforce_acl: known.sys_id });
    assert.deepEqual([await statusAs(uri, plain), await statusAs(uri, '')], [200, 403]);
  });

  it('lets a caller without a credential in as the guest, and none with a wrong one', async () => {
    const uri = await operation({ requires_authentication: 'false' });
    const said = await world.ask(uri, { authorization: '' });
    assert.deepEqual([said.status, said.json.result[0], said.headers.get('x-is-logged-in')], [200, 'guest', 'false']);
    assert.deepEqual((await world.ask(uri, { authorization: agent })).json.result[0], 'access.agent');
    for (const wrong of [basic('access.agent', 'wrong'), 'Bearer nonsense', 'Basic', 'Digest a=b'])
      assert.equal(await statusAs(uri, wrong), 401, wrong);
    assert.equal((await world.ask(uri, { authorization: '', headers: { 'x-sn-apikey': 'nonsense' } })).status, 401);
    assert.equal((await world.ask(uri, { authorization: '', method: 'POST' })).status, 401, 'only what is open is open');
  });

  it('gives the guest no more than the guest may have', async () => {
    const uri = await operation(
      { requires_authentication: 'false' },
      `var users = new GlideRecord('sys_user'); users.query();
       var made = new GlideRecord('incident'); made.initialize(); made.short_description = 'by nobody';
       return [users.getRowCount(), made.insert()];`,
    );
    const [users, made] = (await world.ask(uri, { authorization: '' })).json.result;
    assert.deepEqual([users, made], [0, null], 'what everybody who is signed in may do is not for the guest');
    const [guest] = (await world.ask('/api/now/table/sys_user?sysparm_query=user_name=guest')).json.result;
    const [role] = (await world.ask('/api/now/table/sys_user_role?sysparm_query=name=itil')).json.result;
    const grant = await world.make('sys_user_has_role', { user: guest.sys_id, role: role.sys_id });
    const [, key] = (await world.ask(uri, { authorization: '' })).json.result;
    assert.match(key, /^[0-9a-f]{32}$/, 'roles that are given to the guest count');
    await world.remove('sys_user_has_role', grant.sys_id ?? '');
  });

  it('lets nobody be a guest where the guest is inactive', async () => {
    const uri = await operation({ requires_authentication: 'false' });
    const [guest] = (await world.ask('/api/now/table/sys_user?sysparm_query=user_name=guest')).json.result;
    await world.change('sys_user', guest.sys_id, { active: 'false' });
    assert.equal(await statusAs(uri, ''), 401);
    await world.change('sys_user', guest.sys_id, { active: 'true' });
    assert.equal(await statusAs(uri, ''), 200);
  });

  it('is satisfied with any one of the rules that it lists', async () => {
    const forAgents = await rule({}, ['itil']);
    const forNobody = await rule({}, ['nobody']);
    const uri = await operation({ enforce_acl: `${forNobody},${forAgents}` });
    assert.equal(await statusAs(uri, agent), 200);
    const said = await world.ask(uri, { authorization: plain });
    assert.deepEqual([said.status, said.json], [403, refused]);
    assert.equal(await statusAs(uri, basic('admin', 'correct horse battery staple')), 200);
    const closed = await operation({ enforce_acl: forNobody });
    assert.equal((await world.ask(closed)).status, 403, 'nobody means not even admin');
    const unchecked = await operation({ enforce_acl: forNobody, requires_acl_authorization: 'false' });
    assert.equal(await statusAs(unchecked, plain), 200);
  });

  it('takes the rules of the API where the operation lists none', async () => {
    const strict = await world.makeApi('access_strict', { enforce_acl: await rule({}, ['itil']) });
    const uri = (await world.makeOperation(strict, who)).operation_uri ?? '';
    assert.deepEqual([await statusAs(uri, agent), await statusAs(uri, plain)], [200, 403]);
  });

  it('lets nobody pass rules that are gone, asleep, or that it cannot judge', async () => {
    const asleep = await rule({ active: 'false' });
    const script = await rule({ script: 'answer = true;' });
    for (const acl of [asleep, script, 'ffffffffffffffffffffffffffffffff']) {
      const uri = await operation({ enforce_acl: acl });
      assert.equal(await statusAs(uri, agent), 403, acl);
    }
  });

  it('asks rules whose name is a path on top, and hears of their change at once', async () => {
    const uri = await operation({ relative_path: '/guarded/{id}' });
    const address = uri.replace('{id}', 'a%2Fb');
    assert.equal(await statusAs(address, plain), 200);
    const path = await rule({ name: '/api/x_test/access/guarded/*' }, ['itil']);
    assert.deepEqual([await statusAs(address, plain), await statusAs(address, agent)], [403, 200]);
    await world.change('sys_security_acl', path, { active: 'false' });
    assert.equal(await statusAs(address, plain), 200);
  });

  it('asks for the internal role where it has to', async () => {
    const uri = await operation({ requires_snc_internal_role: 'true' });
    assert.equal(await statusAs(uri, plain), 403);
    await world.makeUser('access.internal', 'a password', ['snc_internal']);
    assert.equal(await statusAs(uri, basic('access.internal', 'a password')), 200);
  });
});
