// A person at a browser, as far as the sign-in needs one: keeps cookies, reads hidden fields, submits forms. Runs no script.
import { createHash } from 'node:crypto';
import type { Reply, Rig } from './part.ts';

export const verifier = 'a-verifier-of-more-than-forty-three-characters-0123456789';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

export interface Browser {
  open(query: Record<string, string> | string): Promise<Reply>;
  /** Submits the form of the page with these fields. */
  submit(page: Reply, fields: Record<string, string>, headers?: Record<string, string>): Promise<Reply>;
  /** Signs in, allows, and answers the address that the browser is sent to. */
  allow(query: Record<string, string>, user?: { name: string; password: string }): Promise<URL>;
  cookie: string;
}

export const hidden = (page: Reply): string => /name="ticket" value="([^"]*)"/.exec(page.text)?.[1] ?? '';

export const openBrowser = (rig: Rig): Browser => {
  const browser: Browser = {
    cookie: '',
    async open(query) {
      const text = typeof query === 'string' ? query : new URLSearchParams(query).toString();
      const page = await rig.send('GET', `/oauth_auth.do?${text}`, { headers: browser.cookie ? { cookie: browser.cookie } : {} });
      const set = page.headers.get('set-cookie');
      if (set !== null) browser.cookie = set.split(';')[0] ?? '';
      return page;
    },
    submit: (page, fields, headers = {}) =>
      rig.send('POST', '/oauth_login.do', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: browser.cookie, ...headers },
        body: new URLSearchParams({ ticket: hidden(page), ...fields }).toString(),
      }),
    async allow(query, user = { name: 'ada', password: 'river stone lamp' }) {
      const signIn = await browser.open(query);
      const consent = await browser.submit(signIn, { user_name: user.name, user_password: user.password });
      const done = await browser.submit(consent, { decision: 'allow' });
      const location = done.headers.get('location');
      if (location === null) throw new Error(`${signIn.status} ${consent.status} ${done.status} ${done.text}`);
      return new URL(location);
    },
  };
  return browser;
};
