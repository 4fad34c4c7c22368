// /api/sn_sb/exchange_identity: who this instance is, and what an administrator says of one that was restored or copied. No rule lives here.
import type { Succession } from '../../exchange/incarnation/succession.ts';
import { Fault } from '../../kit/fault.ts';
import { type Caller, hasRole } from '../../records/caller.ts';
import type { Answer, Api, Asked, Operation } from '../api.ts';
import { withCode } from './messages.ts';

type Flags = { readonly dryRun: boolean; readonly force: boolean };

const bad = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.bad_admin_request', 'Exception while reading request', { explanation });

const flagsOf = async (asked: Asked): Promise<Flags> => {
  const body = asked.method === 'GET' ? undefined : await asked.json();
  if (body !== undefined && (body === null || typeof body !== 'object' || Array.isArray(body)))
    throw bad('The payload must be a JSON object.');
  const said = new Map<string, unknown>(Object.entries(body ?? {}));
  const yes = (name: string): boolean => {
    const value = said.get(name) ?? false;
    if (typeof value === 'boolean') return value;
    throw bad(`${name} must be true or false.`);
  };
  return { dryRun: yes('dry_run'), force: yes('force') };
};

const demand = (caller: Caller, ...roles: string[]): void => {
  if (hasRole(caller, ...roles)) return;
  throw new Fault('forbidden', 'exchange.admin_forbidden', 'User Not Authorized', {
    explanation: `This needs the role ${roles[0]}`,
  });
};

export const makeIdentityApi = ({ succession }: { succession: Succession }): Api => {
  const operation = (
    method: Operation['method'],
    path: string,
    summary: string,
    roles: readonly string[],
    handle: (by: string, flags: Flags) => Promise<unknown>,
  ): Operation => ({
    method,
    path,
    summary,
    produces: ['application/json'],
    handle: (asked): Promise<Answer> =>
      withCode(async () => {
        demand(asked.caller, ...roles);
        const result = await handle(asked.caller.userName, await flagsOf(asked));
        return { status: 200, body: JSON.stringify({ result }), headers: { 'Cache-Control': 'no-store' } };
      }),
  });
  const admin = ['sn_sb.admin'];
  return {
    name: 'sn_sb/exchange_identity',
    base: '/api/sn_sb/exchange_identity',
    versions: ['', 'v1'],
    operations: [
      operation('GET', '', 'Who this instance is, and whether it is quarantined', ['sn_sb.read', 'sn_sb.admin'], () =>
        succession.report(),
      ),
      operation('POST', '/adopt', 'This instance is the successor', admin, (by, { dryRun }) => succession.adopt(by, { dryRun })),
      operation('POST', '/detach', 'This instance is a copy', admin, (by, flags) => succession.detach(by, flags)),
    ],
  };
};
