// The story of a customer's own API: an administrator writes it as rows, somebody calls it with the ID token of a foreign provider, the
// script works with that person's rights, and what it writes is seen by everyone else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openScripted } from '../http/scripted/part.ts';
import { forEachEngine } from '../parts/engines.ts';
import { runProvider } from '../parts/identity_provider.ts';

const people = new Map([
  ['acct-1', { preferred_username: 'mei.tanaka', name: 'Mei Tanaka' }],
  ['acct-2', { preferred_username: 'nobody.here', name: 'Nobody Here' }],
]);

const desk = `
  var Desk = Class.create();
  Desk.prototype = {
    initialize: function () {},
    openFor: function (person, text) {
      var incident = new GlideRecord('incident');
      incident.initialize();
      incident.short_description = text;
      incident.caller_id = person;
      incident.impact = 1;
      incident.urgency = 1;
      var key = incident.insert();
      if (!key) throw new sn_ws_err.BadRequestError(incident.getLastErrorMessage());
      incident.get(key);
      return incident;
    },
    type: 'Desk'
  };`;

const report = `
  var text = (request.body.data || {}).text;
  if (gs.nil(text)) throw new sn_ws_err.BadRequestError('text is missing');
  var made = new global.Desk().openFor(gs.getUserID(), text);
  gs.info('{0} reported {1}', gs.getUserName(), made.number);
  response.setStatus(201);
  response.setLocation(request.uri + '/' + made.number);
  return { number: made.getValue('number'), caller: made.getDisplayValue('caller_id'), priority: made.getDisplayValue('priority') };`;

const look = `
  var found = new GlideRecord('incident');
  if (!found.get('number', request.pathParams.number)) throw new sn_ws_err.NotFoundError('no ' + request.pathParams.number);
  return { text: found.getValue('short_description'), by: found.getValue('sys_created_by') };`;

forEachEngine((engine) => {
  let world: Awaited<ReturnType<typeof openScripted>>;
  let provider: Awaited<ReturnType<typeof runProvider>>;
  let authorization = '';
  const json = { 'content-type': 'application/json' };

  before(async () => {
    world = await openScripted(engine);
    provider = await runProvider(people);
    const configuration = await world.make('oidc_provider_configuration', {
      name: 'Journey',
      oidc_url: provider.metadataUrl,
      user_claim: 'preferred_username',
      user_field: 'user_name',
    });
    await world.make('oauth_oidc_entity', {
      name: 'Journey',
      client_id: provider.client.clientId,
      client_secret: provider.client.clientSecret,
      oidc_provider_configuration: configuration.sys_id ?? '',
    });
    const api = await world.makeApi('desk');
    await world.make('sys_script_include', { name: 'Desk', script: desk });
    await world.makeOperation(api, report, { name: 'report', http_method: 'POST', relative_path: '/reports' });
    await world.makeOperation(api, look, { name: 'look', relative_path: '/reports/{number}' });
    authorization = `Bearer ${await provider.token('acct-1')}`;
  });
  after(async () => {
    await world.stop();
    await provider.stop();
  });

  let location = '';

  test('an ID token opens the address, and the script acts as the person it names', async () => {
    const body = JSON.stringify({ text: 'the door is stuck' });
    const said = await world.ask('/api/x_test/desk/reports', { authorization, headers: json, body });
    assert.equal(said.status, 201, said.text);
    const { number, ...rest } = said.json.result;
    assert.match(number, /^INC\d{7}$/);
    assert.deepEqual(rest, { caller: 'Mei Tanaka', priority: '1 - Critical' });
    location = said.headers.get('location') ?? '';
    assert.equal(location, `/api/x_test/desk/reports/${number}`);
    const query = `number=${number}&sysparm_fields=sys_created_by,caller_id.user_name`;
    const [row] = (await world.ask(`/api/now/table/incident?${query}`)).json.result;
    assert.deepEqual(row, { sys_created_by: 'mei.tanaka', 'caller_id.user_name': 'mei.tanaka' });
  });

  test('what one call wrote the next one finds', async () => {
    const said = await world.ask(location, { authorization });
    assert.deepEqual(said.json, { result: { text: 'the door is stuck', by: 'mei.tanaka' } });
    const missing = await world.ask('/api/x_test/desk/reports/INC0', { authorization });
    assert.deepEqual([missing.status, missing.json.error.message], [404, 'no INC0']);
  });

  test('the log has the line of the script under the transaction of the call', async () => {
    const body = JSON.stringify({ text: 'again' });
    const said = await world.ask('/api/x_test/desk/reports', { authorization, headers: json, body });
    const id = said.headers.get('x-transaction-id') ?? '';
    const lines = world
      .lines()
      .split('\n')
      .filter((line) => line.includes(`txid=${id}`))
      .join('\n');
    assert.match(lines, /sys_ws_operation\.[0-9a-f]{32}: mei\.tanaka reported INC\d{7}/);
    assert.match(
      lines,
      /\*\*\* End .*api_name:x_test\/desk, resource:x_test\/desk\/reports, version:Default.*response_status:201/,
    );
  });

  test('a token of nobody, and none at all, are refused as everywhere', async () => {
    const stranger = `Bearer ${await provider.token('acct-2')}`;
    for (const other of [stranger, '', `${authorization}x`]) {
      const said = await world.ask(location, { authorization: other });
      assert.equal(said.status, 401);
      assert.equal(said.json.error.message, 'User Not Authenticated');
    }
  });
});
