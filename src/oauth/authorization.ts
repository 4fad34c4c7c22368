// The authorization endpoint and the two forms behind it: who asks, who is there, does that person allow it, and back with a code.
// Holds no session: every step carries its ticket, and a person signs in once for every client that asks.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Answer } from './answer.ts';
import { uncached } from './answer.ts';
import type { Attempts } from './attempts.ts';
import { type AuthorizeContext, authorizeChecks } from './authorize_checks.ts';
import type { Clients } from './clients.ts';
import type { Codes } from './codes.ts';
import { runFlow, settled } from './flow.ts';
import { isDuplicate } from './is_duplicate.ts';
import { OAuthRefusal } from './oauth_refusal.ts';
import { consentPage } from './pages/consent_page.ts';
import { faultPage } from './pages/fault_page.ts';
import { signInPage } from './pages/sign_in_page.ts';
import { type Parameters, readFormRequest } from './parameters.ts';
import type { People } from './people.ts';
import type { OAuthProperties } from './properties.ts';
import { withAnswer } from './redirect_uri.ts';
import type { ReportRefusal } from './report_refusal.ts';
import { splitScope } from './scope.ts';
import { browserCookie } from './sign_in_cookie.ts';
import type { AuthorizationAsked, Ticket, Tickets } from './tickets.ts';

export interface BrowserRequest {
  query: string;
  body: string;
  contentType: string | undefined;
  cookie: string | string[] | undefined;
  /** `Sec-Fetch-Site`, where the browser sends it. */
  fetchSite: string | undefined;
  isSecure: boolean;
  remoteAddress: string;
  transactionId: string;
}

export interface Authorization {
  /** GET /oauth_auth.do */
  start(request: BrowserRequest): Promise<Answer>;
  /** POST /oauth_login.do: one of the two forms. */
  submit(request: BrowserRequest): Promise<Answer>;
}

export interface AuthorizationParts {
  clock: Clock;
  ids: Ids;
  properties: OAuthProperties;
  clients: Clients;
  people: People;
  codes: Codes;
  tickets: Tickets;
  attempts: Attempts;
  report: ReportRefusal;
  /** Name → description of auth scopes, for the consent page. */
  describeScopes: (names: readonly string[]) => Promise<{ name: string; description: string }[]>;
  issuer: () => string;
}

const redirect = (uri: string): Answer => ({
  status: 303,
  headers: { location: uri, ...uncached, 'referrer-policy': 'no-referrer' },
  body: '',
});
const stale = (): Answer => faultPage(403, 'This page has expired, was opened in another browser, or was answered already.');

export const makeAuthorization = (parts: AuthorizationParts): Authorization => {
  const { ids, properties, clients, people, codes, tickets, attempts, issuer } = parts;

  /** RFC 9207: the answer says who gives it, so that a client of several servers cannot be made to mix them up. */
  const backToClient = (asked: { redirectUri: string; state: string }, answer: Record<string, string>): Answer =>
    redirect(withAnswer(asked.redirectUri, { ...answer, state: asked.state || undefined, iss: issuer() }));

  const report = (request: BrowserRequest, refusal: OAuthRefusal, leg: string, clientSysId: string): void =>
    parts.report({
      refusal,
      leg: `authorize:${leg}`,
      path: '/oauth_auth.do',
      clientSysId,
      userSysId: refusal.user,
      remoteAddress: request.remoteAddress,
      transactionId: request.transactionId,
    });

  const signIn = async (
    request: BrowserRequest,
    ticket: Extract<Ticket, { stage: 'sign_in' }>,
    form: Parameters,
    browser: string,
  ) => {
    const { asked } = ticket;
    const client = await clients.find(asked.clientId);
    if (!client?.isActive) return stale();
    const userName = form.get('user_name') ?? '';
    const again = (complaint: string): Answer =>
      signInPage({
        clientName: client.name,
        ticket: tickets.seal(ticket, browser),
        redirectUri: asked.redirectUri,
        userName,
        complaint,
      });
    const attemptKey = `sign_in\0${request.remoteAddress}\0${userName.toLowerCase()}`;
    if (attempts.waitSeconds(attemptKey) > 0) return again('There were too many failed attempts. Wait a few minutes.');
    const outcome = await people.signIn({
      userName,
      password: form.get('user_password') ?? '',
      transactionId: request.transactionId,
      remoteAddress: request.remoteAddress,
    });
    const reason = 'reason' in outcome ? outcome.reason : await people.whyNoSession(outcome.person);
    if ('reason' in outcome || reason !== undefined) {
      attempts.failed(attemptKey);
      const user = 'reason' in outcome ? outcome.userSysId : outcome.person.caller.userSysId;
      const refusal = new OAuthRefusal('access_denied', {
        description: 'The user could not sign in',
        reason: reason ?? 'bad_password',
        user,
      });
      report(request, refusal, 'signIn', client.sysId);
      // One sentence for every cause: the page must not tell who exists or is locked.
      return again('The user name or the password is not right, or this account may not sign in here.');
    }
    const { caller } = outcome.person;
    const consent: Ticket = { stage: 'consent', asked, userSysId: caller.userSysId, id: ids.randomToken(16) };
    return consentPage({
      clientName: client.name,
      comments: client.comments,
      displayName: caller.displayName,
      userName: caller.userName,
      scopes: await parts.describeScopes(splitScope(asked.scope)),
      redirectUri: asked.redirectUri,
      ticket: tickets.seal(consent, browser),
    });
  };

  const decide = async (
    request: BrowserRequest,
    ticket: Extract<Ticket, { stage: 'consent' }>,
    form: Parameters,
  ): Promise<Answer> => {
    const { asked } = ticket;
    const client = await clients.find(asked.clientId);
    const person = await people.bySysId(ticket.userSysId);
    if (!client?.isActive || person === undefined || (await people.whyNoSession(person)) !== undefined) return stale();
    if (form.get('decision') !== 'allow') {
      const refusal = new OAuthRefusal('access_denied', {
        description: 'The person said no',
        reason: 'consent_denied',
        user: ticket.userSysId,
      });
      report(request, refusal, 'decide', client.sysId);
      return backToClient(asked, { error: 'access_denied', error_description: 'The resource owner denied the request' });
    }
    try {
      const code = await codes.give({
        client,
        userSysId: ticket.userSysId,
        redirectUri: asked.redirectUri,
        wasRedirectSent: asked.wasRedirectSent,
        scope: { text: asked.scope, isNarrowed: asked.isScopeNarrowed },
        challenge: asked.challenge,
        ticket: ticket.id,
      });
      return backToClient(asked, { code });
    } catch (error) {
      if (isDuplicate(error)) return stale();
      throw error;
    }
  };

  return {
    async start(request) {
      const context: AuthorizeContext = { query: request.query, properties, clients };
      const outcome = await runFlow(authorizeChecks, context);
      const state = context.parameters?.get('state') ?? '';
      if (!outcome.ok) {
        if (!(outcome.error instanceof OAuthRefusal)) throw outcome.error;
        const refusal = outcome.error;
        report(request, refusal, outcome.leg, context.client?.sysId ?? '');
        if (context.redirectUri === undefined)
          return faultPage(refusal.error === 'temporarily_unavailable' ? 503 : 400, `${refusal.description}.`);
        return backToClient(
          { redirectUri: context.redirectUri, state },
          { error: refusal.error, error_description: refusal.description },
        );
      }
      const client = settled(context.client, 'client');
      const scope = settled(context.scope, 'scope');
      const asked: AuthorizationAsked = {
        clientId: client.clientId,
        redirectUri: settled(context.redirectUri, 'redirectUri'),
        wasRedirectSent: context.wasRedirectSent ?? false,
        scope: scope.text,
        isScopeNarrowed: scope.isNarrowed,
        state,
        challenge: settled(context.challenge, 'challenge'),
      };
      const known = browserCookie.read(request.cookie, request.isSecure);
      const made = known === '' ? browserCookie.make(ids, request.isSecure) : undefined;
      const ticket = tickets.seal({ stage: 'sign_in', asked }, made?.secret ?? known);
      return signInPage({ clientName: client.name, ticket, redirectUri: asked.redirectUri, cookie: made?.header });
    },

    async submit(request) {
      // The browser itself says that another site sent the form.
      if (request.fetchSite !== undefined && request.fetchSite !== 'same-origin') return stale();
      const form = readForm(request);
      const browser = browserCookie.read(request.cookie, request.isSecure);
      const text = form?.get('ticket') ?? '';
      const signingIn = tickets.open(text, 'sign_in', browser);
      if (form !== undefined && signingIn !== undefined) return signIn(request, signingIn, form, browser);
      const consenting = tickets.open(text, 'consent', browser);
      return form !== undefined && consenting !== undefined ? decide(request, consenting, form) : stale();
    },
  };
};

const readForm = (request: BrowserRequest): Parameters | undefined => {
  try {
    return readFormRequest({ ...request, query: '' }, true);
  } catch (error) {
    if (error instanceof OAuthRefusal) return undefined;
    throw error;
  }
};
