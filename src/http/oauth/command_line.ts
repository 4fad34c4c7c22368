// The two addresses that the vendor's command line signs in by: a form that opens a session, and the question who one is.
// No rule lives here.
import type { Identity } from '../../identity/identity.ts';
import { isFault } from '../../kit/fault.ts';
import type { OAuthRoom } from '../../oauth/oauth.ts';
import { OAuthRefusal } from '../../oauth/oauth_refusal.ts';
import { codePage } from '../../oauth/pages/code_page.ts';
import { readFormRequest, readParameters } from '../../oauth/parameters.ts';
import { sessionCookie, sessionCookieLine } from '../../oauth/sessions.ts';
import type { Answer } from '../api.ts';
import { refusal } from '../faults.ts';
import type { OpenDoor, OpenRequest } from '../open_door.ts';
import { sent } from './sent.ts';

const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body: JSON.stringify(value),
  contentType: 'application/json',
  headers: { 'Cache-Control': 'no-store', ...headers },
});

export const makeCommandLineDoors = (room: OAuthRoom, identity: Identity): readonly OpenDoor[] => {
  const { carriedTokens } = room;
  const setCookie = (value: string, { base }: Pick<OpenRequest, 'base'>) => ({ 'Set-Cookie': sessionCookieLine(value, base) });

  const login = async (request: OpenRequest): Promise<Answer> => {
    const contentType = String(request.headers['content-type'] ?? '');
    const form = readFormRequest({ contentType, body: request.body, query: '' }, true);
    const opened = await room.sessions.open({
      userName: form.get('user_name') ?? '',
      password: form.get('user_password') ?? '',
      transactionId: request.transactionId,
      remoteAddress: request.remoteAddress,
    });
    // The one sentence for every cause.
    if ('reason' in opened) return json(200, { status: 'error', message: 'User name or password invalid' });
    return json(200, { status: 'success', message: '' }, setCookie(opened.cookie, request));
  };

  const whoAmI = async (asked: OpenRequest): Promise<Answer> => {
    const request = carriedTokens.unpack(asked);
    const { authorization, cookie: cookies, 'x-sn-apikey': apiKey } = request.headers;
    // Whoever shows nothing is nobody, and is given the cookie that his token may be carried in.
    if (authorization === undefined && cookies === undefined && apiKey === undefined)
      return json(200, { result: { user_id: '', user_name: 'guest' } }, setCookie(carriedTokens.blank, request));
    try {
      const { caller } = await identity.identify({ ...request });
      return json(200, { result: { user_id: caller.userSysId, user_name: caller.userName } });
    } catch (error) {
      if (!isFault(error) || error.kind !== 'unauthenticated') throw error;
      // Only whoever holds the cookie itself can read this header: pages of other sites cannot.
      const cookie = request.headers.authorization === undefined ? sessionCookie(request) : undefined;
      if (cookie === undefined) return refusal;
      const userToken = carriedTokens.userTokenOf(cookie) ?? (await room.sessions.read(cookie))?.userToken;
      if (userToken === undefined) return refusal;
      return {
        ...refusal,
        headers: { ...refusal.headers, 'X-UserToken-Response': userToken, 'Cache-Control': 'no-store' },
      };
    }
  };

  const angular = async (request: OpenRequest): Promise<Answer> => {
    try {
      const type = readParameters(request.query).get('sysparm_type');
      if (type === 'view_form.login') return await login(request);
      if (type === 'get_user') return await whoAmI(request);
    } catch (error) {
      if (!(error instanceof OAuthRefusal)) throw error;
    }
    return json(400, { status: 'error', message: 'Not supported' });
  };

  const showCode = async (request: OpenRequest): Promise<Answer> => {
    try {
      return sent(codePage(readParameters(request.query)));
    } catch (error) {
      if (error instanceof OAuthRefusal) return sent(codePage(new Map()));
      throw error;
    }
  };

  return [
    { name: 'angular', path: '/angular.do', methods: { POST: angular }, bodyLimitBytes: 65_536 },
    { name: 'sdk_oauth', path: '/sdk-oauth.do', methods: { GET: showCode }, bodyLimitBytes: 0 },
  ];
};
