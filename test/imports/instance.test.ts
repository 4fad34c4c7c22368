// Imports through the doors of a whole instance: answers, scripts, uploads, and a stranger who becomes a user by calling.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startIssuer } from '../identity/issuer.ts';
import { type Engine, engines } from '../parts/engines.ts';
import { adminPassword, basic, makeClient, runInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const sqlite = engines[0] as Engine;

const start = async (t: TestContext) => {
  const running = await runInstance(sqlite);
  t.after(running.stop);
  const ask = makeClient(running.instance.baseUrl);
  const put = async (table: string, values: Record<string, string>): Promise<string> => {
    const said = await ask(`/api/now/table/${table}`, {
      body: JSON.stringify(values),
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(said.status, 201, said.text);
    return said.json.result.sys_id;
  };
  const list = async (table: string, query = ''): Promise<Record<string, string>[]> =>
    (await ask(`/api/now/table/${table}?sysparm_exclude_reference_link=true&sysparm_query=${encodeURIComponent(query)}`)).json
      .result;
  const post = (path: string, body: unknown, authorization?: string) =>
    ask(path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      ...(authorization === undefined ? {} : { authorization }),
    });
  const finished = async (job: string): Promise<Record<string, never>> => {
    const look = async () => (await ask(`/api/causeway/imports/${job}`)).json.result;
    await untilTrue(async () => ['complete', 'failed', 'cancelled'].includes((await look()).state));
    return look();
  };
  const upload = async (query: string, body: string, type = 'text/csv') =>
    ask(`/api/causeway/imports?${query}`, { body, headers: { 'content-type': type } });
  return { running, ask, put, list, post, finished, upload };
};

describe('imports of an instance', () => {
  it('answer a row in the words of the wire, again at GET, and from the Table API too', async (t) => {
    const { running, ask, put, list, post, finished, upload } = await start(t);
    const loaded = await upload('table=u_tickets&transform=false', 'Key,Text\n');
    assert.equal(loaded.status, 202, loaded.text);
    await finished(loaded.json.result.sys_id);
    const map = await put('sys_transform_map', { name: 'Tickets', source_table: 'u_tickets', target_table: 'incident' });
    await put('sys_transform_entry', { map, source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' });
    await put('sys_transform_entry', { map, source_field: 'u_text', target_field: 'short_description' });
    const first = await post('/api/now/import/u_tickets', { u_key: 'k-1', u_text: 'Printer on fire' });
    assert.equal(first.status, 201, first.text);
    const [made] = first.json.result;
    assert.match(first.json.import_set, /^ISET\d{7}$/);
    assert.equal(first.json.staging_table, 'u_tickets');
    assert.deepEqual(
      [made.transform_map, made.table, made.display_name, made.status],
      ['Tickets', 'incident', 'number', 'inserted'],
    );
    assert.match(made.display_value, /^INC\d{7}$/);
    assert.equal(made.record_link, `${running.instance.baseUrl}/api/now/table/incident/${made.sys_id}`);
    assert.equal((await ask(`/api/now/table/incident/${made.sys_id}`)).json.result.short_description, 'Printer on fire');
    const [staged] = await list('u_tickets', 'u_key=k-1');
    const again = await ask(`/api/now/import/u_tickets/${staged?.sys_id}`);
    assert.deepEqual([again.status, again.json], [200, first.json]);
    const { import_set, result } = first.json;
    const asXml = await ask(`/api/now/import/u_tickets/${staged?.sys_id}`, { headers: { accept: 'text/xml' } });
    assert.equal(asXml.headers.get('content-type'), 'text/xml;charset=UTF-8');
    const element = `<result>${Object.entries(result[0])
      .map(([name, text]) => `<${name}>${text}</${name}>`)
      .join('')}</result>`;
    const head = `<import_set>${import_set}</import_set><staging_table>u_tickets</staging_table>`;
    assert.equal(asXml.text, `<?xml version="1.0" encoding="UTF-8"?><response>${head}${element}</response>`);
    const byXml = await ask('/api/now/import/u_tickets', {
      headers: { accept: 'application/xml', 'content-type': 'application/xml' },
      body: '<request><entry><u_key>k-1</u_key><u_text>Printer on fire</u_text></entry></request>',
    });
    assert.deepEqual([byXml.status, /<status>(.*?)<\/status>/.exec(byXml.text)?.[1]], [201, 'ignored']);
    const same = await post('/api/now/v2/import/u_tickets', { key: 'k-1', Text: 'Printer on fire' });
    assert.deepEqual([same.json.result[0].status, same.json.result[0].status_message], ['ignored', 'No field values changed']);
    const skipped = await post('/api/now/import/u_tickets', { u_text: 'no key' });
    assert.deepEqual([skipped.status, skipped.json.result[0].status], [201, 'skipped']);
    const byTable = await post('/api/now/table/u_tickets', { u_key: 'k-2', u_text: 'by table' });
    assert.deepEqual([byTable.status, byTable.json.result.sys_import_state], [201, 'inserted']);
    assert.equal((await list('incident', 'correlation_id=k-2')).length, 1);
    const many = await post('/api/now/import/u_tickets/insertMultiple', {
      records: [
        { Key: 'm1', Text: 'a' },
        { Key: 'm2', Text: 'b' },
      ],
    });
    assert.equal(many.status, 201, many.text);
    assert.match(`${many.json.import_set_id} ${many.json.multi_import_set_id}`, /^[0-9a-f]{32} [0-9a-f]{32}$/);
    for (let look = 0; look < 200 && (await list('incident', 'correlation_idSTARTSWITHm')).length < 2; look += 1);
    assert.equal((await list('incident', 'correlation_idSTARTSWITHm')).length, 2);
    for (const [path, body] of [
      ['/api/now/import/incident', {}],
      ['/api/now/import/nothing', {}],
      ['/api/now/import/u_tickets/insertMultiple', { records: 'none' }],
      ['/api/now/import/u_tickets/insertMultiple', { records: [1] }],
    ] as const)
      assert.equal((await post(path, body)).status, 400, path);
    assert.equal((await ask(`/api/now/import/u_tickets/${'f'.repeat(32)}`)).status, 404);
    assert.equal((await post('/api/now/import/u_tickets', {}, basic('mei.tanaka', adminPassword))).status, 401);
  });

  it('run scripts of every moment in order, and say what scripts said', async (t) => {
    const { put, list, post, finished, upload } = await start(t);
    await finished((await upload('table=u_scripted&transform=false', 'Key,Text\n')).json.result.sys_id);
    const script = 'target.work_notes = ""; target.description = target.description + " map(" + source.u_text + ")";';
    const map = await put('sys_transform_map', {
      name: 'Scripted',
      source_table: 'u_scripted',
      target_table: 'incident',
      run_script: 'true',
      script,
    });
    await put('sys_transform_entry', { map, source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' });
    await put('sys_transform_entry', {
      map,
      target_field: 'short_description',
      use_source_script: 'true',
      source_script: 'answer = (function(source) { return "<" + source.u_text + ">"; })(source);',
    });
    const scripts: [string, string][] = [
      [
        'onBefore',
        'if (source.u_text == "skip me") ignore = true; if (source.u_text == "refuse me") { error = true; error_message = "no"; } if (source.u_text == "wish") action = "skip"; target.description = "before " + action;',
      ],
      [
        'onAfter',
        'response.number_seen = "" + target.correlation_id; status_message = "done by " + map.name; log.info("after");',
      ],
    ];
    for (const [when, text] of scripts) await put('sys_transform_script', { map, when, script: text });
    const made = await post('/api/now/import/u_scripted', { u_key: 's1', u_text: 'one' });
    assert.equal(made.json.result[0].status, 'inserted', made.text);
    assert.equal(made.json.result[0].number_seen, 's1');
    assert.equal(made.json.result[0].status_message, 'done by Scripted');
    const [incident] = await list('incident', 'correlation_id=s1');
    assert.deepEqual([incident?.short_description, incident?.description], ['<one>', 'before insert map(one)']);
    assert.equal((await post('/api/now/import/u_scripted', { u_key: 's2', u_text: 'skip me' })).json.result[0].status, 'ignored');
    const refused = (await post('/api/now/import/u_scripted', { u_key: 's3', u_text: 'refuse me' })).json.result[0];
    assert.deepEqual([refused.status, refused.error_message], ['error', 'no']);
    assert.equal((await list('incident', 'correlation_idINs2,s3')).length, 0);
    assert.equal((await post('/api/now/import/u_scripted', { u_key: 's5', u_text: 'wish' })).json.result[0].status, 'inserted');
    const told = await list('import_log', 'level=warn^messageLIKEaction to "skip"');
    assert.equal(told.length, 1, 'a flag that is none is not passed over in silence');
    const broken = await put('sys_transform_script', { map, when: 'onBefore', order: '200', script: 'nowhere.to.be.found()' });
    const failed = (await post('/api/now/import/u_scripted', { u_key: 's4', u_text: 'x' })).json.result[0];
    assert.equal(failed.status, 'error');
    assert.match(failed.error_message, /scripting\.uncaught/);
    const errors = await list('sys_import_set_row_error', 'code=900');
    assert.equal(errors.length, 1);
    assert.ok(broken);
  });

  it('make a user of a stranger in the very call in which he first comes', async (t) => {
    const { ask, put, list, running } = await start(t);
    const issuer = await startIssuer({ nowMs: () => Date.now(), clientId: 'causeway-client' });
    t.after(issuer.close);
    const source = await put('sys_data_source', { name: 'Claims', type: 'OIDC', import_set_table_name: 'u_oidc_claims' });
    const [itil] = await list('sys_user_role', 'name=itil');
    const configuration = await put('oidc_provider_configuration', {
      name: 'Issuer',
      oidc_url: issuer.metadataUrl,
      user_claim: 'sub',
      user_field: 'user_name',
      auto_provision: 'true',
      provision_data_source: source,
      provision_roles: itil?.sys_id ?? '',
    });
    await put('oauth_oidc_entity', {
      name: 'Issuer',
      client_id: 'causeway-client',
      inbound_grant_type: 'oidc',
      type: 'consumer',
      active: 'true',
      oidc_provider_configuration: configuration,
    });
    const come = async (claims: Record<string, unknown>) =>
      ask('/api/now/table/incident?sysparm_limit=1', { authorization: `Bearer ${await issuer.token(claims)}` });
    const unmapped = await come({ sub: 'wanda' });
    assert.equal(unmapped.status, 401);
    const map = await put('sys_transform_map', {
      name: 'Claims to users',
      source_table: 'u_oidc_claims',
      target_table: 'sys_user',
    });
    for (const [source_field, target_field] of [
      ['u_sub', 'user_name'],
      ['u_given_name', 'first_name'],
      ['u_family_name', 'last_name'],
      ['u_email', 'email'],
      ['u_zone', 'time_zone'],
    ] as const)
      await put('sys_transform_entry', { map, source_field, target_field, coalesce: String(target_field === 'user_name') });
    const person = { sub: 'wanda', given_name: 'Wanda', family_name: 'Niemand', email: 'wanda@example.com' };
    const broken = await come({ ...person, zone: 'Mars/Olympus' });
    assert.equal(broken.status, 401);
    assert.equal(broken.json.error.message, 'User Not Authenticated');
    const came = await come(person);
    assert.equal(came.status, 200, running.lines());
    const [user] = await list('sys_user', 'user_name=wanda');
    assert.deepEqual([user?.name, user?.email], ['Wanda Niemand', 'wanda@example.com']);
    assert.equal((await list('sys_user_has_role', `user=${user?.sys_id}^role=${itil?.sys_id}`)).length, 1);
    const before = (await list('u_oidc_claims')).length;
    assert.equal((await come({ ...person, given_name: 'Other' })).status, 200);
    assert.equal((await list('sys_user', 'user_name=wanda'))[0]?.sys_mod_count, user?.sys_mod_count);
    assert.equal((await list('u_oidc_claims')).length, before);
    await untilTrue(async () => (await list('causeway_refusal', 'reason=provision_failed')).length >= 2);
    const refusals = await list('causeway_refusal', 'reason=provision_failed');
    assert.equal(refusals.length, 2);
    const [failedRow] = await list('u_oidc_claims', 'sys_import_state=error');
    assert.ok(refusals.some((refusal) => refusal.got?.includes(failedRow?.sys_id ?? 'none') && /Time zone/.test(refusal.got)));
  });
});
