// /api/sn_sb/exchange_admin: what an administrator does with connections; the commands `causeway exchange …` speak to it. No rule lives here.
import type { ExchangeAdmin } from '../../exchange/admin/exchange_admin.ts';
import type { OffboardOptions } from '../../exchange/offboard/offboard.ts';
import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import { hasRole } from '../../records/caller.ts';
import type { Answer, Api, Asked, Operation } from '../api.ts';
import { withCode } from './messages.ts';

type Body = ReadonlyMap<string, unknown>;

const bodyOf = async (asked: Asked): Promise<Body> => {
  const body = asked.method === 'GET' ? undefined : await asked.json();
  if (body === undefined) return new Map();
  if (isObject(body)) return new Map(Object.entries(body));
  throw bad('The payload must be a JSON object.');
};

const bad = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.bad_admin_request', 'Exception while reading request', { explanation });

const text = (body: Body, name: string, fallback?: string): string => {
  const value = body.get(name) ?? fallback;
  if (typeof value === 'string' && value !== '' && value.length <= 4000 && value.isWellFormed() && !value.includes('\0'))
    return value;
  if (value === '' && fallback === '') return '';
  throw bad(`${name} must be a text.`);
};

const yes = (body: Body, name: string): boolean => {
  const value = body.get(name) ?? false;
  if (typeof value === 'boolean') return value;
  throw bad(`${name} must be true or false.`);
};

/** What an export of undelivered messages held, where there was one. */
const exportedOf = (body: Body): Pick<OffboardOptions, 'exported'> => {
  const value = body.get('exported') ?? undefined;
  if (value === undefined) return {};
  const said = new Map(value !== null && typeof value === 'object' ? Object.entries(value) : []);
  const [rows, newest] = [said.get('rows'), said.get('newest')];
  if (!Number.isSafeInteger(rows) || rows < 0 || typeof newest !== 'string' || !/^(|[0-9a-f]{32})$/.test(newest))
    throw bad('exported must say how many rows, and the sys_id of the newest.');
  return { exported: { rows, newest } };
};

const offboarding = (body: Body): OffboardOptions => {
  const [dryRun, deleteTasks] = [yes(body, 'dry_run'), yes(body, 'delete_tasks')];
  if (deleteTasks && !dryRun && body.get('confirm') !== 'Delete')
    throw bad('Deleting tasks must be confirmed: confirm must be the word Delete.');
  return { dryRun, deleteTasks, dropUndelivered: yes(body, 'drop_undelivered'), ...exportedOf(body) };
};

/** The way to authenticate, where an invitation names one. */
const legacy = (body: Body): boolean => {
  const value = text(body, 'auth', '');
  if (['', 'legacy', 'client_credentials'].includes(value)) return value === 'legacy';
  throw bad('auth must be legacy or client_credentials.');
};

const demand = ({ caller }: Asked, ...roles: string[]): void => {
  if (hasRole(caller, ...roles)) return;
  throw new Fault('forbidden', 'exchange.admin_forbidden', 'User Not Authorized', {
    explanation: `This needs the role ${roles[0]}`,
  });
};

const said = (result: unknown): Answer => ({
  status: 200,
  body: JSON.stringify({ result }),
  headers: { 'Cache-Control': 'no-store' },
});

export const makeExchangeAdminApi = ({ exchangeAdmin }: { exchangeAdmin: ExchangeAdmin }): Api => {
  const operation = (
    method: Operation['method'],
    path: string,
    roles: readonly string[],
    handle: (asked: Asked, body: Body, number: string) => Promise<unknown>,
  ): Operation => ({
    method,
    path,
    produces: ['application/json'],
    handle: (asked) =>
      withCode(async () => {
        demand(asked, ...roles);
        return said(await handle(asked, await bodyOf(asked), asked.segments.get('number') ?? ''));
      }),
  });
  const admin = ['sn_sb.admin'];
  const one = '/connections/:number';

  return {
    name: 'sn_sb/exchange_admin',
    base: '/api/sn_sb/exchange_admin',
    versions: ['', 'v1'],
    operations: [
      operation('POST', '/invite', admin, ({ caller }, body) =>
        exchangeAdmin.invite(caller, {
          company: text(body, 'company'),
          peer: text(body, 'peer'),
          channel: text(body, 'channel', 'default'),
          legacy: legacy(body),
          enableGrant: yes(body, 'enable_grant'),
          dryRun: yes(body, 'dry_run'),
        }),
      ),
      operation('POST', '/accept', admin, ({ caller }, body) => {
        const [code, company] = [text(body, 'code'), text(body, 'company', '')];
        const request = { code, company, enableGrant: yes(body, 'enable_grant') };
        return yes(body, 'dry_run') ? exchangeAdmin.planAccept(request) : exchangeAdmin.accept(caller, request);
      }),
      operation('GET', '/connections', ['sn_sb.read', 'sn_sb.admin'], () => exchangeAdmin.status()),
      operation(
        'GET',
        one,
        ['sn_sb.read', 'sn_sb.admin'],
        async (_asked, _body, number) => (await exchangeAdmin.status(number))[0],
      ),
      operation('GET', '/definitions', ['sn_sb.read', 'sn_sb.admin'], () => exchangeAdmin.offers.list()),
      operation('POST', '/definitions/publish', admin, ({ caller }, body) =>
        exchangeAdmin.offers.publish(caller, text(body, 'definition'), { dryRun: yes(body, 'dry_run') }),
      ),
      operation('POST', '/definitions/activate', admin, ({ caller }, body) =>
        exchangeAdmin.offers.activate(caller, text(body, 'definition'), { dryRun: yes(body, 'dry_run') }),
      ),
      operation('POST', `${one}/probe`, admin, (_asked, _body, number) => exchangeAdmin.probe(number)),
      operation('POST', `${one}/retry`, admin, (_asked, _body, number) => exchangeAdmin.retry(number)),
      ...(['upgrade', 'rotate'] as const).map((kind) =>
        operation('POST', `${one}/auth/${kind}`, admin, ({ caller }, body, number) =>
          exchangeAdmin.changeAuth(number, {
            kind,
            dryRun: yes(body, 'dry_run'),
            enableGrant: yes(body, 'enable_grant'),
            askedBy: caller.userName,
          }),
        ),
      ),
      operation('POST', `${one}/auth/abort`, admin, (_asked, _body, number) => exchangeAdmin.abortAuth(number)),
      operation('POST', `${one}/address`, admin, (_asked, body, number) =>
        exchangeAdmin.move(number, { peer: text(body, 'peer'), dryRun: yes(body, 'dry_run') }),
      ),
      operation('POST', `${one}/offboard`, admin, (_asked, body, number) => exchangeAdmin.offboard(number, offboarding(body))),
      operation('POST', `${one}/abort`, admin, (_asked, body, number) =>
        exchangeAdmin.abort(number, { force: yes(body, 'force'), dryRun: yes(body, 'dry_run') }),
      ),
    ],
  };
};
