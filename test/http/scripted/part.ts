// An instance with scripted REST APIs, made through the Table API as an administrator makes them. For the tests of this folder.
import assert from 'node:assert/strict';
import type { Engine } from '../../parts/engines.ts';
import { runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

type Values = Record<string, string>;

/** The wrapping that the original gives every operation. */
export const processing = (body: string): string =>
  `(function process(/*RESTAPIRequest*/ request, /*RESTAPIResponse*/ response) {\n${body}\n})(request, response);`;

export const openScripted = async (engine: Engine) => {
  const running = await runInstance(engine);
  const { ask } = running;

  const save = (table: string, values: Values) =>
    ask(`/api/now/table/${table}?sysparm_exclude_reference_link=true`, { headers: json, body: JSON.stringify(values) });
  const make = async (table: string, values: Values): Promise<Values> => {
    const said = await save(table, values);
    assert.equal(said.status, 201, said.text);
    return said.json.result;
  };
  const change = async (table: string, sysId: string, values: Values) =>
    ask(`/api/now/table/${table}/${sysId}?sysparm_exclude_reference_link=true`, {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify(values),
    });
  const remove = (table: string, sysId: string) => ask(`/api/now/table/${table}/${sysId}`, { method: 'DELETE' });

  const makeApi = (serviceId: string, values: Values = {}) =>
    make('sys_ws_definition', { name: serviceId, service_id: serviceId, namespace: 'x_test', ...values });
  /** `body` is what stands inside the function. */
  const operationOf = (api: Values, body: string, values: Values = {}): Values => ({
    name: 'operation',
    web_service_definition: api.sys_id ?? '',
    operation_script: processing(body),
    ...values,
  });
  const makeOperation = (api: Values, body: string, values: Values = {}) =>
    make('sys_ws_operation', operationOf(api, body, values));

  const makeUser = async (userName: string, password: string, roles: readonly string[] = []): Promise<Values> => {
    const user = await make('sys_user', { user_name: userName, user_password: password, last_name: userName });
    for (const name of roles) {
      const [role] = (await ask(`/api/now/table/sys_user_role?sysparm_query=name=${name}`)).json.result;
      await make('sys_user_has_role', { user: user.sys_id ?? '', role: role.sys_id });
    }
    return user;
  };
  return { ...running, save, make, change, remove, makeApi, operationOf, makeOperation, makeUser };
};
