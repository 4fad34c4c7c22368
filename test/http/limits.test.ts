// Limits as a client meets them: headers and words of a rate limit, the log of calls, tables made and used at once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { type RunningInstance, runInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

forEachEngine((engine) => {
  describe('a running instance', () => {
    let running: RunningInstance;
    before(async () => {
      running = await runInstance(engine);
    });
    after(() => running.stop());

    const create = async (table: string, values: Record<string, string>) => {
      const { status, json } = await running.ask(`/api/now/table/${table}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(values),
      });
      assert.equal(status, 201, JSON.stringify(json));
      return json.result as Record<string, string>;
    };

    it('says which rule binds a call, and refuses what is over it in the words clients know', async () => {
      const before = await running.ask('/api/now/table/cmn_location');
      assert.equal(before.headers.get('x-ratelimit-limit'), null);
      const rule = await create('sys_rate_limit_rules', { name: 'two', request_limit: '2', table_name: 'cmn_location' });
      for (let at = 0; at < 2; at += 1) {
        const { status, headers } = await running.ask('/api/now/table/cmn_location');
        assert.equal(status, 200);
        assert.equal(headers.get('x-ratelimit-limit'), '2');
        assert.equal(headers.get('x-ratelimit-rule'), rule.sys_id);
        assert.match(headers.get('x-ratelimit-reset') ?? '', /^\d{10}$/);
      }
      const refused = await running.ask('/api/now/table/cmn_location');
      assert.equal(refused.status, 429);
      assert.match(refused.headers.get('retry-after') ?? '', /^\d{1,4}$/);
      assert.equal(refused.headers.get('x-ratelimit-limit'), '2');
      assert.deepEqual(refused.json, {
        error: { message: 'Rate limit exceeded', detail: 'Rate limit of 2 requests per hour for Table API exceeded' },
        status: 'failure',
      });
      assert.equal((await running.ask('/api/now/table/cmn_department')).status, 200);
    });

    it('has each call in syslog_transaction soon, without its query', async () => {
      const answer = await running.ask('/api/now/table/core_company?sysparm_query=nameLIKEhush');
      const id = answer.headers.get('x-transaction-id') ?? '';
      const find = () => running.ask(`/api/now/table/syslog_transaction?transaction_id=${id}`);
      await untilTrue(async () => (await find()).json.result.length === 1);
      const [row] = (await find()).json.result;
      assert.deepEqual(
        [row.url, row.http_method, row.http_response_code, row.user],
        ['/api/now/table/core_company', 'GET', '200', 'admin'],
      );
    });

    it('tells in the log who asked with what, while glide.rest.debug says so, and nothing of what may be secret', async () => {
      const path = '/api/now/table/cmn_location?sysparm_limit=1&sysparm_ck=hush&city=hush';
      const [row] = (await running.ask('/api/now/table/sys_properties?name=glide.rest.debug')).json.result;
      const debugs = (value: string) =>
        running.ask(`/api/now/table/sys_properties/${row.sys_id}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ value }),
        });
      const linesOf = async () => {
        const { headers } = await running.ask(path, { headers: { 'user-agent': 'curl/7.54.0' } });
        const mark = `txid=${headers.get('x-transaction-id')} `;
        const lines = () =>
          running
            .lines()
            .split('\n')
            .filter((line) => line.includes(mark));
        await untilTrue(() => lines().some((line) => line.includes('*** End')));
        return lines().join('\n');
      };
      assert.doesNotMatch(await linesOf(), /Parameters|User agent|hush/);
      await debugs('true');
      await untilTrue(async () => (await linesOf()).includes('Parameters'));
      const told = await linesOf();
      assert.match(told, /User agent with HTTP\/1\.1 and .*: curl\/7\.54\.0\n/);
      assert.match(
        told,
        /#\d+ \/api\/now\/table\/cmn_location Parameters -{25} sysparm_limit=1 sysparm_ck=… city=…\n.*\*\*\* Start/,
      );
      assert.doesNotMatch(told, /hush/);
      await debugs('false');
      await untilTrue(async () => !(await linesOf()).includes('Parameters'));
    });

    it('answers for a table that was made a moment ago', async () => {
      await create('sys_db_object', { name: 'u_fresh', label: 'Fresh' });
      await create('sys_dictionary', { name: 'u_fresh', element: 'u_word', internal_type: 'string' });
      await create('u_fresh', { u_word: 'there' });
      const { json } = await running.ask('/api/now/table/u_fresh?u_word=there&sysparm_fields=u_word');
      assert.deepEqual(json.result, [{ u_word: 'there' }]);
      const own = await running.ask(
        '/api/now/table/sys_dictionary?sysparm_query=name=u_fresh^elementISEMPTY&sysparm_exclude_reference_link=true',
      );
      assert.equal(own.json.result[0].internal_type, 'collection');
    });
  });
});
