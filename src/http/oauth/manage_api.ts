// Manage Tokens and rotation of client secrets, under this product's own namespace. No rule lives here.
import { Fault } from '../../kit/fault.ts';
import type { ManageTokens, TokenFilter } from '../../oauth/manage_tokens.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { pageOf } from '../table/list_request.ts';
import { pageLinks } from '../table/page_links.ts';

export interface ManageParts {
  manageTokens: ManageTokens;
}

const say = (result: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: JSON.stringify({ result }),
  headers: { 'Cache-Control': 'no-store', ...headers },
});

const mostTokens = 1_000;

const list = async (manageTokens: ManageTokens, asked: Asked): Promise<Answer> => {
  const { limit: wanted, offset } = pageOf(asked);
  const page = { limit: Math.min(wanted, mostTokens), offset };
  const filter = filterFrom((name) => asked.parameters.get(name));
  const tokens = await manageTokens.list(asked.caller, filter, page);
  const link = pageLinks(`${asked.base}${asked.path}`, asked.parameters, page, { rowCount: tokens.length, total: undefined });
  return say(tokens, link === '' ? {} : { Link: link });
};

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value : undefined;

const filterFrom = (read: (name: string) => unknown): TokenFilter => {
  const filter: TokenFilter = {};
  for (const name of ['user', 'client', 'token'] as const) {
    const value = read(name);
    if (value === undefined || value === '') continue;
    filter[name] = word(value);
    if (filter[name] === undefined) {
      throw new Fault('bad_request', 'http.sys_id_expected', 'Invalid parameter', { explanation: `${name} must be a sys_id` });
    }
  }
  return filter;
};

const bodyReader = async (asked: Asked): Promise<(name: string) => unknown> => {
  const body = await asked.json();
  const members = new Map<string, unknown>(typeof body === 'object' && body !== null ? Object.entries(body) : []);
  return (name) => members.get(name);
};

export const makeManageApi = ({ manageTokens }: ManageParts): Api => ({
  name: 'causeway/oauth',
  base: '/api/causeway/oauth',
  versions: [''],
  operations: [
    {
      method: 'GET',
      path: '/tokens',
      produces: ['application/json'],
      handle: (asked) => list(manageTokens, asked),
    },
    {
      method: 'POST',
      path: '/tokens/revoke',
      produces: ['application/json'],
      handle: async (asked) =>
        say({ revoked: await manageTokens.revoke(asked.caller, filterFrom(await bodyReader(asked)), asked.transactionId) }),
    },
    {
      method: 'POST',
      path: '/clients/:sys_id/secret',
      produces: ['application/json'],
      handle: async (asked) => {
        const sysId = asked.segments.get('sys_id') ?? '';
        const endsFormer = asked.parameters.get('end_former') === 'true';
        return say({ client_secret: await manageTokens.replaceSecret(asked.caller, sysId, { endsFormer }) });
      },
    },
  ],
});
