// A page of the sign-in, as an answer. Must never put anything into a page that has not gone through `escapeHtml`.
import type { Answer } from '../answer.ts';
import { uncached } from '../answer.ts';
import { ownCodePage } from '../redirect_uri.ts';
import { makeFrame } from './frame.ts';

const frame = makeFrame(`main{max-width:28rem;margin:clamp(0rem,8vh,6rem) auto;padding:1.5rem}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{width:100%;padding:.6rem;font:inherit;border:1px solid var(--line);border-radius:.3rem;background:Field;color:FieldText}
button{margin:1.25rem .75rem 0 0;padding:.6rem 1.4rem;font:inherit;font-weight:600;border:2px solid var(--chief);border-radius:.3rem;background:Canvas;color:var(--chief);cursor:pointer}
button.chief{background:var(--chief);color:var(--on-chief)}
.alert{padding:.75rem;border:2px solid var(--bad);border-radius:.3rem}
.address{overflow-wrap:anywhere}`);

/**
 * Browsers hold the redirect that answers a form to the same rule as the form itself, so the client's address must be among the targets.
 * An IPv6 literal cannot be written as one.
 */
const formTargets = (redirectUri: string | undefined): string => {
  if (redirectUri === undefined || redirectUri === ownCodePage) return "'self'";
  const url = new URL(redirectUri);
  const isWeb = url.protocol === 'https:' || (url.protocol === 'http:' && !url.hostname.startsWith('['));
  return `'self' ${isWeb ? url.origin : url.protocol}`;
};

export interface PageOptions {
  status: number;
  title: string;
  /** HTML of the main part, already escaped. */
  main: string;
  /** Where a form on the page may end up. */
  redirectUri?: string;
  cookie?: string;
}

export const page = ({ status, title, main, redirectUri, cookie }: PageOptions): Answer => ({
  status,
  headers: {
    'content-type': 'text/html;charset=UTF-8',
    ...uncached,
    ...frame.headers(formTargets(redirectUri)),
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  },
  body: frame.render({ title: `${title} · Causeway`, heading: title, main }),
});
